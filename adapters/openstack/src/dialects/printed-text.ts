import type { JsonObject } from '@imago/core/provider'

export const toTags = (text: string): readonly string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')

/** Start of the next entry in `key='value', other='value', gone=`. A key that contains a quote, a comma or an equals sign cannot be distinguished from a value. */
const NEXT_ENTRY = /', (?=[^'=,]{1,255}=(?:'|, |$))/

const parseEntries = (text: string): readonly (readonly [string, string])[] | null => {
  const entries: (readonly [string, string])[] = []
  let rest = text
  while (rest !== '') {
    const sign = rest.indexOf('=')
    const key = rest.slice(0, sign)
    if (sign < 1 || sign > 255 || /[',]/.test(key)) return null
    const value = rest.slice(sign + 1)
    if (value === '' || value.startsWith(', ')) {
      rest = value.slice(2)
      continue
    }
    if (!value.startsWith("'")) return null
    const next = NEXT_ENTRY.exec(value)
    if (next === null && (value.length < 2 || !value.endsWith("'"))) return null
    entries.push([key, value.slice(1, next?.index ?? -1)])
    rest = next === null ? '' : value.slice(next.index + next[0].length)
  }
  return entries
}

/** Longer than the properties of any real image. */
const LONGEST_PROPERTIES = 1_000_000

/** Parses the output of osc-lib's `format_dict`, which escapes nothing. Returns `null` for a repeated key, because a value was then mistaken for an entry. */
const parseProperties = (text: string): JsonObject | null => {
  const entries = text.length > LONGEST_PROPERTIES ? null : parseEntries(text)
  if (entries === null || new Set(entries.map(([key]) => key)).size < entries.length) return null
  return Object.fromEntries(entries)
}

export const unfoldText = (_key: string, value: unknown): JsonObject | null =>
  typeof value === 'string' ? parseProperties(value) : null

/**
 * Parses `locations` printed by Python's `str`: `[{'url': 'file:///a', 'metadata': {'store': 'fast'}}]`.
 * Text without double quotes and escapes becomes JSON by replacing the quotes; other text stays as it is.
 */
export const fromPythonList = (text: string): unknown => {
  if (text.length > LONGEST_PROPERTIES || !text.startsWith('[') || /["\\]/.test(text)) return text
  try {
    return JSON.parse(text.replaceAll("'", '"')) as unknown
  } catch {
    return text
  }
}
