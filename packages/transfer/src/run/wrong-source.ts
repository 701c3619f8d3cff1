import { integrityFailed, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { WrongSource } from '../journal/entry.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { readSourceVersion } from './source-bytes.ts'

const SAME_SOURCE =
  'The source has not changed since, so it was not read again. Repair it, or create a new plan with another source'

export const findWrongSource = (error: ImageError, version: string | null): { readonly wrongSource?: WrongSource } =>
  error._tag === 'IntegrityFailed' && error.remedy === 'new-source'
    ? { wrongSource: { version, expected: error.expected, actual: error.actual } }
    : {}

/** Refuses to fetch wrong bytes again from a source that has not changed. */
export const refuseSameSource = async (context: RunContext): Promise<E.Either<ImageError, void>> => {
  const { wrongSource } = context.journal.state()
  if (wrongSource === null || wrongSource.version === null) return E.right(undefined)
  const now = await readSourceVersion(context)
  if (E.isLeft(now)) return now
  if (now.right !== wrongSource.version) {
    context.emit({
      event: 'note',
      what: 'the source has changed since its bytes were found to be wrong: reading it again',
    })
    return E.right(undefined)
  }
  const { what, expected, actual } = wrongSource
  return E.left(integrityFailed(TRANSFER_SITE, { what, expected, actual, hint: SAME_SOURCE, remedy: 'new-source' }))
}
