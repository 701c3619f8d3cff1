import type {
  Abortable,
  AbortSignalLike,
  ImageResult,
  ByteSource,
  CloudIdentity,
  ImageError,
  ImageSource,
  VerificationLevel,
} from '@imago/core'
import type { Either } from 'fp-ts/lib/Either.js'
import type { AllowableCheck } from '../safety/check-safety.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import type { TransferEvent } from './transfer-event.ts'
import type { RunTools } from './tools.ts'

/** Clock and sleep are given, so that runs can be tested without waiting. */
export interface RunTiming {
  /** Milliseconds. */
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
}

/** How often a step is tried again when the failure may pass (`isRetryable`), and how long to wait before: `waitMs`, doubled each time. */
export interface RunRetryPolicy {
  readonly attempts: number
  readonly waitMs: number
  readonly maxWaitMs: number
}

/** Bytes behind a URL. */
export interface OpenedUrl {
  readonly bytes: ByteSource
  readonly etag: string | null
  /** When the server says that they were last changed, as it writes it; absent: not told. */
  readonly lastModified?: string | null | undefined
  /** Where redirects led, without its query; absent: not told. */
  readonly finalUrl?: string | undefined
  /** What the server calls the bytes; absent, `null`: it does not. */
  readonly contentType?: string | null | undefined
}

export interface RunOptions extends Abortable {
  /** The source of a cloud that a plan names. */
  readonly openSource: (cloud: CloudIdentity) => ImageResult<ImageSource>
  /** Opens a URL of a plan. It was masked there: a URL that was signed must be known to the caller, from its user. Absent: moves from URLs are refused. */
  readonly openUrl?: ((maskUrl: string, options: Abortable) => ImageResult<OpenedUrl>) | undefined
  /** What decompresses and converts, in place of the usual. */
  readonly tools?: Partial<RunTools> | undefined
  /** The directory of the journals. Made, for its owner only, if it is not there. */
  readonly journalDir: string
  /** The directory of the spool. Made, for its owner only, if it is not there. */
  readonly spoolDir: string
  /** The most bytes that the spool may hold; `null`, absent: as much as there is room. */
  readonly spoolLimit?: number | null | undefined
  /** The least surely verified result to accept. Default: `digest-match`. Below it, the image is removed again. */
  readonly accept?: VerificationLevel | undefined
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
  /** Keep what a failed run made at the target, for a look at it. */
  readonly keepFailed?: boolean | undefined
  readonly onEvent?: ((event: TransferEvent) => void) | undefined
  readonly timing?: RunTiming | undefined
  readonly retry?: RunRetryPolicy | undefined
}

/** Several moves at once. */
export interface RunManyOptions extends RunOptions {
  /** How many at the same time. Default: 1. */
  readonly jobs?: number | undefined
}

/** How one of several moves went. */
export interface RunResult {
  readonly run: string
  readonly answer: Either<ImageError, TransferOutcome>
}
