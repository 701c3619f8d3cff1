import type { FieldName, Image, NewImage } from '@imago/core'
import { keep, lose, override, translate, type FieldDisposition } from './disposition.ts'
import { planFinalSettings, type FinalSettings } from './final-settings.ts'
import type { MachineDescription } from './machine-description.ts'
import { translateOtherFields } from './other-fields.ts'
import { readMetadata, type ImageMetadata } from './read-metadata.ts'
import type { RecordOverrides } from './record-overrides.ts'
import { findFieldProperty, findTargetProperty, type BothRules } from './rules.ts'
import type { TargetSupport } from './target-support.ts'
import { putField, translateEntries } from './translate-entries.ts'

/** The metadata of the new image, except its format. */
export interface TranslatedMetadata {
  readonly request: Omit<NewImage, 'diskFormat' | 'containerFormat' | 'id' | 'visibility'>
  readonly finish: FinalSettings
  readonly dispositions: readonly FieldDisposition[]
}

/** What a target supports, under the rules of source and target. */
export interface TranslationContext {
  readonly support: TargetSupport
  readonly rules: BothRules
  /** Whether the disk is converted to another format. */
  readonly isConverted: boolean
}

/** Name and description of the new image. If the target has no names, the description is what users see. */
const translateName = (
  image: Image | null,
  metadata: ImageMetadata,
  support: TargetSupport,
  overrides: RecordOverrides,
  labels: Map<string, string>,
  fallback: string,
  dispositions: FieldDisposition[],
): { readonly name: string; readonly description: string | null } => {
  const name = overrides.name ?? metadata.name
  const description = overrides.description ?? metadata.description
  const from = {
    name: image === null ? null : metadata.name,
    description: image === null ? null : metadata.description,
  }
  const text = description === '' ? null : description
  if (support.name) {
    const chosen = name ?? text ?? fallback
    dispositions.push(
      name !== null
        ? override('name', from.name, name)
        : translate(
            'name',
            null,
            chosen,
            text === null
              ? 'the source has no name: derived from its file name or ID'
              : 'the source has no name: taken from its description',
          ),
    )
    if (description !== null) dispositions.push(override('description', from.description, description))
    return { name: chosen, description }
  }
  const chosen = name ?? fallback
  if (text === null) {
    if (support.labels && name !== null) putField(labels, 'describedByName', '')
    dispositions.push(translate('name', from.name, chosen, 'as the description: the target does not support names'))
    return { name: chosen, description: chosen }
  }
  dispositions.push(override('description', from.description, text))
  if (name !== null) {
    const label = support.labels ? putField(labels, 'name', name) : null
    dispositions.push(
      label === null
        ? lose('name', name, 'the target does not support names, and the name does not fit into a label')
        : translate('name', name, label, 'as a label: the target does not support names'),
    )
  }
  return { name: chosen, description: text }
}

/** A minimum size of the new image; `null`: none, or stored in a label. */
const translateSize = (
  field: 'minDisk' | 'minRam',
  value: number | null,
  support: TargetSupport,
  labels: Map<string, string>,
  dispositions: FieldDisposition[],
): number | null => {
  if (value === null || value === 0) return null
  const path: FieldName = `size.${field}`
  if (support[field]) {
    dispositions.push(keep(path, String(value)))
    return value
  }
  const label = support.labels ? putField(labels, field, String(value)) : null
  dispositions.push(
    label === null
      ? lose(path, String(value), 'the target does not support it')
      : translate(path, String(value), label, 'as a label'),
  )
  return null
}

const EMPTY: ImageMetadata = {
  name: null,
  description: null,
  labels: new Map(),
  tags: new Set(),
  properties: new Map(),
  minDisk: null,
  minRam: null,
  dropped: [],
}

const applyOverrides = (
  metadata: ImageMetadata,
  { labels = {}, tags = [], properties = {}, minDisk, minRam }: RecordOverrides,
): ImageMetadata => ({
  ...metadata,
  labels: new Map([...metadata.labels, ...Object.entries(labels)]),
  tags: new Set([...metadata.tags, ...tags]),
  properties: new Map([...metadata.properties, ...Object.entries(properties)]),
  minDisk: minDisk ?? metadata.minDisk,
  minRam: minRam ?? metadata.minRam,
})

/**
 * Translates the metadata of `image` to the target. `null`: a source without an image record, which `machine` may describe.
 * Labels, tags and properties get their original form back when the new image is transferred to a provider that supports them.
 */
export const translateMetadata = (
  image: Image | null,
  { support, rules, isConverted }: TranslationContext,
  overrides: RecordOverrides,
  fallbackName: string,
  machine: MachineDescription | null = null,
): TranslatedMetadata => {
  const dispositions: FieldDisposition[] = []
  const metadata = applyOverrides(
    image === null
      ? { ...EMPTY, minDisk: machine?.minDisk ?? null, minRam: machine?.minRam ?? null }
      : readMetadata(image, rules, isConverted),
    overrides,
  )
  const described = image ?? machine
  const allProperties = new Map(metadata.properties)
  if (described !== null) dispositions.push(...translateOtherFields(described, allProperties, support, rules))
  const architecture = overrides.architecture ?? described?.architecture ?? null
  const property = findFieldProperty(rules, 'architecture')?.property ?? null
  const targetProperty = findTargetProperty(rules, 'architecture')?.property ?? null
  // The request contains the architecture if the target has no property for it.
  if (property !== null && (!support.properties || overrides.architecture !== undefined)) allProperties.delete(property)
  const entries = translateEntries({ ...metadata, properties: allProperties }, support, rules.target)
  const { labels, tags, properties } = entries
  const { name, description } = translateName(image, metadata, support, overrides, labels, fallbackName, dispositions)
  const minDisk = translateSize('minDisk', metadata.minDisk, support, labels, dispositions)
  const minRam = translateSize('minRam', metadata.minRam, support, labels, dispositions)
  if (architecture !== null)
    dispositions.push(
      architecture === described?.architecture
        ? keep('architecture', architecture, image === null ? (machine?.reason ?? null) : null)
        : translate('architecture', described?.architecture ?? null, architecture, 'as requested'),
    )
  const finish = planFinalSettings(image, support, overrides, dispositions)
  const isInProperty = targetProperty !== null && properties.has(targetProperty)
  return {
    request: {
      name,
      ...(description === null ? {} : { description }),
      ...(architecture === null || isInProperty ? {} : { architecture }),
      ...(labels.size === 0 ? {} : { labels: Object.fromEntries(labels) }),
      ...(tags.size === 0 ? {} : { tags: [...tags] }),
      ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(minDisk === null ? {} : { minDisk }),
      ...(minRam === null ? {} : { minRam }),
    },
    finish,
    dispositions: [...dispositions, ...entries.dispositions],
  }
}
