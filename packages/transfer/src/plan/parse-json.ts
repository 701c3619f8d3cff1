import { isTooDeep } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** Plans and journals are nested less than ten deep. */
const DEEPEST = 64

/** JSON that somebody else may have written. A text of brackets alone makes V8 run out of memory: it is not parsed. Left: what is wrong, in words. */
export const parseJson = (text: string): E.Either<string, unknown> => {
  if (isTooDeep(text, DEEPEST)) return E.left(`is nested more than ${DEEPEST} deep`)
  try {
    return E.right(JSON.parse(text) as unknown)
  } catch (thrown) {
    return E.left(`is not JSON: ${(thrown as Error).message}`)
  }
}
