import type { FieldName, Image, NewImage, Visibility } from '@imago/core'
import type { FieldFate, Finish } from '../plan/plan.ts'
import type { MoveWishes } from '../plan/wishes.ts'
import { contentOf, type Content } from './content.ts'
import type { Described } from './described.ts'
import { entriesFor, putField } from './entries.ts'
import type { Takes } from './takes.ts'

/** What a target is told of an image, but for its format. */
export interface Carried {
  readonly request: Omit<NewImage, 'diskFormat' | 'containerFormat' | 'id' | 'visibility'>
  readonly finish: Finish
  readonly fates: readonly FieldFate[]
}

const fate = (field: FieldName, word: FieldFate['fate'], from: string | null, to: string | null, why: string | null): FieldFate => ({ field, entry: null, fate: word, from, to, why })
const same = (field: FieldName, value: string): FieldFate => fate(field, 'kept', value, value, null)

/** Where there are properties: the names by which Glance keeps what others say in fields (glance: doc/source/admin/useful-image-properties.rst). */
type Told = Pick<Image, 'os' | 'boot'>

const OS_PROPERTIES = [
  ['os.family', 'os_type', ({ os }: Told) => (os.family === 'linux' || os.family === 'windows' ? os.family : null)],
  ['os.distro', 'os_distro', ({ os }: Told) => os.distro],
  ['os.version', 'os_version', ({ os }: Told) => os.version],
  ['os.defaultUser', 'os_admin_user', ({ os }: Told) => os.defaultUser],
  ['boot.firmware', 'hw_firmware_type', ({ boot }: Told) => boot.firmware],
  ['boot.secureBoot', 'os_secure_boot', ({ boot }: Told) => boot.secureBoot],
] as const

