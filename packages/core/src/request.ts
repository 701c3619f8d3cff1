import type { Abortable } from './abort.ts'
import type { Image, ImageKind, Visibility } from './image.ts'
import type { Operation } from './operation.ts'

/** Entries to set; `null` removes the key. Keys that are not named stay as they are: nobody loses an entry that they did not know of. */
export type Entries = Readonly<Record<string, string | null>>

/** What to change about an image. What is absent stays. */
export interface ImageChanges {
  /** A backup becomes a snapshot, for good. */
  readonly kind?: 'snapshot'
  readonly name?: string
  readonly description?: string
  readonly labels?: Entries
  /** Replaces all tags. */
  readonly tags?: readonly string[]
  readonly properties?: Entries
  /** Bytes; a provider that counts in larger units rounds up. */
  readonly minDisk?: number
  /** Bytes; a provider that counts in larger units rounds up. */
  readonly minRam?: number
}

/** A new image's record. */
export interface NewImage {
  readonly name: string
  /** `qcow2`, `raw` … */
  readonly diskFormat: string
  /** `bare` unless said. */
  readonly containerFormat?: string
  readonly architecture?: string
  readonly visibility?: Exclude<Visibility, 'unknown'>
  readonly description?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly tags?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
  /** Bytes. */
  readonly minDisk?: number
  /** Bytes. */
  readonly minRam?: number
}

/** An image to be made from the disk of a server. */
export interface ServerImageRequest {
  readonly serverId: string
  readonly name?: string
  readonly description?: string
  /** `snapshot` unless said. */
  readonly kind?: Extract<ImageKind, 'snapshot' | 'backup'>
  readonly labels?: Readonly<Record<string, string>>
}

/** A server that an image can be made from. */
export interface ServerSummary {
  readonly id: string
  readonly name: string | null
  /** The provider's word. */
  readonly status: string | null
}

/** The image that is being made, and the work that makes it. */
export interface ServerImage {
  readonly image: Image
  readonly operation: Operation
}

/** A change to the sharing of an image: its owner invites or withdraws, the invited project accepts or declines. */
export type ShareRequest =
  /** `project`: the provider's id of the other one. */
  | { readonly action: 'invite' | 'withdraw'; readonly project: string }
  /** `project`: one's own, unless said. */
  | { readonly action: 'accept' | 'decline'; readonly project?: string | undefined }

/** A project that an image is shared with. */
export interface ImageShare {
  readonly project: string
  readonly status: 'pending' | 'accepted' | 'declined' | 'unknown'
}

/** Data for the provider to fetch. */
export interface UrlImport {
  /** Never in an error, log or message: it may be signed. */
  readonly url: string
  /** Absent: the provider's default. */
  readonly stores?: readonly string[]
}

/** Stores to copy the data of an image to. */
export interface StoreCopyRequest {
  readonly stores: readonly string[]
}

export interface UploadOptions extends Abortable {
  /** Called with the bytes sent so far; never decreases. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}
