import type { ImageResult, ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'

/** Returns the error; fails for a success. */
export const getError = async (answer: ImageResult<unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}
