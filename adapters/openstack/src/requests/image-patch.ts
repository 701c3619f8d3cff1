import { applyTagChanges, type ImageChanges } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { JsonPatch, PatchOperation } from './images.ts'
import { whyNoProperty, whyNoPropertyName } from './property-name.ts'
import { toGibibytes, toMebibytes } from './size.ts'

/** A record as Glance gave it. */
type WireRecord = Readonly<Record<string, unknown>>

/** RFC 6901. */
const pointer = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const getValue = (record: WireRecord, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined)

/** A base field is always there. */
const replaced = (record: WireRecord, name: string, value: unknown): readonly PatchOperation[] =>
  getValue(record, name) === value ? [] : [{ op: 'replace', path: pointer(name), value }]

/** Whatever another has done to it meanwhile: `replace` and `remove` fail where there is nothing. */
const set = (record: WireRecord, name: string, value: string): readonly PatchOperation[] =>
  getValue(record, name) === value ? [] : [{ op: 'add', path: pointer(name), value }]

const removed = (record: WireRecord, name: string): readonly PatchOperation[] =>
  Object.hasOwn(record, name) ? [{ op: 'remove', path: pointer(name) }] : []

const readTags = (record: WireRecord): readonly string[] =>
  Array.isArray(record['tags']) ? (record['tags'] as readonly string[]) : []

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((word) => other.has(word))

/**
 * All of them are sent, also to add one. `PUT /tags/{tag}` would save no tag that another adds at the same moment: Glance reads all, and writes all, there too
 * (glance/api/v2/image_tags.py, glance/db/__init__.py; of two that were added at once to Glance 25.1 one was lost in 7 of 15 tries, by either way).
 */
const retagged = (record: WireRecord, changes: NonNullable<ImageChanges['tags']>): readonly PatchOperation[] => {
  const before = readTags(record)
  const wanted = applyTagChanges(before, changes)
  return isSameSet(new Set(wanted), new Set(before)) ? [] : [{ op: 'replace', path: '/tags', value: wanted }]
}

/** An image's description is this property, or else SCS's. */
const described = (record: WireRecord, description: string): readonly PatchOperation[] =>
  (record['description'] ?? record['image_description']) === description ? [] : set(record, 'description', description)

/** Why these changes cannot be asked for; `null`: they can. */
export const whyNoChange = ({ description, minDisk, minRam, properties = {} }: ImageChanges): string | null => {
  if (minDisk !== undefined && toGibibytes(minDisk) === null) return `minDisk ${minDisk} is no size`
  if (minRam !== undefined && toMebibytes(minRam) === null) return `minRam ${minRam} is no size`
  for (const [name, value] of Object.entries(properties)) {
    const why = value === null ? whyNoPropertyName(name) : whyNoProperty(name, value)
    if (why !== null) return why
  }
  if (
    description !== undefined &&
    Object.hasOwn(properties, 'description') &&
    properties['description'] !== description
  )
    return 'the description is asked for twice: it is the property description'
  return null
}

/**
 * The patch that makes `changes` to a record, and touches nothing else: empty where the record is so already.
 * Left: why there is none. What Glance has no field for (`kind`, `labels`) is not looked at.
 */
export const imagePatch = (record: WireRecord, changes: ImageChanges): E.Either<string, JsonPatch> => {
  const why = whyNoChange(changes)
  if (why !== null) return E.left(why)
  const { name, description, tags, properties = {}, minDisk, minRam } = changes
  return E.right([
    ...(name === undefined ? [] : replaced(record, 'name', name)),
    ...(tags === undefined ? [] : retagged(record, tags)),
    ...(minDisk === undefined ? [] : replaced(record, 'min_disk', toGibibytes(minDisk))),
    ...(minRam === undefined ? [] : replaced(record, 'min_ram', toMebibytes(minRam))),
    ...(description === undefined ? [] : described(record, description)),
    ...Object.entries(properties)
      .filter(([key]) => description === undefined || key !== 'description')
      .flatMap(([key, value]) => (value === null ? removed(record, key) : set(record, key, value))),
  ])
}
