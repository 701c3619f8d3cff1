import { closest, distance } from 'fastest-levenshtein'

/** `. Did you mean x?` if one of `known` resembles `typed`, else an empty text. */
export const didYouMean = (typed: string, known: readonly string[]): string => {
  if (known.length === 0) return ''
  const nearest = closest(typed, known as string[])
  return distance(typed, nearest) <= Math.max(2, Math.floor(typed.length / 3)) ? `. Did you mean ${nearest}?` : ''
}
