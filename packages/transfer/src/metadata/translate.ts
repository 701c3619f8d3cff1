import type { FieldName, Image, NewImage, Visibility } from '@imago/core'
import type { FieldDisposition } from './disposition.ts'
import type { FinalSettings } from './final-settings.ts'
import type { RecordOverrides } from './record-overrides.ts'
import { readMetadata, type ImageMetadata } from './read-metadata.ts'
import type { MachineDescription } from './machine-description.ts'
import { translateEntries, putField } from './translate-entries.ts'
import { findFieldProperty, findTargetProperty, type BothRules } from './rules.ts'
import type { TargetSupport } from './target-support.ts'

/** What a target is told of an image, but for its format. */
export interface TranslatedMetadata {
  readonly request: Omit<NewImage, 'diskFormat' | 'containerFormat' | 'id' | 'visibility'>
  readonly finish: FinalSettings
  readonly dispositions: readonly FieldDisposition[]
}

const disposition = (
  field: FieldName,
  word: FieldDisposition['disposition'],
  from: string | null,
  to: string | null,
  why: string | null,
): FieldDisposition => ({ field, entry: null, disposition: word, from, to, reason: why })
const same = (field: FieldName, value: string): FieldDisposition => disposition(field, 'kept', value, value, null)

/** What a target that has `takes` can be told, under the rules of both ends. */
export interface TranslationContext {
  readonly support: TargetSupport
  readonly rules: BothRules
  /** Whether the bytes become another format. */
  readonly isConverted: boolean
}

type Told = Pick<Image, 'os' | 'boot'>

/** Fields that a request has no place for, and that a provider may keep in properties. */
const SYSTEM_FIELDS: readonly (readonly [FieldName, (told: Told) => string | null])[] = [
  ['os.family', ({ os }) => os.family],
  ['os.distro', ({ os }) => os.distro],
  ['os.version', ({ os }) => os.version],
  ['os.defaultUser', ({ os }) => os.defaultUser],
  ['boot.firmware', ({ boot }) => boot.firmware],
  ['boot.secureBoot', ({ boot }) => boot.secureBoot],
]

/** Properties that say what fields say. */
const withFieldProperties = (
  image: Told,
  { properties }: ImageMetadata,
  { support, rules }: TranslationContext,
  dispositions: FieldDisposition[],
): ReadonlyMap<string, string> => {
  const all = new Map(properties)
  for (const [field, read] of SYSTEM_FIELDS) {
    const value = read(image)
    if (value === null) continue
    const rule = findFieldProperty(rules, field)
    const name = rule?.property ?? ''
    const own = findTargetProperty(rules, field)
    const isWritten = own?.from === 'properties' && (own.values === null || own.values.includes(value))
    if (rule !== null && all.has(name))
      dispositions.push(
        disposition(field, support.properties ? 'kept' : 'translated', value, value, `with the property ${name}`),
      )
    else if (isWritten && support.properties) {
      all.set(name, value)
      dispositions.push(disposition(field, 'translated', value, `${name}=${value}`, 'as a property'))
    } else if (isWritten && support.labels) {
      all.set(name, value)
      dispositions.push(disposition(field, 'translated', value, value, `with the property ${name}`))
    } else
      dispositions.push(
        disposition(
          field,
          'lost',
          value,
          null,
          own?.from === 'properties' && (support.properties || support.labels)
            ? 'the target has no word for it'
            : 'the target says it itself, or has no place for it',
        ),
      )
  }
  return all
}

/** Fields that every target says for itself, or that point into one cloud. */
const NEVER: readonly (readonly [FieldName, (image: Image) => string | null, string])[] = [
  ['ref.id', ({ ref }) => ref.id, 'the new image gets an id of its own'],
  ['kind', ({ kind }) => (kind === 'unknown' ? null : kind), 'the target’s to say'],
  ['owner', ({ owner }) => owner, 'whoever makes the new image owns it'],
  ['rapidDeploy', ({ rapidDeploy }) => (rapidDeploy === true ? 'true' : null), 'the provider’s to say'],
  ['createdAt', ({ createdAt }) => createdAt, 'the new image has a date of its own'],
  ['updatedAt', ({ updatedAt }) => updatedAt, 'the new image has a date of its own'],
  ['deprecatedAt', ({ deprecatedAt }) => deprecatedAt, 'the provider’s to say'],
  [
    'origins',
    ({ origins }) =>
      origins.length === 0
        ? null
        : origins.map(({ relation, kind, id, name }) => `${relation} ${kind} ${id ?? name ?? ''}`.trim()).join(', '),
    'points into the cloud it comes from',
  ],
  ['stores', ({ stores }) => (stores.length === 0 ? null : stores.join(', ')), 'the target’s stores are its own'],
]

