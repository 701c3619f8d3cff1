import {
  decideUploadStep,
  getUploadTimeoutMs,
  isRetryable,
  type Image,
  type ImageError,
  type UploadOptions,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { SourceContext } from '../context.ts'
import { isOccupied, type Attempt } from './attempt.ts'
import { compareImage, type Seen } from './compare.ts'
import { toUploadState } from './image-state.ts'
import { outdatedError, type Snapshot } from './watch-image.ts'

/** First and longest pause between two reads of an image that is being written. */
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 5000

/** How long to wait for a current record: caches that ignore the request for a fresh one keep it for about a minute. */
const OUTDATED_RECORD_MS = 90_000

/** Delay before the wait is reported. */
const REPORT_AFTER_MS = 2000

const OCCUPIED = 409

export const toSeen = (found: E.Either<ImageError, Image>): Seen =>
  E.isLeft(found)
    ? { state: found.left._tag === 'NotFound' ? 'gone' : 'unknown', error: found.left }
    : { state: toUploadState(found.right.providerStatus), error: null }

/** Whether Glance's response contradicts a record with an image that is waiting for data. */
const contradictsRecord = ({ error }: Attempt): boolean =>
  error !== null && isOccupied(error) && error.request?.status === OCCUPIED

/** Reads the image until its state is final or the time is up. */
export const settleImage = async (
  context: SourceContext,
  id: string,
  attempt: Attempt,
  look: () => Promise<Snapshot>,
  options: UploadOptions,
): Promise<E.Either<Seen, Image>> => {
  const { clock, sleep } = context.timing
  const { response, sent, size } = attempt
  const isAborted = (): boolean => options.signal?.aborted === true
  const began = clock()
  const end = began + getUploadTimeoutMs(sent, size)
  let isReported = false
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 1.5)) {
    const { found, outdated } = await look()
    const canWait = clock() < end && !isAborted()
    const decide = (image: Seen['state']) => decideUploadStep({ response, sent, image, canWait, canRetry: false })
    let seen = toSeen(found)
    // A failed read does not mean that Glance stopped writing the image.
    if (seen.state === 'unknown' && sent === 'all' && canWait && seen.error !== null && isRetryable(seen.error))
      seen = { state: 'receiving', error: seen.error }
    let step = decide(seen.state)
    if (step === 'compare' && E.isRight(found)) {
      seen = compareImage(context, found.right, attempt)
      step = decide(seen.state)
    }
    if (step === 'done' && E.isRight(found)) return found
    // Glance rejects data although the record is waiting for data, so the state is unknown.
    if (outdated === null && seen.state === 'empty' && contradictsRecord(attempt))
      return E.left({ state: 'stale', error: null })
    // Glance accepted the data but the record is unchanged: a cache may return an old record without `Age`.
    const mayBeOutdated =
      outdated !== null || (seen.state === 'empty' && response === 'accepted' && attempt.error === null)
    const awaitsCurrent = mayBeOutdated && !isAborted() && clock() - began < OUTDATED_RECORD_MS
    if (!awaitsCurrent && step !== 'wait')
      return E.left(outdated === null ? seen : { state: 'stale', error: outdatedError(context, id, outdated) })
    const until = step === 'wait' ? end : began + OUTDATED_RECORD_MS
    if (!isReported && clock() - began >= REPORT_AFTER_MS) {
      isReported = true
      const minutes = Math.ceil((until - clock()) / 60_000)
      options.onStep?.(
        mayBeOutdated
          ? `waiting up to ${minutes} min for a current record of image ${id}: a cache in front of Glance seems to return an outdated one`
          : `waiting up to ${minutes} min for Glance to finish writing image ${id}`,
      )
    }
    await sleep(Math.min(pauseMs, Math.max(0, until - clock())), options.signal)
  }
}
