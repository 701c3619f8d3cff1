import { closest, distance } from 'fastest-levenshtein'

/** The number of changed characters up to which a word of this length resembles another: none of 1, 1 of 2 and 3, 2 of 4 to 8. */
const maxChanges = (length: number): number =>
  length < 4 ? Math.min(1, length - 1) : Math.max(2, Math.floor(length / 3))

/** `. Did you mean x?` if one of `known` resembles `typed`, else an empty text. */
export const formatSuggestion = (typed: string, known: readonly string[]): string => {
  if (known.length === 0) return ''
  const nearest = closest(typed, known as string[])
  return distance(typed, nearest) <= maxChanges(typed.length) ? `. Did you mean ${nearest}?` : ''
}
