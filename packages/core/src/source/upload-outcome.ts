import { isRetryable } from '../error/is-retryable.ts'
import type { ImageError, UploadFailure } from '../error/image-error.ts'

/** `accepted`: a success. `refused`: the same bytes would be refused again. `failed`: no response, or one that is not about the bytes. */
export type UploadResponse = UploadFailure['response']

/** The next step of an upload. */
export type UploadStep =
  /** The image holds the sent bytes. */
  | 'done'
  /** The image has data: compare them with the sent bytes. */
  | 'compare'
  /** Read the image again after a short time. */
  | 'wait'
  /** Try again with the same image, after reading its state. */
  | 'retry'
  /** Delete the image, if it still exists, and try again with a new one. */
  | 'replace'
  /** Give up, and delete the image. */
  | 'delete'
  /** Give up, and keep the image: it may still become complete, or it belongs to someone else. */
  | 'keep'

/** The state after an upload attempt. */
export interface UploadState extends Omit<UploadFailure, 'bytes'> {
  /** Whether time is left to wait for an image that is receiving data: see `getUploadTimeoutMs`. */
  readonly canWait: boolean
  /** Whether the data may be sent again. */
  readonly canRetry: boolean
}

const MINUTE_MS = 60_000

/** The minimum rate at which a provider writes received data, in bytes per second. */
const SLOWEST_WRITE = 8 * 2 ** 20

/** Maximum time until the provider notices that an upload was cut off. */
const UNNOTICED_MS = MINUTE_MS / 2

/** Maximum time to write an image after all bytes were received, in addition to the time for its size. */
const WRITING_MS = 5 * MINUTE_MS

/** How long to wait for an image that is receiving data, in milliseconds. `size`: of the data, in bytes; `null`: unknown. */
export const getUploadTimeoutMs = (sent: UploadFailure['sent'], size: number | null): number => {
  switch (sent) {
    case 'nothing':
      return 0
    case 'part':
      return UNNOTICED_MS
    case 'all':
      return WRITING_MS + Math.ceil((1000 * (size ?? 0)) / SLOWEST_WRITE)
  }
}

/** Classifies the error of an upload. `Conflict` and `NotFound` are about the image, so a new image may succeed. */
export const classifyUploadError = (error: ImageError): UploadResponse => {
  switch (error._tag) {
    case 'Conflict':
    case 'NotFound':
    case 'DecodeFailed':
      return 'failed'
    // The adapter has already retried as often as allowed.
    case 'RateLimited':
      return 'refused'
    default:
      return isRetryable(error) ? 'failed' : 'refused'
  }
}

/** The step for an image that is still receiving data after the maximum time to wait. */
const decideAfterTimeout = ({ response, sent, canRetry }: UploadState): UploadStep => {
  switch (sent) {
    case 'nothing':
      return canRetry ? 'retry' : 'keep'
    case 'part':
      // Without its last bytes the image never becomes complete, so it can be deleted.
      return canRetry && response === 'failed' ? 'replace' : 'delete'
    case 'all':
      return 'keep'
  }
}

/**
 * Decides the step after an upload attempt, both for the adapter, which compares and waits, and for the transfer engine, which retries, deletes or keeps
 * the image. An image is never deleted while all its bytes may still be written.
 */
export const decideUploadStep = (state: UploadState): UploadStep => {
  const { response, sent, image, canWait, canRetry } = state
  const mayTry = canRetry && response === 'failed'
  switch (image) {
    case 'same':
      return 'done'
    case 'whole':
      return 'compare'
    case 'other':
      return sent === 'nothing' ? 'keep' : 'delete'
    case 'withheld':
    case 'foreign':
      return 'keep'
    case 'receiving':
      return canWait ? 'wait' : decideAfterTimeout(state)
    case 'failed':
      return mayTry ? 'replace' : 'delete'
    case 'gone':
      return mayTry ? 'replace' : 'keep'
    case 'empty':
      // Do not act on a success without data: it may come from a proxy, or the state of the image may be outdated.
      if (response === 'accepted') return 'keep'
      return mayTry ? 'retry' : 'delete'
    case 'stale':
      // The image may be complete by now. If so, the provider refuses the data of a retry.
      return mayTry ? 'retry' : 'keep'
    case 'unknown':
      if (mayTry) return 'retry'
      return sent === 'all' ? 'keep' : 'delete'
  }
}
