import type { Image } from '@imago/core'
import { fromLabelKey, fromLabelValue, fromPropertyName, isLabel } from './label-text.ts'
import { findFieldProperty, isFormatProperty, findLabelRefusal, findPropertyRefusal, type BothRules } from './rules.ts'
import { RUN_LABEL } from './run-tags.ts'

/** An entry that does not travel. */
export interface DroppedEntry {
  readonly field: 'labels' | 'properties'
  readonly entry: string
  readonly value: string | null
  readonly reason: string
}

/** What a user has said of an image, in its own terms: entries that imago translated when it brought the image here are translated back. */
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

/** The labels that stand for fields. */
export const FIELD_LABELS = {
  name: 'name',
  describedByName: 'described-by-name',
  minDisk: 'min-disk',
  minRam: 'min-ram',
} as const

const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : null

/** What is told of `image` in labels, properties, tags, name and description. `isConverted`: its bytes become another format. Pure; total. */
export const readMetadata = (image: Image, rules: BothRules, isConverted: boolean): ImageMetadata => {
  const labels = new Map<string, string>()
  const tags = new Set(image.tags)
  const properties = new Map<string, string>()
  const fields = new Map<string, string>()
  const dropped: DroppedEntry[] = []
  for (const [key, value] of Object.entries(image.labels)) {
    const meant = fromLabelKey(key)
    const text = fromLabelValue(value)
    const why = findLabelRefusal(rules, key)
    if (why !== null) dropped.push({ field: 'labels', entry: key, value, reason: why })
    else if (meant?.kind === 'property' && text !== null && findPropertyRefusal(rules, meant.text) === null)
      properties.set(meant.text, text)
    else if (meant?.kind === 'tag' && value === '') tags.add(meant.text)
    else if (
      meant?.kind === 'field' &&
      text !== null &&
      (Object.values(FIELD_LABELS) as readonly string[]).includes(meant.text)
    )
      fields.set(meant.text, text)
    else labels.set(key, value)
  }
  for (const [name, value] of Object.entries(image.properties)) {
    const label = fromPropertyName(name)
    const why = findPropertyRefusal(rules, name)
    if (why !== null) dropped.push({ field: 'properties', entry: name, value, reason: why })
    else if (value === null) dropped.push({ field: 'properties', entry: name, value, reason: 'it has no value' })
    else if (label !== null && isLabel(label, value) && findLabelRefusal(rules, label) === null)
      labels.set(label, value)
    else properties.set(name, value)
  }
  if (isConverted) {
    for (const [entry, value] of properties) {
      if (!isFormatProperty(rules, entry)) continue
      properties.delete(entry)
      dropped.push({ field: 'properties', entry, value, reason: 'describes the bytes before they are converted' })
    }
  }
  // The field says it already.
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
    // Of an image that a run made, the provider knows the disk of the server that helped.
    minDisk: countOf(fields.get(FIELD_LABELS.minDisk)) ?? (isImported ? null : image.size.minDisk),
    minRam: countOf(fields.get(FIELD_LABELS.minRam)) ?? image.size.minRam,
    dropped,
  }
}