const neverFates = (image: Image, rules: BothRules): readonly FieldDisposition[] => {
  const dispositions = NEVER.flatMap(([field, read, why]) => {
    const value = read(image)
    return value === null ? [] : [disposition(field, 'lost', value, null, why)]
  })
  const until = image.unavailableAfter
  const property = findFieldProperty(rules, 'unavailableAfter')?.property
  const isProperty = property !== undefined && image.properties[property] !== undefined
  return until === null || isProperty
    ? dispositions
    : [...dispositions, disposition('unavailableAfter', 'lost', until, null, 'the provider’s to say')]
}

/** Name and description; where there is no name, the description is what people see. */
const named = (
  image: Image | null,
  content: ImageMetadata,
  takes: TargetSupport,
  { name: wishedName, description: wishedDescription }: RecordOverrides,
  labels: Map<string, string>,
  fallback: string,
  dispositions: FieldDisposition[],
) => {
  const name = wishedName ?? content.name
  const description = wishedDescription ?? content.description
  const from = image === null ? null : { name: content.name, description: content.description }
  const says = description === null || description === '' ? null : description
  if (takes.name) {
    const given = name ?? says ?? fallback
    if (name === null)
      dispositions.push(
        disposition(
          'name',
          'translated',
          null,
          given,
          says === null ? 'it has none: made of what it is called by' : 'it has none: its description',
        ),
      )
    else
      dispositions.push(
        name === from?.name
          ? same('name', name)
          : disposition('name', 'translated', from?.name ?? null, name, 'as asked for'),
      )
    if (description !== null)
      dispositions.push(
        description === from?.description
          ? same('description', description)
          : disposition('description', 'translated', from?.description ?? null, description, 'as asked for'),
      )
    return { name: given, description }
  }
  const given = name ?? fallback
  if (says === null) {
    if (takes.labels && name !== null) putField(labels, 'describedByName', '')
    dispositions.push(
      disposition('name', 'translated', from?.name ?? null, given, 'as the description: the target has no names'),
    )
    return { name: given, description: given }
  }
  dispositions.push(
    says === from?.description
      ? same('description', says)
      : disposition('description', 'translated', from?.description ?? null, says, 'as asked for'),
  )
  if (name !== null) {
    const label = takes.labels ? putField(labels, 'name', name) : null
    dispositions.push(
      label === null
        ? disposition('name', 'lost', name, null, 'the target has no names, and it does not fit into a label')
        : disposition('name', 'translated', name, label, 'as a label: the target has no names'),
    )
  }
  return { name: given, description: says }
}

const sizeFor = (
  field: 'minDisk' | 'minRam',
  value: number | null,
  takes: TargetSupport,
  labels: Map<string, string>,
  dispositions: FieldDisposition[],
): number | null => {
  if (value === null || value === 0) return null
  const at: FieldName = `size.${field}`
  if (takes[field]) {
    dispositions.push(same(at, String(value)))
    return value
  }
  const label = takes.labels ? putField(labels, field, String(value)) : null
  dispositions.push(
    label === null
      ? disposition(at, 'lost', String(value), null, 'the target has nowhere to keep it')
      : disposition(at, 'translated', String(value), label, 'as a label'),
  )
  return null
}

