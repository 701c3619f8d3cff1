import type { Instant } from '@imago/codec'
import type { CloudIdentity, Image, ObservedPrices, ReadState, Usage } from '@imago/core'
import type * as E from 'fp-ts/lib/Either.js'
import type { StoreError } from '../error.ts'
import type { ImageExtra, Mask } from '../rows/image-row.ts'

/** A run, for all its clouds. */
export interface StoreRun {
  /** Identifies the run. */
  readonly id: string
  /** Start of reading. Runs of a cloud must be stored in order. */
  readonly at: Instant
  readonly origin: 'live' | 'file'
  /** The selection options as JSON; `null`: all images. */
  readonly selection: string | null
  /** Version of imago. */
  readonly version: string
}

/** The state of reading a cloud. */
export interface CloudState {
  readonly cloud: CloudIdentity
  /** Only with `read`, stored images that were not read are marked as missing. */
  readonly images: ReadState
  /** Number of unreadable records. They may be stored images, so if there are any, none is marked as missing. */
  readonly rejected: number
  /** `null`: not requested. */
  readonly usage: Usage | null
  /** `null`: not requested. */
  readonly prices: ObservedPrices | null
}

/** The changes of a database by a batch. A file has no history, so all its images are new. */
export interface StoreChanges {
  readonly images: number
  readonly added: number
  readonly changed: number
  readonly missing: number
}

/** Images of one or more clouds, stored in one transaction. */
export interface StoreBatch {
  readonly add: (image: Image, extra?: ImageExtra) => void
  /** Writes pending images. Call and await it every few hundred images. */
  readonly flush: () => Promise<E.Either<StoreError, void>>
  /** Stores the images. */
  readonly commit: (clouds: readonly CloudState[]) => Promise<E.Either<StoreError, StoreChanges>>
  /** Discards the images. */
  readonly rollback: () => Promise<void>
}

/** An open store. Its owner must call `close` or `discard`. */
export interface StoreWriter {
  /** Its display name, without a password. */
  readonly title: string
  /** Begins a batch. Only one may be open. */
  readonly begin: () => Promise<E.Either<StoreError, StoreBatch>>
  /** Closes the store; a file gets its name. */
  readonly close: () => Promise<E.Either<StoreError, void>>
  /** Closes the store without the open batch; no file is created. */
  readonly discard: () => Promise<void>
}

/** Options of `openStoreWriter`. */
export interface StoreWriterOptions {
  readonly run: StoreRun
  /** Changes each text before it is stored, to mask secrets. Default: unchanged. */
  readonly mask?: Mask | undefined
}
