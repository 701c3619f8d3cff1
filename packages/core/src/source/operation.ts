import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { ABORTED, raceAbort, type Abortable, type AbortSignalLike } from './abort.ts'
import { aborted, rejected, unavailable, type ErrorSite, type ImageError } from '../error/image-error.ts'
import { isRetryable } from '../error/is-retryable.ts'
import type { Masker } from '../text/masker.ts'

/** Work that goes on at the provider after the call has returned: a Hetzner action, a Glance import or task. */
export interface Operation {
  readonly id: string
  /** What is being done, in the provider's word: `create_image`, `api_image_import`. `null` where it says none. */
  readonly kind: string | null
  readonly status: 'running' | 'success' | 'error'
  /** The part that is done, from 0 to 1; `null` where the provider does not say. */
  readonly progress: number | null
  /** Why it failed, as far as the provider tells; `null` unless `status` is `error`. */
  readonly error: string | null
  /** What to do about `error`, or where its cause is to be found; without a final stop. */
  readonly hint?: string | undefined
  /** RFC 3339, in UTC; `null` where the provider does not say. */
  readonly startedAt: string | null
  /** RFC 3339, in UTC; `null` while it runs, and where the provider does not say. */
  readonly finishedAt: string | null
}

/** The operation without the secrets that its error repeats: a provider's words in an answer of success are not masked before, as those of its errors are. */
export const maskOperation =
  ({ mask, maskOwn }: Masker) =>
  (operation: Operation): Operation => {
    const { error, hint } = operation
    if (error === null) return operation
    return { ...operation, error: mask(error), ...(hint === undefined ? {} : { hint: maskOwn(hint) }) }
  }

/** Where nobody says what to do about work that failed. */
const ASK_PROVIDER = 'Correct the cause, or ask the provider for it, then retry'

/** How to wait. Times are in milliseconds; clock and sleep are given, so that waiting can be tested without waiting. */
export interface WaitOptions extends Abortable {
  /** Between two polls. A provider that asks for more (`RateLimited`) gets it. */
  readonly intervalMs: number
  /** Give up when this much time has passed since the start. */
  readonly deadlineMs: number
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
  /** Called after each poll that was answered. */
  readonly onProgress?: ((operation: Operation) => void) | undefined
}

const pauseAfter = (answer: E.Either<ImageError, Operation>, intervalMs: number): number =>
  E.isLeft(answer) && answer.left._tag === 'RateLimited'
    ? Math.max(intervalMs, answer.left.retryAfterMs ?? 0)
    : intervalMs

const lateError = (site: ErrorSite, deadlineMs: number, answer: E.Either<ImageError, Operation>): ImageError =>
  E.isLeft(answer)
    ? answer.left
    : unavailable(site, {
        what: `operation ${answer.right.id} is still running after ${deadlineMs / 1000} s`,
        hint: 'It continues at the provider; check it later',
      })

/**
 * Polls until the operation ends.
 * - Success gives the operation; its failure gives `Rejected` with its error and hint.
 * - A poll that fails for a while (`isRetryable`) is only repeated: the work goes on whether or not anyone can see it. Any other error ends the waiting.
 * - At the deadline: `Unavailable`, or the error of the last poll. Never sleeps past the deadline, and polls a last time when it has come.
 * - Polls at once, and never while another poll is under way.
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
      const answer = await raceAbort(poll(), signal)
      if (answer === ABORTED) return E.left(aborted(site))
      if (E.isLeft(answer)) {
        if (!isRetryable(answer.left)) return answer
      } else {
        onProgress?.(answer.right)
        if (answer.right.status === 'success') return answer
        if (answer.right.status === 'error')
          return E.left(
            rejected(site, {
              what: answer.right.error ?? `operation ${answer.right.id} failed`,
              hint: answer.right.hint ?? ASK_PROVIDER,
            }),
          )
      }
      if (isLast) return E.left(lateError(site, deadlineMs, answer))
      const left = Math.max(0, end - clock())
      if ((await raceAbort(sleep(Math.min(pauseAfter(answer, intervalMs), left), signal), signal)) === ABORTED)
        return E.left(aborted(site))
    }
  }
