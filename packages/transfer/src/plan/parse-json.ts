import * as E from 'fp-ts/lib/Either.js'

/** Plans and journals are nested less than ten deep. */
const DEEPEST = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** How deep arrays and objects are nested in JSON, at most; of other text, whatever. Stops where it is deeper than `limit`. */
const depthOf = (text: string, limit: number): number => {
  let depth = 0
  let deepest = 0
  let isText = false
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const code = text.charCodeAt(at)
    if (isText) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) isText = false
    } else if (code === QUOTE) isText = true
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (code === 0x5d || code === 0x7d) depth--
  }
  return deepest
}

/** JSON that somebody else may have written. A text of brackets alone makes V8 run out of memory: it is not parsed. Left: what is wrong, in words. */
export const parseJson = (text: string): E.Either<string, unknown> => {
  if (depthOf(text, DEEPEST) > DEEPEST) return E.left(`is nested more than ${DEEPEST} deep`)
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    return E.left(`is not JSON: ${(thrown as Error).message}`)
  }
}
