import type * as t from 'io-ts'
import { fields, type FieldClass, type FieldEntry } from './fields.ts'
import type { Image, ImageFields } from './image.ts'
import { WordsType } from './values.ts'

export type FieldName = keyof ImageFields

/** The provider-independent description of a field, as in the generated references. */
export interface FieldDescription {
  /** The type of its values, in words. */
  readonly type: string
  readonly meaning: string
  /** The class at the provider that allows most; a `writable` field can be `read-only` at other providers. */
  readonly class: FieldClass
  /** `null`: the values are not numbers. */
  readonly unit: 'bytes' | null
  /** All values of a field with a fixed set of values; otherwise `null`. */
  readonly values: readonly string[] | null
}

/** Makes the compiler check that the generated types match the table. */
type Table = {
  readonly [F in FieldName]: FieldEntry & { readonly codec: t.Type<ImageFields[F]> | t.Type<ImageFields[F] | null> }
}
const table: Table = fields
const names: readonly FieldName[] = Object.keys(fields) as (keyof typeof fields)[]

type Tagged = t.Any & {
  readonly _tag?: string
  readonly type?: t.Any
  readonly types?: readonly t.Any[]
  readonly codomain?: t.Any
}

const isNull = (codec: t.Any): boolean => (codec as Tagged)._tag === 'NullType'

/** The codec of a field's values, without `null`. */
const valueCodec = (codec: t.Any): t.Any => (codec as Tagged).types?.find((one) => !isNull(one)) ?? codec

const NOUNS: Readonly<Record<string, string>> = { string: 'strings', Digest: 'digests', Origin: 'origins' }

const describeType = (codec: t.Any, unit: FieldEntry['unit']): string => {
  if (codec instanceof WordsType) return codec.words.join(', ')
  const { _tag, type, codomain } = codec as Tagged
  const plural = (entry: t.Any | undefined): string =>
    NOUNS[entry === undefined ? '' : valueCodec(entry).name] ?? 'values'
  if (_tag === 'ReadonlyArrayType') return `list of ${plural(type)}`
  if (_tag === 'DictionaryType') return `map of ${plural(codomain)}`
  return unit ?? codec.name
}

/** Every field of an image, in the order in which everything prints them. */
export const FIELDS: Readonly<Record<FieldName, FieldDescription>> = Object.fromEntries(
  names.map((name) => {
    const { codec, meaning, class: fieldClass, unit } = table[name]
    const value = valueCodec(codec)
    return [
      name,
      {
        type: describeType(value, unit),
        meaning,
        class: fieldClass,
        unit,
        values: value instanceof WordsType ? (value.words as readonly string[]) : null,
      },
    ]
  }),
) as Record<FieldName, FieldDescription>

export const FIELD_NAMES: readonly FieldName[] = names

/** Shared by all images without elements in a list, or entries in a map. */
export const NO_ELEMENTS: readonly never[] = Object.freeze([])
export const NO_ENTRIES: Readonly<Record<string, never>> = Object.freeze({})

const emptyValue = (codec: t.Any): unknown => {
  if (codec instanceof WordsType) return 'unknown'
  switch ((codec as Tagged)._tag) {
    case 'StringType':
      return ''
    case 'ReadonlyArrayType':
      return NO_ELEMENTS
    case 'DictionaryType':
      return NO_ENTRIES
    default:
      return null
  }
}

const EMPTY = Object.fromEntries(names.map((name) => [name, emptyValue(table[name].codec)])) as Record<
  FieldName,
  unknown
>

/** The value of a field of an `Image` without a value: `null`, an empty list or map, or `unknown` for a field with a fixed set of values. */
export const getEmptyValue = (field: FieldName): unknown => EMPTY[field]

/** The names on the way to each field. */
const PATHS = Object.fromEntries(names.map((name) => [name, name.split('.')])) as unknown as Record<
  FieldName,
  readonly [outer: string, inner?: string]
>

/** The value of `field` in `image`. */
export const getFieldValue = (image: Image, field: FieldName): unknown => {
  const [outer, inner] = PATHS[field]
  const value = (image as unknown as Readonly<Record<string, unknown>>)[outer]
  return inner === undefined ? value : (value as Readonly<Record<string, unknown>>)[inner]
}
