import { isRetryable } from '../error/is-retryable.ts'
import type { ImageError, UploadFailure } from '../error/image-error.ts'

/** `accepted`: a success. `refused`: the same bytes get the same answer again. `failed`: no answer, or one that says nothing of the bytes. */
export type UploadResponse = UploadFailure['response']

/** What an upload comes to next. */
export type UploadStep =
  /** The image holds what was sent. */
  | 'done'
  /** It has data: compare them with what was sent. */
  | 'compare'
  /** Look at the image again, a little later. */
  | 'wait'
  /** Try once more with the same image; the next try looks at it before it sends. */
  | 'retry'
  /** Delete the image, if it is still there, and try once more with another. */
  | 'replace'
  /** Give up, and delete the image. */
  | 'delete'
  /** Give up, and leave the image: it may still become whole, or it is not this caller's to delete. */
  | 'keep'

/** All that is known after an upload. */
export interface UploadState extends Omit<UploadFailure, 'bytes'> {
  /** Whether an image that is receiving data may still be waited for: see `getUploadTimeoutMs`. */
  readonly canWait: boolean
  /** Whether another body may be sent. */
  readonly canRetry: boolean
}

const MINUTE_MS = 60_000

/** The slowest that a provider writes what it was sent, in bytes a second. */
const SLOWEST_WRITE = 8 * 2 ** 20

/** How long an image that got a part of its bytes may take to notice that no more come. */
const UNNOTICED_MS = MINUTE_MS / 2

/** How long an image that got all its bytes may take to be written, besides what its size takes. */
const WRITING_MS = 5 * MINUTE_MS

/** How long to wait for an image that is receiving data, in milliseconds. `size`: of the data, in bytes; `null`: not known. */
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

/** An error as the answer to an upload. `Conflict` and `NotFound` are about the image, which may be another the next time. */
export const classifyUploadError = (error: ImageError): UploadResponse => {
  switch (error._tag) {
    case 'Conflict':
    case 'NotFound':
    case 'DecodeFailed':
      return 'failed'
    // The adapter has waited and sent again as often as the cloud may be asked.
    case 'RateLimited':
      return 'refused'
    default:
      return isRetryable(error) ? 'failed' : 'refused'
  }
}

/** The image is receiving data, and will for longer than anybody waits. */
const stuck = ({ response, sent, canRetry }: UploadState): UploadStep => {
  switch (sent) {
    case 'nothing':
      return canRetry ? 'retry' : 'keep'
    case 'part':
      // Without its last bytes it never becomes whole: nothing is lost with it.
      return canRetry && response === 'failed' ? 'replace' : 'delete'
    case 'all':
      return 'keep'
  }
}

/**
 * The one decision on what follows an upload: for the adapter that sends, which compares and waits, and for the engine that owns the image, which
 * tries again, deletes or leaves it. An image is never deleted while all its bytes may be being written.
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
      return canWait ? 'wait' : stuck(state)
    case 'failed':
      return mayTry ? 'replace' : 'delete'
    case 'gone':
      return mayTry ? 'replace' : 'keep'
    case 'empty':
      // A success without data is nobody's word to act on: an answer of something in between, or an old one of the image.
      if (response === 'accepted') return 'keep'
      return mayTry ? 'retry' : 'delete'
    case 'stale':
      // It may be whole by now. The provider itself refuses data for one that does not wait for them.
      return mayTry ? 'retry' : 'keep'
    case 'unknown':
      if (mayTry) return 'retry'
      return sent === 'all' ? 'keep' : 'delete'
  }
}
