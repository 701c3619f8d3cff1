import type { FieldChange } from './field-changes.ts'
import { isEqualJson } from './json-value.ts'

/** An operation of JSON Patch (RFC 6902) on an image as imago prints it. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** A key in a JSON Pointer (RFC 6901, section 3). */
const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const patchMap = (
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly JsonPatchOperation[] => {
  const toPath = (key: string): string => `${path}/${escapeKey(key)}`
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [
    ...removed.map((key): JsonPatchOperation => ({ op: 'remove', path: toPath(key) })),
    ...Object.entries(after).flatMap(([key, value]): readonly JsonPatchOperation[] => {
      if (!Object.hasOwn(before, key)) return [{ op: 'add', path: toPath(key), value }]
      return isEqualJson(before[key], value) ? [] : [{ op: 'replace', path: toPath(key), value }]
    }),
  ]
}

/** The patch of these fields from the earlier to the later image. Patches maps (labels, properties) by key, and lists as a whole. */
export const toJsonPatch = (changes: readonly FieldChange[]): readonly JsonPatchOperation[] =>
  changes.flatMap(({ field, before, after }): readonly JsonPatchOperation[] => {
    const path = `/${field.split('.').map(escapeKey).join('/')}`
    return isMap(before) && isMap(after) ? patchMap(path, before, after) : [{ op: 'replace', path, value: after }]
  })
