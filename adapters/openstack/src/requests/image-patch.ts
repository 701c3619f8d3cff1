import { applyTagChanges, type ImageChanges } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { JsonPatch, PatchOperation } from './images.ts'
import { findPropertyProblem, findPropertyNameProblem } from './property-name.ts'
import { toGibibytes, toMebibytes } from './size.ts'

/** A record as received from Glance. */
type WireRecord = Readonly<Record<string, unknown>>

/** JSON pointer (RFC 6901). */
const pointer = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

const getValue = (record: WireRecord, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined)

/** Base fields always exist. */
const toReplace = (record: WireRecord, name: string, value: unknown): readonly PatchOperation[] =>
  getValue(record, name) === value ? [] : [{ op: 'replace', path: pointer(name), value }]

/** `add` also works if the property was removed in the meantime; `replace` would fail. */
const set = (record: WireRecord, name: string, value: string): readonly PatchOperation[] =>
  getValue(record, name) === value ? [] : [{ op: 'add', path: pointer(name), value }]

const toRemove = (record: WireRecord, name: string): readonly PatchOperation[] =>
  Object.hasOwn(record, name) ? [{ op: 'remove', path: pointer(name) }] : []

const readTags = (record: WireRecord): readonly string[] =>
  Array.isArray(record['tags']) ? (record['tags'] as readonly string[]) : []

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((word) => other.has(word))

/**
 * Sends all tags, even to add one. `PUT /tags/{tag}` does not handle concurrent additions better, because Glance also reads and writes all tags there
 * (glance/api/v2/image_tags.py, glance/db/__init__.py; in Glance 25.1, one of two concurrent additions was lost in 7 of 15 attempts with both methods).
 */
const toTagPatch = (record: WireRecord, changes: NonNullable<ImageChanges['tags']>): readonly PatchOperation[] => {
  const before = readTags(record)
  const wanted = applyTagChanges(before, changes)
  return isSameSet(new Set(wanted), new Set(before)) ? [] : [{ op: 'replace', path: '/tags', value: wanted }]
}

/** `description` and SCS's `image_description`. */
const toDescriptionPatch = (record: WireRecord, description: string): readonly PatchOperation[] =>
  (record['description'] ?? record['image_description']) === description ? [] : set(record, 'description', description)

/** Returns why the changes are invalid, or `null`. */
export const findChangeProblem = ({ description, minDisk, minRam, properties = {} }: ImageChanges): string | null => {
  if (minDisk !== undefined && toGibibytes(minDisk) === null) return `invalid minDisk: ${minDisk}`
  if (minRam !== undefined && toMebibytes(minRam) === null) return `invalid minRam: ${minRam}`
  for (const [name, value] of Object.entries(properties)) {
    const why = value === null ? findPropertyNameProblem(name) : findPropertyProblem(name, value)
    if (why !== null) return why
  }
  if (
    description !== undefined &&
    Object.hasOwn(properties, 'description') &&
    properties['description'] !== description
  )
    return 'the description and the property description are the same field, but have different values: set only one'
  return null
}

/**
 * The patch that applies `changes` to a record; empty if nothing differs. Left: why the changes are invalid.
 * `kind` and `labels` are ignored because Glance lacks them.
 */
export const imagePatch = (record: WireRecord, changes: ImageChanges): E.Either<string, JsonPatch> => {
  const why = findChangeProblem(changes)
  if (why !== null) return E.left(why)
  const { name, description, tags, properties = {}, minDisk, minRam } = changes
  return E.right([
    ...(name === undefined ? [] : toReplace(record, 'name', name)),
    ...(tags === undefined ? [] : toTagPatch(record, tags)),
    ...(minDisk === undefined ? [] : toReplace(record, 'min_disk', toGibibytes(minDisk))),
    ...(minRam === undefined ? [] : toReplace(record, 'min_ram', toMebibytes(minRam))),
    ...(description === undefined ? [] : toDescriptionPatch(record, description)),
    ...Object.entries(properties)
      .filter(([key]) => description === undefined || key !== 'description')
      .flatMap(([key, value]) => (value === null ? toRemove(record, key) : set(record, key, value))),
  ])
}
