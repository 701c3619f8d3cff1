/**
 * Maximum nesting of lists and objects in foreign JSON. Real responses have fewer than ten levels; `JSON.stringify` exhausts the stack at about twice this
 * value. A page of 1,000 images with tags has fewer brackets than this, so its depth need not be computed.
 */
export const MAX_JSON_DEPTH = 2048

/**
 * Maximum number of members and elements in all lists and objects of one text. A page of 1,000 images has 30,000; the limit allows 30,000 images in one
 * response. Each value may become a note or a rejected record, which takes much more memory than its text.
 */
export const MAX_JSON_VALUES = 1_000_000

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c

const hasMoreThan = (text: string, max: number, characters: readonly string[]): boolean => {
  let count = 0
  for (const character of characters) {
    for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1))
      if (++count > max) return true
  }
  return false
}

/** Whether the character at `index` follows an odd number of backslashes. */
const isEscaped = (text: string, index: number): boolean => {
  let first = index
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (index - first) % 2 === 1
}

/** The end of the string that starts at `start`; -1: unterminated. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** Which bound the JSON exceeds first; `null`: none. */
const walk = (text: string, maxDepth: number, maxValues: number): 'depth' | 'values' | null => {
  let depth = 0
  let commas = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index)
        if (index === -1) return null
        break
      case COMMA:
        if (++commas >= maxValues) return 'values'
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) return 'depth'
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return null
}

// Fast checks: depth needs as many brackets, and values as many commas; searching for them is much faster than walking the text.
const mayBeDeep = (text: string, max: number): boolean => hasMoreThan(text, max, ['{', '['])
const mayBeLarge = (text: string, max: number): boolean => text.length >= 2 * max && hasMoreThan(text, max - 1, [','])

/** Whether the lists and objects of JSON are nested deeper than `max` levels. The result is meaningless for text that is not JSON. */
export const isTooDeep = (text: string, max = MAX_JSON_DEPTH): boolean =>
  mayBeDeep(text, max) && walk(text, max, Infinity) === 'depth'

/** How foreign JSON exceeds the bounds, as a predicate without a subject; `null`: it does not. Meaningless for text that is not JSON. */
export const findJsonExcess = (text: string): string | null => {
  if (!mayBeDeep(text, MAX_JSON_DEPTH) && !mayBeLarge(text, MAX_JSON_VALUES)) return null
  const excess = walk(text, MAX_JSON_DEPTH, MAX_JSON_VALUES)
  if (excess === null) return null
  return excess === 'depth'
    ? `is nested deeper than ${MAX_JSON_DEPTH} levels`
    : `has more than ${MAX_JSON_VALUES} values`
}
