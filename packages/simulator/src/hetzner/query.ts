import { invalidField } from './api-error.ts'

/** Query parameters as Fastify returns them: a string, or the strings of a repeated parameter. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>

export const readValues = (query: Query, name: string): readonly string[] => {
  const value = query[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Returns the last value of a repeated parameter. */
export const readValue = (query: Query, name: string): string | null => readValues(query, name).at(-1) ?? null

/** Reads values from a fixed set; others are rejected with 422. */
export const readChoices = <W extends string>(query: Query, name: string, words: readonly W[]): readonly W[] => {
  const given = readValues(query, name)
  const odd = given.find((word) => !(words as readonly string[]).includes(word))
  if (odd !== undefined) throw invalidField(name, `'${odd}' is not one of ${words.join(', ')}`)
  return given as readonly W[]
}

/** python3-hcloud sends `True`, which the API accepts: the values are those of Go's strconv.ParseBool. */
export const readFlag = (query: Query, name: string): boolean => {
  const value = readValue(query, name)
  if (value === null || /^(?:0|f|F|false|False|FALSE)$/.test(value)) return false
  if (/^(?:1|t|T|true|True|TRUE)$/.test(value)) return true
  throw invalidField(name, 'must be true or false')
}

/** Reads an integer of at least 1. */
export const readCount = (query: Query, name: string, otherwise: number): number => {
  const value = readValue(query, name)
  if (value === null) return otherwise
  if (!/^[1-9]\d{0,14}$/.test(value)) throw invalidField(name, 'must be a positive integer')
  return Number(value)
}
