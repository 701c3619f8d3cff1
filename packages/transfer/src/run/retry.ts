import { ABORTED, aborted, isRetryable, formatError, raceAbort, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { StepName } from '../plan/plan.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'

const getWaitMs = ({ retry }: RunContext, attempt: number, error: ImageError): number => {
  const backOffMs = Math.min(retry.maxWaitMs, retry.waitMs * 2 ** (attempt - 1))
  return error._tag === 'RateLimited' ? Math.max(backOffMs, error.retryAfterMs ?? 0) : backOffMs
}

/** Waits after the failed attempt `attempt` (from 1). Left: aborted by the caller. */
export const pause = async (
  context: RunContext,
  step: StepName,
  attempt: number,
  error: ImageError,
): Promise<E.Either<ImageError, void>> => {
  const { timing, signal, emit } = context
  const waitMs = getWaitMs(context, attempt, error)
  emit({ event: 'retry', step, attempt, reason: formatError(error), waitMs })
  const slept = await raceAbort(timing.sleep(waitMs, signal), signal)
  return slept === ABORTED ? E.left(aborted(TRANSFER_SITE)) : E.right(undefined)
}

/** Retries `work` while its error is retryable, as often as the policy allows. */
export const retrying = async <A>(
  context: RunContext,
  step: StepName,
  work: () => Promise<E.Either<ImageError, A>>,
  isWorthRetrying: (error: ImageError) => boolean = isRetryable,
): Promise<E.Either<ImageError, A>> => {
  for (let attempt = 1; ; attempt++) {
    if (context.signal?.aborted === true) return E.left(aborted(TRANSFER_SITE))
    const result = await work()
    if (E.isRight(result) || !isWorthRetrying(result.left) || attempt >= context.retry.attempts) return result
    const waited = await pause(context, step, attempt, result.left)
    if (E.isLeft(waited)) return waited
  }
}
