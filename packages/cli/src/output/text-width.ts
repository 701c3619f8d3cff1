import { createRequire } from 'node:module'

/** ASCII, Latin letters, dashes, quotes and the ellipsis: one column a character. Without the soft hyphen, which has none. */
const NARROW = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/

type Measure = (text: string) => number
let measure: Measure | null = null

/** `require`, because widths are needed at once. */
const loadMeasure = (): Measure =>
  (createRequire(import.meta.url)('string-width') as { readonly default: Measure }).default

/** The number of terminal columns of a text. Loads `string-width`, whose patterns take longer to compile than Node to start, only for other characters. */
export const textWidth = (text: string): number => {
  if (NARROW.test(text)) return text.length
  measure ??= loadMeasure()
  return measure(text)
}
