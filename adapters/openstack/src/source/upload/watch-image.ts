import { unavailable, type Abortable, type Image, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createSite, fetchRecord, toImage, type SourceContext } from '../context.ts'
import { UPLOAD } from './attempt.ts'

/** An image at one point in time. */
export interface Snapshot {
  readonly found: E.Either<ImageError, Image>
  /** Why the response is considered outdated; `null` if it is not. */
  readonly outdated: string | null
}

export const CACHE_HINT =
  'Check the caches in front of Glance: they return outdated responses although the requests forbid it. The image may be complete: check it when the cache has expired, then retry'

export const formatAge = (seconds: number): string => `the last one was ${seconds} s old`

export const outdatedError = (context: SourceContext, id: string, why: string): ImageError =>
  unavailable(createSite(context, UPLOAD), {
    what: `the state of image ${id} is unknown, because a cache in front of Glance returns outdated responses: ${why}`,
    hint: CACHE_HINT,
  })

/** Creates a reader that detects responses older than an earlier one. `updatedAt`: from the first record. */
export const watchImage = (
  context: SourceContext,
  id: string,
  updatedAt: unknown,
  { signal }: Abortable,
): (() => Promise<Snapshot>) => {
  let latest = typeof updatedAt === 'string' ? updatedAt : null
  return async () => {
    let age = 0
    const found = await pipe(
      fetchRecord(context, UPLOAD, id, { signal, onAge: (seconds) => void (age = seconds) }),
      TE.flatMapEither(toImage(context, UPLOAD)),
    )()
    if (age > 0) return { found, outdated: formatAge(age) }
    const now = E.isRight(found) ? found.right.updatedAt : null
    if (now !== null && latest !== null && Date.parse(now) < Date.parse(latest))
      return {
        found,
        outdated: `the record was updated at ${now}, but an earlier response had one updated at ${latest}`,
      }
    latest = now ?? latest
    return { found, outdated: null }
  }
}
