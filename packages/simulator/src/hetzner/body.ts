import { isObject } from '../json.ts'
import { apiError, invalidField } from './api-error.ts'
import { isLabels, type Labels } from './labels.ts'

/** The type of a field in a request body. */
export interface Field<A> {
  readonly isRequired: boolean
  readonly is: (value: unknown) => value is A
  /** The error message for other types. */
  readonly message: string
}

type Fields = Readonly<Record<string, Field<unknown>>>
type Value<F> = F extends Field<infer A> ? A : never
export type Body<F extends Fields> = { readonly [K in keyof F]?: Value<F[K]> }

const field = <A>(is: (value: unknown) => value is A, message: string): Field<A> => ({ isRequired: false, is, message })

export const text = field((value): value is string => typeof value === 'string', 'must be a string')
export const flag = field((value): value is boolean => typeof value === 'boolean', 'must be a boolean')
export const labels = field(
  (value): value is Labels => isLabels(value),
  'must be an object of valid label keys and values',
)
export const idOrName = field(
  (value): value is string | number => typeof value === 'string' || Number.isSafeInteger(value),
  'must be an ID or a name',
)
export const object = field(isObject, 'must be an object')
export const list = <A>(one: Field<A>): Field<readonly A[]> =>
  field(
    (value): value is readonly A[] => Array.isArray(value) && value.every((item) => one.is(item)),
    'must be an array',
  )
export const nullable = <A>(one: Field<A>): Field<A | null> =>
  field((value): value is A | null => value === null || one.is(value), one.message)
export const word = <W extends string>(...words: readonly W[]): Field<W> =>
  field((value): value is W => (words as readonly unknown[]).includes(value), `must be one of ${words.join(', ')}`)
export const upTo = (bytes: number, one: Field<string>): Field<string> =>
  field(
    (value): value is string => one.is(value) && Buffer.byteLength(value) <= bytes,
    `must not exceed ${bytes} bytes`,
  )
export const required = <A>(one: Field<A>): Field<A> => ({ ...one, isRequired: true })

/** Parses the body. Unknown fields, then wrong types, are rejected with 422, as by the API since 2025. */
export const readBody = <F extends Fields>(body: unknown, fields: F): Body<F> => {
  const given = body ?? {}
  if (!isObject(given)) throw apiError('json_error', 'invalid JSON input: an object is expected')
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name))
  if (unknown !== undefined)
    throw apiError('invalid_input', `invalid input: unknown field name '${unknown}'`, {
      fields: [{ name: unknown, messages: ['unknown field name'] }],
    })
  for (const [name, { isRequired, is, message }] of Object.entries(fields)) {
    if (!Object.hasOwn(given, name)) {
      if (isRequired) throw invalidField(name, 'Missing data for required field.')
    } else if (!is(given[name])) throw invalidField(name, message)
  }
  return given as Body<F>
}

/** Returns a required field, or rejects the request. */
export const need = <A>(value: A | undefined, name: string): A => {
  if (value === undefined) throw invalidField(name, 'Missing data for required field.')
  return value
}
