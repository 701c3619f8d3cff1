/** A value of a row. Timestamps, decimals and JSON are text. */
export type Cell = string | number | boolean | null

/** In the order of the table's columns. */
export type Row = readonly Cell[]

/** NUL, which PostgreSQL does not support in text, and unpaired surrogates, which UTF-8 cannot encode. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu

/** Replaces characters that an engine cannot store with U+FFFD. */
export const storableText = (text: string): string => text.replaceAll(UNSTORABLE, '\ufffd')

const storableValue = (value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), storableValue(entry)]))
}

/** Whether JSON text may contain characters that `storableText` replaces. */
const MAYBE_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/

/** Escapes in JSON text: a pair of surrogates, which is one character, before a single one, which is none. */
const JSON_ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/g

const UNSTORABLE_ESCAPE = /^\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})$/

/** Replaces the escapes of JSON text that stand for characters which an engine cannot store. Numbers keep all their digits. */
export const storableJsonText = (text: string): string =>
  MAYBE_UNSTORABLE.test(text)
    ? text.replaceAll(JSON_ESCAPE, (escape) => (UNSTORABLE_ESCAPE.test(escape) ? '\\ufffd' : escape))
    : text

/** The JSON text of a value, with storable texts. */
export const storableJson = (value: unknown): string => {
  const text = JSON.stringify(value)
  return MAYBE_UNSTORABLE.test(text) ? JSON.stringify(storableValue(value)) : text
}
