import type { FieldName, Image, NewImage, Visibility } from '@imago/core'
import type { FieldFate } from './field-fate.ts'
import type { Finish } from './finish.ts'
import type { RecordWishes } from './record-wishes.ts'
import { contentOf, type Content } from './content.ts'
import type { Described } from './described.ts'
import { entriesFor, putField } from './entries.ts'
import { fieldProperty, targetProperty, type BothRules } from './rules.ts'
import type { Takes } from './takes.ts'

/** What a target is told of an image, but for its format. */
export interface Carried {
  readonly request: Omit<NewImage, 'diskFormat' | 'containerFormat' | 'id' | 'visibility'>
  readonly finish: Finish
  readonly fates: readonly FieldFate[]
}

const fate = (
  field: FieldName,
  word: FieldFate['fate'],
  from: string | null,
  to: string | null,
  why: string | null,
): FieldFate => ({ field, entry: null, fate: word, from, to, why })
const same = (field: FieldName, value: string): FieldFate => fate(field, 'kept', value, value, null)

/** What a target that has `takes` can be told, under the rules of both ends. */
export interface Carriage {
  readonly takes: Takes
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
  { properties }: Content,
  { takes, rules }: Carriage,
  fates: FieldFate[],
): ReadonlyMap<string, string> => {
  const all = new Map(properties)
  for (const [field, read] of SYSTEM_FIELDS) {
    const value = read(image)
    if (value === null) continue
    const rule = fieldProperty(rules, field)
    const name = rule?.property ?? ''
    const own = targetProperty(rules, field)
    const isWritten = own?.from === 'properties' && (own.values === null || own.values.includes(value))
    if (rule !== null && all.has(name))
      fates.push(fate(field, takes.properties ? 'kept' : 'translated', value, value, `with the property ${name}`))
    else if (isWritten && takes.properties) {
      all.set(name, value)
      fates.push(fate(field, 'translated', value, `${name}=${value}`, 'as a property'))
    } else if (isWritten && takes.labels) {
      all.set(name, value)
      fates.push(fate(field, 'translated', value, value, `with the property ${name}`))
    } else
      fates.push(
        fate(
          field,
          'lost',
          value,
          null,
          own?.from === 'properties' && (takes.properties || takes.labels)
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

const neverFates = (image: Image, rules: BothRules): readonly FieldFate[] => {
  const fates = NEVER.flatMap(([field, read, why]) => {
    const value = read(image)
    return value === null ? [] : [fate(field, 'lost', value, null, why)]
  })
  const until = image.unavailableAfter
  const property = fieldProperty(rules, 'unavailableAfter')?.property
  const isProperty = property !== undefined && image.properties[property] !== undefined
  return until === null || isProperty
    ? fates
    : [...fates, fate('unavailableAfter', 'lost', until, null, 'the provider’s to say')]
}

/** Name and description; where there is no name, the description is what people see. */
const named = (
  image: Image | null,
  content: Content,
  takes: Takes,
  { name: wishedName, description: wishedDescription }: RecordWishes,
  labels: Map<string, string>,
  fallback: string,
  fates: FieldFate[],
) => {
  const name = wishedName ?? content.name
  const description = wishedDescription ?? content.description
  const from = image === null ? null : { name: content.name, description: content.description }
  const says = description === null || description === '' ? null : description
  if (takes.name) {
    const given = name ?? says ?? fallback
    if (name === null)
      fates.push(
        fate(
          'name',
          'translated',
          null,
          given,
          says === null ? 'it has none: made of what it is called by' : 'it has none: its description',
        ),
      )
    else
      fates.push(
        name === from?.name ? same('name', name) : fate('name', 'translated', from?.name ?? null, name, 'as asked for'),
      )
    if (description !== null)
      fates.push(
        description === from?.description
          ? same('description', description)
          : fate('description', 'translated', from?.description ?? null, description, 'as asked for'),
      )
    return { name: given, description }
  }
  const given = name ?? fallback
  if (says === null) {
    if (takes.labels && name !== null) putField(labels, 'describedByName', '')
    fates.push(fate('name', 'translated', from?.name ?? null, given, 'as the description: the target has no names'))
    return { name: given, description: given }
  }
  fates.push(
    says === from?.description
      ? same('description', says)
      : fate('description', 'translated', from?.description ?? null, says, 'as asked for'),
  )
  if (name !== null) {
    const label = takes.labels ? putField(labels, 'name', name) : null
    fates.push(
      label === null
        ? fate('name', 'lost', name, null, 'the target has no names, and it does not fit into a label')
        : fate('name', 'translated', name, label, 'as a label: the target has no names'),
    )
  }
  return { name: given, description: says }
}

const sizeFor = (
  field: 'minDisk' | 'minRam',
  value: number | null,
  takes: Takes,
  labels: Map<string, string>,
  fates: FieldFate[],
): number | null => {
  if (value === null || value === 0) return null
  const at: FieldName = `size.${field}`
  if (takes[field]) {
    fates.push(same(at, String(value)))
    return value
  }
  const label = takes.labels ? putField(labels, field, String(value)) : null
  fates.push(
    label === null
      ? fate(at, 'lost', String(value), null, 'the target has nowhere to keep it')
      : fate(at, 'translated', String(value), label, 'as a label'),
  )
  return null
}

const finishOf = (
  image: Image | null,
  takes: Takes,
  { visibility: wished, protect }: RecordWishes,
  fates: FieldFate[],
): Finish => {
  const has = image?.visibility ?? 'unknown'
  const from = has === 'unknown' ? null : has
  const visibility: Exclude<Visibility, 'unknown'> | null = wished ?? (from === 'public' ? null : from)
  const sets = takes.visibility && visibility !== null ? visibility : null
  if (sets !== null)
    fates.push(
      fate('visibility', sets === from ? 'kept' : 'translated', from, sets, sets === from ? null : 'as asked for'),
    )
  else if (from !== null)
    fates.push(
      fate(
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
    fates.push(
      takes.protect
        ? fate(
            'protected',
            image?.protected === true ? 'kept' : 'translated',
            String(image?.protected ?? false),
            'true',
            image?.protected === true ? null : 'as asked for',
          )
        : fate('protected', 'lost', 'true', null, 'the target cannot protect images'),
    )
  const hides = image?.hidden === true
  if (hides)
    fates.push(
      takes.hide ? same('hidden', 'true') : fate('hidden', 'lost', 'true', null, 'the target cannot hide images'),
    )
  return { visibility: sets, protect: protects && takes.protect, hide: hides && takes.hide }
}

const NOTHING: Content = {
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
  content: Content,
  { labels = {}, tags = [], properties = {}, minDisk, minRam }: RecordWishes,
): Content => ({
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
export const carried = (
  image: Image | null,
  carriage: Carriage,
  wishes: RecordWishes,
  fallbackName: string,
  described: Described | null = null,
): Carried => {
  const { takes, rules, isConverted } = carriage
  const fates: FieldFate[] = []
  const content = withWishes(
    image === null
      ? { ...NOTHING, minDisk: described?.minDisk ?? null, minRam: described?.minRam ?? null }
      : contentOf(image, rules, isConverted),
    wishes,
  )
  const told = image ?? described
  const all = new Map(told === null ? content.properties : withFieldProperties(told, content, carriage, fates))
  const architecture = wishes.architecture ?? told?.architecture ?? null
  const spelling = fieldProperty(rules, 'architecture')?.property ?? null
  const ownSpelling = targetProperty(rules, 'architecture')?.property ?? null
  // As a property it is told already; where there are none, the field tells it.
  if (spelling !== null && (!takes.properties || wishes.architecture !== undefined)) all.delete(spelling)
  const {
    labels,
    tags,
    properties,
    fates: entryFates,
  } = entriesFor({ ...content, properties: all }, takes, rules.target)
  const { name, description } = named(image, content, takes, wishes, labels, fallbackName, fates)
  const minDisk = sizeFor('minDisk', content.minDisk, takes, labels, fates)
  const minRam = sizeFor('minRam', content.minRam, takes, labels, fates)
  if (architecture !== null)
    fates.push(
      architecture === told?.architecture
        ? { ...same('architecture', architecture), why: image === null ? (described?.why ?? null) : null }
        : fate('architecture', 'translated', told?.architecture ?? null, architecture, 'as asked for'),
    )
  const finish = finishOf(image, takes, wishes, fates)
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
    fates: [...fates, ...entryFates, ...(image === null ? [] : neverFates(image, rules))],
  }
}
