import * as t from 'io-ts'
import { fields } from './fields.ts'
import { ImageRef } from './values.ts'

/** Not `t.unknown`, which would accept an image without `raw`. */
const anyJson: t.Type<unknown> = new t.Type(
  'JSON value',
  (u): u is unknown => u !== undefined,
  (u, context) => (u === undefined ? t.failure(u, context) : t.success(u)),
  t.identity,
)

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Builds the strict codec of all fields of the table, with an object per group, and of the parts that the reader adds. */
const buildCodec = (): t.Mixed => {
  const parts = new Map<string, t.Mixed>([['ref', ImageRef]])
  const groups = new Map<string, Record<string, t.Mixed>>()
  for (const [path, { codec }] of Object.entries(fields)) {
    const [outer = '', inner] = path.split('.')
    if (outer === 'ref') continue
    if (inner === undefined) {
      parts.set(outer, codec)
      continue
    }
    const group = { ...groups.get(outer), [inner]: codec }
    groups.set(outer, group)
    parts.set(outer, t.exact(t.type(group), `Image${capitalized(outer)}`))
  }
  return t.exact(t.type({ ...Object.fromEntries(parts), raw: anyJson }), 'Image')
}

/** Untyped; the generated module of `Image` adds the type. */
export const imageCodec = buildCodec()
