import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { ABORTED, raceAbort, type Abortable, type AbortSignalLike } from './abort.ts'
import { aborted, rejected, unavailable, type ErrorSite, type ImageError } from '../error/image-error.ts'
import { isRetryable } from '../error/is-retryable.ts'
import type { Masker } from '../text/masker.ts'

/** Work that continues at the provider after a call has returned: a Hetzner action, a Glance import or task. */
export interface Operation {
  readonly id: string
  /** The provider's name for the work: `create_image`, `api_image_import`; `null`: none. */
  readonly kind: string | null
  readonly status: 'running' | 'success' | 'error'
  /** From 0 to 1; `null`: unknown. */
  readonly progress: number | null
  /** The provider's reason for the failure; `null` unless `status` is `error`. */
  readonly error: string | null
  /** How to resolve `error`, or where to find its cause; without a final full stop. */
  readonly hint?: string | undefined
  /** RFC 3339, in UTC; `null`: unknown. */
  readonly startedAt: string | null
  /** RFC 3339, in UTC; `null`: still running, or unknown. */
  readonly finishedAt: string | null
}

/** Masks secrets in the operation's error, which is part of a successful response. Only texts of failed responses are masked elsewhere. */
export const maskOperation =
  ({ mask, maskOwn }: Masker) =>
  (operation: Operation): Operation => {
    const { error, hint } = operation
    if (error === null) return operation
    return { ...operation, error: mask(error), ...(hint === undefined ? {} : { hint: maskOwn(hint) }) }
  }

/** The hint for failed work without a hint of its own. */
const ASK_PROVIDER = 'Correct the cause, or ask the provider what it is, then retry'

/** Times are in milliseconds. `clock` and `sleep` are parameters, so that tests need not wait. */
export interface WaitOptions extends Abortable {
  /** The interval between polls. A longer `retryAfterMs` of `RateLimited` takes precedence. */
  readonly intervalMs: number
  /** Maximum time to wait. */
  readonly deadlineMs: number
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  /** Called after each successful poll. */
  readonly onProgress?: ((operation: Operation) => void) | undefined
}

const pauseAfter = (result: E.Either<ImageError, Operation>, intervalMs: number): number =>
  E.isLeft(result) && result.left._tag === 'RateLimited'
    ? Math.max(intervalMs, result.left.retryAfterMs ?? 0)
    : intervalMs

const lateError = (site: ErrorSite, deadlineMs: number, result: E.Either<ImageError, Operation>): ImageError =>
  E.isLeft(result)
    ? result.left
    : unavailable(site, {
        what: `operation ${result.right.id} is still running after ${deadlineMs / 1000} s`,
        hint: 'Check it later: it continues at the provider',
      })

/**
 * Polls until the operation ends.
 * - Returns the operation after success. A failed operation gives `Rejected` with its error and hint.
 * - A poll with a temporary error (`isRetryable`) is repeated, since the work continues regardless. Any other error is returned.
 * - At the deadline, returns `Unavailable` or the error of the last poll. Never sleeps past the deadline, and polls once more when it is reached.
 * - The first poll is immediate; polls never overlap.
 */
export const waitFor =
  (
    site: ErrorSite,
    poll: TaskEither<ImageError, Operation>,
    { intervalMs, deadlineMs, clock, sleep, signal, onProgress }: WaitOptions,
  ): TaskEither<ImageError, Operation> =>
  async () => {
    const end = clock() + deadlineMs
    for (;;) {
      if (signal?.aborted === true) return E.left(aborted(site))
      const isLast = clock() >= end
      const result = await raceAbort(poll(), signal)
      if (result === ABORTED) return E.left(aborted(site))
      if (E.isLeft(result)) {
        if (!isRetryable(result.left)) return result
      } else {
        onProgress?.(result.right)
        if (result.right.status === 'success') return result
        if (result.right.status === 'error')
          return E.left(
            rejected(site, {
              what: result.right.error ?? `operation ${result.right.id} failed`,
              hint: result.right.hint ?? ASK_PROVIDER,
            }),
          )
      }
      if (isLast) return E.left(lateError(site, deadlineMs, result))
      const left = Math.max(0, end - clock())
      if ((await raceAbort(sleep(Math.min(pauseAfter(result, intervalMs), left), signal), signal)) === ABORTED)
        return E.left(aborted(site))
    }
  }
