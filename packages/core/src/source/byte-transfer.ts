import type { UploadFailure } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import type { Abortable } from './abort.ts'

/**
 * How well stored bytes are known to equal the bytes that were sent, best first.
 * - `digest-match`: the digest that the target computed, or that imago computed by reading the bytes back, equals the digest of the sent bytes.
 * - `digest-declared`: the sent bytes have the digest that the source declares; the target reports none.
 * - `size-match`: only the sizes are equal.
 */
export type VerificationLevel = 'digest-match' | 'digest-declared' | 'size-match' | 'unverified'

/** A digest that the caller computes while the bytes are read. */
export interface KnownDigest {
  /** Spelled as in `Digest`. */
  readonly algorithm: string
  /** In hex, available once the last byte was read; `null`: not all bytes were read. */
  readonly value: () => string | null
}

export interface UploadOptions extends Abortable {
  /** The store for the data. Default: the provider's. */
  readonly store?: string | undefined
  /** The digest of all bytes, if the caller computes it: it is compared with the provider's digest, and not computed twice. */
  readonly digest?: KnownDigest | undefined
  /**
   * How much of the same data earlier calls may have sent to this image. The upload then waits for a write in progress, and accepts its result if the data
   * is equal. Default: nothing.
   */
  readonly earlier?: UploadFailure['sent'] | undefined
  /** Called with the number of bytes sent so far; never decreases. */
  readonly onProgress?: ((bytes: number) => void) | undefined
  /** Called at each step with a short description: `image 42 is being written`. */
  readonly onStep?: ((step: string) => void) | undefined
}

export interface DownloadOptions extends Abortable {
  /** The caller compares all bytes with the digest of the image, so the source need not. Sizes are compared in any case. */
  readonly verifiedByCaller?: boolean | undefined
  /** The run ID for the tags of temporary resources, by which `orphans` finds them after a crash. Default: a new ID. */
  readonly run?: string | undefined
  /** The epoch of the run, for the same tags. Default: none. */
  readonly epoch?: number | undefined
  /** Called at each step of opening the bytes with a short description: `server 42 is booting`. */
  readonly onStep?: ((step: string) => void) | undefined
}

export interface ByteImageOptions extends UploadOptions {
  /** The run ID for the tags of all resources that are created, by which `orphans` finds them after a crash. */
  readonly run: string
  /** The epoch of the run, for the same tags. Default: none. */
  readonly epoch?: number | undefined
  /** Size in bytes of the disk that the bytes contain. Default: the number of bytes. */
  readonly virtualSize?: number | undefined
}

/** An image that was created from bytes, and how well its data is verified. */
export interface ByteImage {
  readonly image: Image
  readonly verified: VerificationLevel
}

/** A transfer of bytes to estimate. */
export interface EstimateRequest {
  readonly kind: 'createFromBytes' | 'download'
  readonly architecture: string | null
  /** Size of the disk in bytes; `null`: unknown. */
  readonly virtualSize: number | null
  /** Bytes of disk that a server needs to start from the image. Default: `virtualSize`. */
  readonly minDisk?: number | null | undefined
  /** Bytes to transfer and to store; `null`: unknown. */
  readonly bytes: number | null
}

/** What a transfer needs and costs. A hint, not a guarantee. */
export interface WorkEstimate {
  /** Descriptions: `a cx23 server for an hour`. */
  readonly resources: readonly string[]
  /** Amounts are decimal text, so that none is rounded; `null`: the provider reports none. */
  readonly once: { readonly amount: string; readonly currency: string } | null
  readonly monthly: { readonly amount: string; readonly currency: string } | null
  /** Seconds besides the transfer itself, for booting servers and the like. Absent: none, or unknown. */
  readonly seconds?: number | undefined
}

/** Data for the provider to fetch. */
export interface UrlImport {
  /** Must not appear in errors, logs or messages: it may be signed. */
  readonly url: string
  /** Default: the provider's. */
  readonly stores?: readonly string[] | undefined
}

/** Stores to copy the data of an image to. */
export interface StoreCopyRequest {
  readonly stores: readonly string[]
}