/** Properties that say what fields say. */
const withOsProperties = (image: Told, { properties }: Content, takes: Takes, fates: FieldFate[]): ReadonlyMap<string, string> => {
  const all = new Map(properties)
  for (const [field, name, read] of OS_PROPERTIES) {
    const value = read(image)
    const stated = all.get(name)
    if (value === null) continue
    if (stated !== undefined) fates.push(fate(field, takes.properties ? 'kept' : 'translated', value, value, `with the property ${name}`))
    else if (takes.properties) {
      all.set(name, value)
      fates.push(fate(field, 'translated', value, `${name}=${value}`, 'as a property'))
    } else if (takes.labels) {
      all.set(name, value)
      fates.push(fate(field, 'translated', value, value, `with the property ${name}`))
    } else fates.push(fate(field, 'lost', value, null, 'the target says it itself, or has no place for it'))
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
  ['origins', ({ origins }) => (origins.length === 0 ? null : origins.map(({ relation, kind, id, name }) => `${relation} ${kind} ${id ?? name ?? ''}`.trim()).join(', ')), 'points into the cloud it comes from'],
  ['stores', ({ stores }) => (stores.length === 0 ? null : stores.join(', ')), 'the target’s stores are its own'],
]

const neverFates = (image: Image): readonly FieldFate[] => {
  const fates = NEVER.flatMap(([field, read, why]) => {
    const value = read(image)
    return value === null ? [] : [fate(field, 'lost', value, null, why)]
  })
  const until = image.unavailableAfter
  const isProperty = image.properties['provided_until'] !== undefined
  return until === null || isProperty ? fates : [...fates, fate('unavailableAfter', 'lost', until, null, 'the provider’s to say')]
}

/** Name and description; where there is no name, the description is what people see. */
const named = (image: Image | null, content: Content, takes: Takes, { name: wishedName, description: wishedDescription }: MoveWishes, labels: Map<string, string>, fallback: string, fates: FieldFate[]) => {
  const name = wishedName ?? content.name
  const description = wishedDescription ?? content.description
  const from = image === null ? null : { name: content.name, description: content.description }
  const says = description === null || description === '' ? null : description
  if (takes.name) {
    const given = name ?? says ?? fallback
    if (name === null) fates.push(fate('name', 'translated', null, given, says === null ? 'it has none: made of what it is called by' : 'it has none: its description'))
    else fates.push(name === from?.name ? same('name', name) : fate('name', 'translated', from?.name ?? null, name, 'as asked for'))
    if (description !== null) fates.push(description === from?.description ? same('description', description) : fate('description', 'translated', from?.description ?? null, description, 'as asked for'))
    return { name: given, description }
  }
  const given = name ?? fallback
  if (says === null) {
    if (takes.labels && name !== null) putField(labels, 'describedByName', '')
    fates.push(fate('name', 'translated', from?.name ?? null, given, 'as the description: the target has no names'))
    return { name: given, description: given }
  }
  fates.push(says === from?.description ? same('description', says) : fate('description', 'translated', from?.description ?? null, says, 'as asked for'))
  if (name !== null) {
    const label = takes.labels ? putField(labels, 'name', name) : null
    fates.push(label === null ? fate('name', 'lost', name, null, 'the target has no names, and it does not fit into a label') : fate('name', 'translated', name, label, 'as a label: the target has no names'))
  }
  return { name: given, description: says }
}

const sizeFor = (field: 'minDisk' | 'minRam', value: number | null, takes: Takes, labels: Map<string, string>, fates: FieldFate[]): number | null => {
  if (value === null || value === 0) return null
  const at: FieldName = `size.${field}`
  if (takes[field]) {
    fates.push(same(at, String(value)))
    return value
  }
  const label = takes.labels ? putField(labels, field, String(value)) : null
  fates.push(label === null ? fate(at, 'lost', String(value), null, 'the target has nowhere to keep it') : fate(at, 'translated', String(value), label, 'as a label'))
  return null
}

const finishOf = (image: Image | null, takes: Takes, { visibility: wished, protect }: MoveWishes, fates: FieldFate[]): Finish => {
  const has = image?.visibility ?? 'unknown'
  const from = has === 'unknown' ? null : has
  const visibility: Exclude<Visibility, 'unknown'> | null = wished ?? (from === 'public' ? null : from)
  const sets = takes.visibility && visibility !== null ? visibility : null
  if (sets !== null) fates.push(fate('visibility', sets === from ? 'kept' : 'translated', from, sets, sets === from ? null : 'as asked for'))
  else if (from !== null) fates.push(fate('visibility', 'lost', from, null, takes.visibility ? 'to make an image public is for operators: say it if that is meant' : 'the target does not let it be set'))
  const protects = protect ?? image?.protected ?? false
  if (protects) fates.push(takes.protect ? fate('protected', image?.protected === true ? 'kept' : 'translated', String(image?.protected ?? false), 'true', image?.protected === true ? null : 'as asked for') : fate('protected', 'lost', 'true', null, 'the target cannot protect images'))
  const hides = image?.hidden === true
  if (hides) fates.push(takes.hide ? same('hidden', 'true') : fate('hidden', 'lost', 'true', null, 'the target cannot hide images'))
  return { visibility: sets, protect: protects && takes.protect, hide: hides && takes.hide }
}

const NOTHING: Content = { name: null, description: null, labels: new Map(), tags: new Set(), properties: new Map(), minDisk: null, minRam: null, dropped: [] }

const withWishes = (content: Content, { labels = {}, tags = [], properties = {}, minDisk, minRam }: MoveWishes): Content => ({
  ...content,
  labels: new Map([...content.labels, ...Object.entries(labels)]),
  tags: new Set([...content.tags, ...tags]),
  properties: new Map([...content.properties, ...Object.entries(properties)]),
  minDisk: minDisk ?? content.minDisk,
  minRam: minRam ?? content.minRam,
})

/**
 * What a target that takes `takes` is told of `image`; or of bytes that have no record (`null`), by what `described` says of them, if anything.
 * Labels, tags and properties come back as they were when the new image is carried to where they are at home.
 */
export const carried = (image: Image | null, takes: Takes, wishes: MoveWishes, fallbackName: string, described: Described | null = null): Carried => {
  const fates: FieldFate[] = []
  const content = withWishes(image === null ? { ...NOTHING, minDisk: described?.minDisk ?? null, minRam: described?.minRam ?? null } : contentOf(image), wishes)
  const told = image ?? described
  const all = new Map(told === null ? content.properties : withOsProperties(told, content, takes, fates))
  const architecture = wishes.architecture ?? told?.architecture ?? null
  const spelled = all.get('architecture')
  // As a property it is told already; where there are none, the field tells it.
  if (spelled !== undefined && (!takes.properties || wishes.architecture !== undefined)) all.delete('architecture')
  const { labels, tags, properties, fates: entryFates } = entriesFor({ ...content, properties: all }, takes)
  const { name, description } = named(image, content, takes, wishes, labels, fallbackName, fates)
  const minDisk = sizeFor('minDisk', content.minDisk, takes, labels, fates)
  const minRam = sizeFor('minRam', content.minRam, takes, labels, fates)
  if (architecture !== null) fates.push(architecture === told?.architecture ? { ...same('architecture', architecture), why: image === null ? (described?.why ?? null) : null } : fate('architecture', 'translated', told?.architecture ?? null, architecture, 'as asked for'))
  const finish = finishOf(image, takes, wishes, fates)
  return {
    request: {
      name,
      ...(description === null ? {} : { description }),
      ...(architecture === null || properties.has('architecture') ? {} : { architecture }),
      ...(labels.size === 0 ? {} : { labels: Object.fromEntries(labels) }),
      ...(tags.size === 0 ? {} : { tags: [...tags] }),
      ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(minDisk === null ? {} : { minDisk }),
      ...(minRam === null ? {} : { minRam }),
    },
    finish,
    fates: [...fates, ...entryFates, ...(image === null ? [] : neverFates(image))],
  }
}
