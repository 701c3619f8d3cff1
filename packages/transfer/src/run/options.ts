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
import type { JournalStore } from '../journal/journal-store.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import type { TransferEvent } from './transfer-event.ts'
import type { RunTools } from './tools.ts'

/** Clock and sleep are parameters, so that tests need not wait. */
export interface RunTiming {
  /** Milliseconds. */
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignalLike) => Promise<void>
}

/** How often a step is retried after a retryable error (`isRetryable`), and how long to wait before: `waitMs`, doubled each time. */
export interface RunRetryPolicy {
  readonly attempts: number
  readonly waitMs: number
  readonly maxWaitMs: number
}

/** The bytes of a URL. */
export interface OpenedUrl {
  readonly bytes: ByteSource
  readonly etag: string | null
  /** The `Last-Modified` header; absent: none. */
  readonly lastModified?: string | null | undefined
  /** The URL after redirects, without its query; absent: unknown. */
  readonly finalUrl?: string | undefined
  /** The content type that the server reports; absent, `null`: none. */
  readonly contentType?: string | null | undefined
}

/** What a run needs besides its plan. */
export interface RunOptions extends Abortable {
  /** Opens the source of a cloud that a plan names. */
  readonly openSource: (cloud: CloudIdentity) => ImageResult<ImageSource>
  /** Opens a URL of a plan, which is masked there: the caller must know the secrets of a signed URL. Absent: transfers from URLs are refused. */
  readonly openUrl?: ((maskedUrl: string, options: Abortable) => ImageResult<OpenedUrl>) | undefined
  /** Replacements of the tools that inspect, decompress and convert. */
  readonly tools?: Partial<RunTools> | undefined
  /** The journals of runs: a store, or a directory. A directory is created, for its owner only, if it does not exist. */
  readonly journals: JournalStore | string
  /** The directory of the spool. Created, for its owner only, if it does not exist. */
  readonly spoolDir: string
  /** The most bytes in the spool; `null`, absent: limited only by the disk. */
  readonly spoolLimit?: number | null | undefined
  /** The weakest verification level to accept. Default: `digest-match`. An image below it is deleted. */
  readonly accept?: VerificationLevel | undefined
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
  /** Keeps the image of a failed run, for inspection. */
  readonly keepFailed?: boolean | undefined
  readonly onEvent?: ((event: TransferEvent) => void) | undefined
  readonly timing?: RunTiming | undefined
  readonly retry?: RunRetryPolicy | undefined
}

/** Options for several transfers. */
export interface RunManyOptions extends RunOptions {
  /** The most transfers at the same time. Default: 1. */
  readonly jobs?: number | undefined
}

/** The result of one of several transfers. */
export interface RunResult {
  readonly run: string
  readonly result: Either<ImageError, TransferOutcome>
}
