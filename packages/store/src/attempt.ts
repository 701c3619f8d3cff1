import * as E from 'fp-ts/lib/Either.js'
import { toStoreError, type StoreError } from './error.ts'

/** Runs a function, and returns its exception as an error. */
export const attempt = async <A>(target: string, work: () => Promise<A>): Promise<E.Either<StoreError, A>> => {
  try {
    return E.right(await work())
  } catch (thrown) {
    return E.left(toStoreError(target, thrown))
  }
}
