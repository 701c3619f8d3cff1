import { ABORTED, aborted, isRetryable, formatError, raceAbort, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { StepName } from '../plan/plan.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'

const waitBefore = ({ retry }: RunContext, attempt: number, error: ImageError): number => {
  const usual = Math.min(retry.maxWaitMs, retry.waitMs * 2 ** (attempt - 1))
  return error._tag === 'RateLimited' ? Math.max(usual, error.retryAfterMs ?? 0) : usual
}

/** Waits before attempt `attempt` (from 1) at something that failed by `error`. Left: stopped by the caller. */
export const pause = async (
  context: RunContext,
  step: StepName,
  attempt: number,
  error: ImageError,
): Promise<E.Either<ImageError, void>> => {
  const { timing, signal, emit } = context
  const waitMs = waitBefore(context, attempt, error)
  emit({ event: 'retry', step, attempt, reason: formatError(error), waitMs })
  const slept = await raceAbort(timing.sleep(waitMs, signal), signal)
  return slept === ABORTED ? E.left(aborted(TRANSFER_SITE)) : E.right(undefined)
}

/** Does `work` again while its failure may pass, as often as the policy says. */
export const retrying = async <A>(
  context: RunContext,
  step: StepName,
  work: () => Promise<E.Either<ImageError, A>>,
  mayPass: (error: ImageError) => boolean = isRetryable,
): Promise<E.Either<ImageError, A>> => {
  for (let attempt = 1; ; attempt++) {
    if (context.signal?.aborted === true) return E.left(aborted(TRANSFER_SITE))
    const answer = await work()
    if (E.isRight(answer) || !mayPass(answer.left) || attempt >= context.retry.attempts) return answer
    const waited = await pause(context, step, attempt, answer.left)
    if (E.isLeft(waited)) return waited
  }
}
