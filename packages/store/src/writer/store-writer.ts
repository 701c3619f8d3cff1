import type { Instant } from '@imago/codec'
import type { CloudIdentity, Image, ObservedPrices, ReadState, Usage } from '@imago/core'
import type * as E from 'fp-ts/lib/Either.js'
import type { StoreError } from '../error.ts'
import type { ImageExtra, Mask } from '../rows/image-row.ts'

/** What is stored about a run, for all its clouds. */
export interface StoreRun {
  /** Identifies the run. */
  readonly id: string
  /** When reading began. Runs of a cloud are stored in the order of time. */
  readonly at: Instant
  readonly origin: 'live' | 'file'
  /** The selection options as JSON; `null`: all images. */
  readonly selection: string | null
  /** Of imago. */
  readonly version: string
}

/** How the images of a cloud were read, and what else was read of it. */
export interface CloudState {
  readonly cloud: CloudIdentity
  /** Only after `read` are stored images missing that are not among the new ones. */
  readonly images: ReadState
  /** How many records could not be read. They may be stored images, so with any none is missing. */
  readonly rejected: number
  /** `null`: not asked for. */
  readonly usage: Usage | null
  /** `null`: not asked for. */
  readonly prices: ObservedPrices | null
}

/** What a batch changed in a database. A file has no history: there all images are new. */
export interface StoreChanges {
  readonly images: number
  readonly added: number
  readonly changed: number
  readonly missing: number
}

/** The images of one or more clouds, stored all or none. */
export interface StoreBatch {
  readonly add: (image: Image, extra?: ImageExtra) => void
  /** Writes what has gathered. To be called, and waited for, after each few hundred images. */
  readonly flush: () => Promise<E.Either<StoreError, void>>
  /** Ends it: the images are stored. */
  readonly commit: (clouds: readonly CloudState[]) => Promise<E.Either<StoreError, StoreChanges>>
  /** Ends it: nothing is stored. */
  readonly rollback: () => Promise<void>
}

export interface StoreWriter {
  /** How people call it: without a password. */
  readonly title: string
  /** One at a time. */
  readonly begin: () => Promise<E.Either<StoreError, StoreBatch>>
  /** Ends it, and gives a file its name. */
  readonly close: () => Promise<E.Either<StoreError, void>>
  /** Ends it without the batch that is open; a file is not made. */
  readonly discard: () => Promise<void>
}

export interface StoreWriterOptions {
  readonly run: StoreRun
  /** Changes each text before it is stored: hides secrets. Stored as it is, if left out. */
  readonly mask?: Mask | undefined
}
