import { isAcceptedText, type MetadataRules } from '@imago/core'
import type { FieldDisposition } from './disposition.ts'
import { FIELD_LABELS, type ImageMetadata } from './read-metadata.ts'
import { toLabelKey, toLabelValue, TOO_LONG, toPropertyName } from './label-text.ts'
import type { TargetSupport } from './target-support.ts'

/** Labels, tags and properties in the form that the target supports. */
export interface TranslatedEntries {
  readonly labels: Map<string, string>
  readonly tags: Set<string>
  readonly properties: Map<string, string>
  readonly dispositions: FieldDisposition[]
}

type EntryField = 'labels' | 'tags' | 'properties'

const kept = (field: EntryField, entry: string, value: string): FieldDisposition => ({
  field,
  entry,
  disposition: 'kept',
  from: value,
  to: value,
  reason: null,
})
const translated = (field: EntryField, entry: string, from: string, to: string, why: string): FieldDisposition => ({
  field,
  entry,
  disposition: 'translated',
  from,
  to,
  reason: why,
})
const lost = (field: EntryField, entry: string, from: string, why: string): FieldDisposition => ({
  field,
  entry,
  disposition: 'lost',
  from,
  to: null,
  reason: why,
})

const UNSUPPORTED = 'the target does not support it'
const NO_LABEL = 'the target does not accept it as a label'

/** Sorts by code units, which does not depend on the locale. */
const sorted = <V>(entries: Iterable<readonly [string, V]>): readonly (readonly [string, V])[] =>
  [...entries].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))

const putLabel = (
  entries: TranslatedEntries,
  takes: TargetSupport,
  rules: MetadataRules,
  key: string,
  value: string,
): void => {
  const { labels, properties, dispositions } = entries
  const name = toPropertyName(key)
  if (takes.labels) {
    labels.set(key, value)
    dispositions.push(kept('labels', key, value))
  } else if (!takes.properties) dispositions.push(lost('labels', key, value, UNSUPPORTED))
  else if (name === null || !isAcceptedText(name, rules.propertyName))
    dispositions.push(lost('labels', key, value, 'its key cannot become a property name at the target'))
  else {
    properties.set(name, value)
    dispositions.push(
      translated(
        'labels',
        key,
        value,
        `${name}=${value}`,
        'as a property, which becomes the label again at a provider with labels',
      ),
    )
  }
}

const putProperty = (
  entries: TranslatedEntries,
  takes: TargetSupport,
  rules: MetadataRules,
  name: string,
  value: string,
): void => {
  const { labels, properties, dispositions } = entries
  if (takes.properties) {
    properties.set(name, value)
    dispositions.push(kept('properties', name, value))
    return
  }
  if (!takes.labels) return void dispositions.push(lost('properties', name, value, UNSUPPORTED))
  const key = toLabelKey('property', name)
  const text = toLabelValue(value)
  if (key === null || text === null) return void dispositions.push(lost('properties', name, value, TOO_LONG))
  if (!isAcceptedText(key, rules.labelKey) || !isAcceptedText(text, rules.labelValue))
    return void dispositions.push(lost('properties', name, value, NO_LABEL))
  labels.set(key, text)
  dispositions.push(
    translated(
      'properties',
      name,
      value,
      `${key}=${text}`,
      'as a label, which becomes the property again at a provider with properties',
    ),
  )
}

const putTag = (entries: TranslatedEntries, takes: TargetSupport, rules: MetadataRules, tag: string): void => {
  const { labels, tags, dispositions } = entries
  if (takes.tags) {
    tags.add(tag)
    dispositions.push(kept('tags', tag, tag))
    return
  }
  if (!takes.labels) return void dispositions.push(lost('tags', tag, tag, UNSUPPORTED))
  const key = toLabelKey('tag', tag)
  if (key === null) return void dispositions.push(lost('tags', tag, tag, TOO_LONG))
  if (!isAcceptedText(key, rules.labelKey) || !isAcceptedText('', rules.labelValue))
    return void dispositions.push(lost('tags', tag, tag, NO_LABEL))
  labels.set(key, '')
  dispositions.push(
    translated(
      'tags',
      tag,
      tag,
      key,
      'as a label without a value, which becomes the tag again at a provider with tags',
    ),
  )
}

/** Translates labels, tags and properties to what the target supports under its `rules`. */
export const translateEntries = (
  content: Pick<ImageMetadata, 'labels' | 'tags' | 'properties' | 'dropped'>,
  takes: TargetSupport,
  rules: MetadataRules,
): TranslatedEntries => {
  const entries: TranslatedEntries = { labels: new Map(), tags: new Set(), properties: new Map(), dispositions: [] }
  for (const [key, value] of sorted(content.labels)) putLabel(entries, takes, rules, key, value)
  for (const [tag] of sorted([...content.tags].map((tag) => [tag, null] as const))) putTag(entries, takes, rules, tag)
  for (const [name, value] of sorted(content.properties)) putProperty(entries, takes, rules, name, value)
  for (const { field, entry, value, reason } of content.dropped)
    entries.dispositions.push({ field, entry, disposition: 'lost', from: value, to: null, reason })
  return entries
}

/** Stores a field in a label of the target, and returns the label; `null`: it does not fit. */
export const putField = (
  labels: Map<string, string>,
  field: keyof typeof FIELD_LABELS,
  value: string,
): string | null => {
  const key = toLabelKey('field', FIELD_LABELS[field])
  const text = toLabelValue(value)
  if (key === null || text === null) return null
  labels.set(key, text)
  return `${key}=${text}`
}
