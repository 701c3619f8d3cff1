import { RUN_LABEL, type Image } from '@imago/core'
import { fromLabelKey, fromLabelValue, fromPropertyName, isLabel } from './label-text.ts'
import { findFieldProperty, isFormatProperty, findLabelRefusal, findPropertyRefusal, type BothRules } from './rules.ts'

/** An entry that is not transferred. */
export interface DroppedEntry {
  readonly field: 'labels' | 'properties'
  readonly entry: string
  readonly value: string | null
  readonly reason: string
}

/** The metadata that users set on an image. Entries that an earlier transfer translated have their original form. */
export interface ImageMetadata {
  readonly name: string | null
  readonly description: string | null
  readonly labels: ReadonlyMap<string, string>
  readonly tags: ReadonlySet<string>
  readonly properties: ReadonlyMap<string, string>
  readonly minDisk: number | null
  readonly minRam: number | null
  readonly dropped: readonly DroppedEntry[]
}

/** Names of the labels that store fields. */
export const FIELD_LABELS = {
  name: 'name',
  describedByName: 'described-by-name',
  minDisk: 'min-disk',
  minRam: 'min-ram',
} as const

const parseCount = (text: string | undefined): number | null =>
  text !== undefined && /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : null

/** Reads the metadata of `image`. `isConverted`: its disk is converted to another format. */
export const readMetadata = (image: Image, rules: BothRules, isConverted: boolean): ImageMetadata => {
  const labels = new Map<string, string>()
  const tags = new Set(image.tags)
  const properties = new Map<string, string>()
  const fields = new Map<string, string>()
  const dropped: DroppedEntry[] = []
  for (const [key, value] of Object.entries(image.labels)) {
    const original = fromLabelKey(key)
    const text = fromLabelValue(value)
    const reason = findLabelRefusal(rules, key)
    if (reason !== null) dropped.push({ field: 'labels', entry: key, value, reason })
    else if (original?.kind === 'property' && text !== null && findPropertyRefusal(rules, original.text) === null)
      properties.set(original.text, text)
    else if (original?.kind === 'tag' && value === '') tags.add(original.text)
    else if (
      original?.kind === 'field' &&
      text !== null &&
      (Object.values(FIELD_LABELS) as readonly string[]).includes(original.text)
    )
      fields.set(original.text, text)
    else labels.set(key, value)
  }
  for (const [name, value] of Object.entries(image.properties)) {
    const label = fromPropertyName(name)
    const reason = findPropertyRefusal(rules, name)
    if (reason !== null) dropped.push({ field: 'properties', entry: name, value, reason })
    else if (value === null) dropped.push({ field: 'properties', entry: name, value, reason: 'it has no value' })
    else if (label !== null && isLabel(label, value) && findLabelRefusal(rules, label) === null)
      labels.set(label, value)
    else properties.set(name, value)
  }
  if (isConverted) {
    for (const [entry, value] of properties) {
      if (!isFormatProperty(rules, entry)) continue
      properties.delete(entry)
      dropped.push({ field: 'properties', entry, value, reason: 'describes the bytes before the conversion' })
    }
  }
  // The description field already has this value.
  const described = findFieldProperty(rules, 'description')?.property
  if (described !== undefined && properties.get(described) === image.description) properties.delete(described)
  const isImported = Object.hasOwn(image.labels, RUN_LABEL)
  const describedByName = fields.has(FIELD_LABELS.describedByName)
  return {
    name: describedByName ? image.description : (fields.get(FIELD_LABELS.name) ?? image.name),
    description: describedByName ? null : image.description,
    labels,
    tags,
    properties,
    // The provider reports the disk of the temporary server for images that a run created.
    minDisk: parseCount(fields.get(FIELD_LABELS.minDisk)) ?? (isImported ? null : image.size.minDisk),
    minRam: parseCount(fields.get(FIELD_LABELS.minRam)) ?? image.size.minRam,
    dropped,
  }
}