const finishOf = (
  image: Image | null,
  takes: TargetSupport,
  { visibility: wished, protect }: RecordOverrides,
  dispositions: FieldDisposition[],
): FinalSettings => {
  const has = image?.visibility ?? 'unknown'
  const from = has === 'unknown' ? null : has
  const visibility: Exclude<Visibility, 'unknown'> | null = wished ?? (from === 'public' ? null : from)
  const sets = takes.visibility && visibility !== null ? visibility : null
  if (sets !== null)
    dispositions.push(
      disposition(
        'visibility',
        sets === from ? 'kept' : 'translated',
        from,
        sets,
        sets === from ? null : 'as asked for',
      ),
    )
  else if (from !== null)
    dispositions.push(
      disposition(
        'visibility',
        'lost',
        from,
        null,
        takes.visibility
          ? 'to make an image public is for operators: say it if that is meant'
          : 'the target does not let it be set',
      ),
    )
  const protects = protect ?? image?.protected ?? false
  if (protects)
    dispositions.push(
      takes.protect
        ? disposition(
            'protected',
            image?.protected === true ? 'kept' : 'translated',
            String(image?.protected ?? false),
            'true',
            image?.protected === true ? null : 'as asked for',
          )
        : disposition('protected', 'lost', 'true', null, 'the target cannot protect images'),
    )
  const hides = image?.hidden === true
  if (hides)
    dispositions.push(
      takes.hide
        ? same('hidden', 'true')
        : disposition('hidden', 'lost', 'true', null, 'the target cannot hide images'),
    )
  return { visibility: sets, protect: protects && takes.protect, hide: hides && takes.hide }
}

const NOTHING: ImageMetadata = {
  name: null,
  description: null,
  labels: new Map(),
  tags: new Set(),
  properties: new Map(),
  minDisk: null,
  minRam: null,
  dropped: [],
}

const withWishes = (
  content: ImageMetadata,
  { labels = {}, tags = [], properties = {}, minDisk, minRam }: RecordOverrides,
): ImageMetadata => ({
  ...content,
  labels: new Map([...content.labels, ...Object.entries(labels)]),
  tags: new Set([...content.tags, ...tags]),
  properties: new Map([...content.properties, ...Object.entries(properties)]),
  minDisk: minDisk ?? content.minDisk,
  minRam: minRam ?? content.minRam,
})

/**
 * What a target is told of `image`; or of bytes that have no record (`null`), by what `described` says of them, if anything.
 * Labels, tags and properties come back as they were when the new image is carried to where they are at home.
 */
export const translateMetadata = (
  image: Image | null,
  carriage: TranslationContext,
  wishes: RecordOverrides,
  fallbackName: string,
  described: MachineDescription | null = null,
): TranslatedMetadata => {
  const { support, rules, isConverted } = carriage
  const dispositions: FieldDisposition[] = []
  const content = withWishes(
    image === null
      ? { ...NOTHING, minDisk: described?.minDisk ?? null, minRam: described?.minRam ?? null }
      : readMetadata(image, rules, isConverted),
    wishes,
  )
  const told = image ?? described
  const all = new Map(told === null ? content.properties : withFieldProperties(told, content, carriage, dispositions))
  const architecture = wishes.architecture ?? told?.architecture ?? null
  const spelling = findFieldProperty(rules, 'architecture')?.property ?? null
  const ownSpelling = findTargetProperty(rules, 'architecture')?.property ?? null
  // As a property it is told already; where there are none, the field tells it.
  if (spelling !== null && (!support.properties || wishes.architecture !== undefined)) all.delete(spelling)
  const {
    labels,
    tags,
    properties,
    dispositions: entryFates,
  } = translateEntries({ ...content, properties: all }, support, rules.target)
  const { name, description } = named(image, content, support, wishes, labels, fallbackName, dispositions)
  const minDisk = sizeFor('minDisk', content.minDisk, support, labels, dispositions)
  const minRam = sizeFor('minRam', content.minRam, support, labels, dispositions)
  if (architecture !== null)
    dispositions.push(
      architecture === told?.architecture
        ? { ...same('architecture', architecture), reason: image === null ? (described?.reason ?? null) : null }
        : disposition('architecture', 'translated', told?.architecture ?? null, architecture, 'as asked for'),
    )
  const finish = finishOf(image, support, wishes, dispositions)
  return {
    request: {
      name,
      ...(description === null ? {} : { description }),
      ...(architecture === null || (ownSpelling !== null && properties.has(ownSpelling)) ? {} : { architecture }),
      ...(labels.size === 0 ? {} : { labels: Object.fromEntries(labels) }),
      ...(tags.size === 0 ? {} : { tags: [...tags] }),
      ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(minDisk === null ? {} : { minDisk }),
      ...(minRam === null ? {} : { minRam }),
    },
    finish,
    dispositions: [...dispositions, ...entryFates, ...(image === null ? [] : neverFates(image, rules))],
  }
}
