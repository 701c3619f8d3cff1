import * as t from 'io-ts'

/** Codecs of objects with named fields. */
export type FieldsCodec = t.Any & {
  readonly _tag: 'InterfaceType' | 'PartialType' | 'IntersectionType' | 'ExactType' | 'RestType'
}

/** A named field of an object codec. */
export interface Field {
  readonly codec: t.Any
  readonly required: boolean
}

const addFields = (codec: t.Any, into: Map<string, Field>): boolean => {
  const tagged = codec as t.Any & {
    readonly _tag?: string
    readonly props?: t.AnyProps
    readonly types?: readonly t.Any[]
    readonly type?: t.Any
  }
  switch (tagged._tag) {
    case 'InterfaceType':
    case 'PartialType':
      for (const [key, field] of Object.entries(tagged.props ?? {}))
        into.set(key, { codec: field as t.Any, required: tagged._tag === 'InterfaceType' })
      return true
    case 'IntersectionType':
      return (tagged.types ?? []).every((part) => addFields(part, into))
    case 'ExactType':
    case 'ReadonlyType':
      return tagged.type !== undefined && addFields(tagged.type, into)
    // Not RestType: inside another codec it constrains every key, which a list of fields cannot express.
    default:
      return false
  }
}

/** The named fields of a codec in their order; `null`: not an object codec. Of a field that occurs twice, the last one counts. */
export const findFields = (codec: t.Any): ReadonlyMap<string, Field> | null => {
  const fields = new Map<string, Field>()
  return addFields(codec instanceof RestType ? codec.known : codec, fields) ? fields : null
}

const isRecord = t.UnknownRecord.is

/** An object with known fields whose other keys all hold a `rest` value, such as Glance's image with user properties beside its base fields. */
export class RestType<C extends t.Any> extends t.Type<t.TypeOf<C>, t.OutputOf<C>> {
  readonly _tag = 'RestType' as const
  readonly known: C
  readonly rest: t.Any

  constructor(known: C, rest: t.Any, name: string) {
    const fields = findFields(known)
    if (fields === null)
      throw new TypeError(`not an object codec: ${known.name}. Extend a type, a partial or an intersection of these`)
    const restKeys = (u: object): readonly string[] => Object.keys(u).filter((key) => !fields.has(key))
    super(
      name,
      (u): u is t.TypeOf<C> => isRecord(u) && known.is(u) && restKeys(u).every((key) => rest.is(u[key])),
      (u, context) => {
        if (!isRecord(u)) return t.failure(u, context)
        // The same context entry with `known` as its codec: its tag decides whether the next entry is a key of the document.
        const decoded = known.validate(u, [
          ...context.slice(0, -1),
          { ...context.at(-1), key: context.at(-1)?.key ?? '', type: known },
        ])
        const errors: t.Errors = decoded._tag === 'Left' ? [...decoded.left] : []
        for (const key of restKeys(u)) {
          const value = rest.validate(u[key], t.appendContext(context, key, rest, u[key]))
          if (value._tag === 'Left') errors.push(...value.left)
        }
        return errors.length > 0 ? t.failures(errors) : decoded
      },
      t.identity,
    )
    this.known = known
    this.rest = rest
  }
}

/**
 * The codec of `known` plus any other keys, which must all hold a `rest` value. It transforms nothing.
 *
 * @example withRest(t.type({ id: t.string }), nullable(t.string), 'GlanceImage')
 */
export const withRest = <C extends t.Any>(known: C, rest: t.Any, name: string): RestType<C> =>
  new RestType(known, rest, name)
