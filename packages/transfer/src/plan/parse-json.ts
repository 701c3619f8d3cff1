import { isTooDeep } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** Plans and journals have fewer than ten levels. */
const MAX_DEPTH = 64

/** Parses untrusted JSON. Deeply nested text, which makes V8 run out of memory, is refused. Left: the reason. */
export const parseJson = (text: string): E.Either<string, unknown> => {
  if (isTooDeep(text, MAX_DEPTH)) return E.left(`is nested more than ${MAX_DEPTH} deep`)
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch {
    return E.left('is not valid JSON')
  }
}
