/** A value of a row. Timestamps are instants in text, decimals decimal text, JSON its text. */
export type Cell = string | number | boolean | null

/** In the order of the table's columns. */
export type Row = readonly Cell[]

/** NUL, which PostgreSQL has not in text, and halves of surrogate pairs, which UTF-8 has not. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu

/** Text that every engine can hold: what it cannot hold is U+FFFD. */
export const storableText = (text: string): string => text.replaceAll(UNSTORABLE, '\ufffd')

const storableValue = (value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), storableValue(entry)]))
}

/** Whether JSON text may hold what `storableText` replaces. */
const MAYBE_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/

/** The JSON text of a value, its texts made storable. */
export const storableJson = (value: unknown): string => {
  const text = JSON.stringify(value)
  return MAYBE_UNSTORABLE.test(text) ? JSON.stringify(storableValue(value)) : text
}
