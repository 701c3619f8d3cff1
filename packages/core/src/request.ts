import type { Abortable } from './abort.ts'
import type { UploadFailure } from './error.ts'
import type { Image } from './image/image.ts'
import type { ImageKind, Visibility } from './image/values.ts'
import type { Operation } from './operation.ts'

/** Entries to set; `null` removes the key. Keys that are not named stay as they are: nobody loses an entry that they did not know of. */
export type Entries = Readonly<Record<string, string | null>>

/** Tags to add and to remove; a tag that is in both is removed. Tags that are not named stay, also those that somebody else has just added. */
export interface TagChanges {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

const isList = (tags: readonly string[] | TagChanges): tags is readonly string[] => Array.isArray(tags)

/** The tags of an image that has `tags`, once they are changed: each once. */
export const applyTagChanges = (
  tags: readonly string[],
  changes: readonly string[] | TagChanges,
): readonly string[] => {
  if (isList(changes)) return [...new Set(changes)]
  const { add = [], remove = [] } = changes
  const removed = new Set(remove)
  return [...new Set([...tags, ...add])].filter((tag) => !removed.has(tag))
}

/** What to change about an image. What is absent stays. */
export interface ImageChanges {
  /** A backup becomes a snapshot, for good. */
  readonly kind?: 'snapshot'
  readonly name?: string
  readonly description?: string
  readonly labels?: Entries
  /** A list replaces all tags. */
  readonly tags?: readonly string[] | TagChanges
  readonly properties?: Entries
  /** Bytes; a provider that counts in larger units rounds up. */
  readonly minDisk?: number
  /** Bytes; a provider that counts in larger units rounds up. */
  readonly minRam?: number
}

/** A new image's record. */
export interface NewImage {
  /** The id to give to it, where a provider lets one choose: a second image of that id is `Conflict`, so that asking twice makes one. Elsewhere `Rejected`. */
  readonly id?: string
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
  /** `project`: the other one, by the provider's id, or by a name that the provider can look up. */
  | { readonly action: 'invite' | 'withdraw'; readonly project: string }
  /** `project`: one's own, unless said. */
  | { readonly action: 'accept' | 'decline'; readonly project?: string | undefined }

/** A project that an image is shared with. */
export interface ImageShare {
  readonly project: string
  readonly status: 'pending' | 'accepted' | 'declined' | 'unknown'
}

/**
 * How surely stored bytes are those that were sent, the surest first.
 * - `digest-match`: the target's own digest, or its bytes read back and hashed here, equals that of what was sent.
 * - `digest-declared`: what was sent has the digest that the source declares; the target gives none.
 * - `size-match`: only the numbers of bytes are equal.
 */
export type VerificationLevel = 'digest-match' | 'digest-declared' | 'size-match' | 'unverified'

/** How to make an image of bytes. */
export interface ByteImageOptions extends UploadOptions {
  /** Names the run in everything that is made for it, so that whatever a killed run leaves can be found: `orphans`. */
  readonly run: string
  /** The size of the disk that the bytes are of; absent: as many as there are bytes. */
  readonly virtualSize?: number | undefined
}

/** An image that was made of bytes, and how surely it holds them. */
export interface ByteImage {
  readonly image: Image
  readonly verified: VerificationLevel
}

/** What a provider would have to do to move bytes. */
export interface EstimateRequest {
  readonly kind: 'createFromBytes' | 'download'
  readonly architecture: string | null
  /** Of the disk, in bytes; `null`: not known. */
  readonly virtualSize: number | null
  /** Of the disk that a server needs to be made from the image, in bytes; absent: as large as the disk that is in it. */
  readonly minDisk?: number | null | undefined
  /** To be moved, and to be stored; `null`: not known. */
  readonly bytes: number | null
}

/** What that costs, as far as the provider tells. A hint, never a promise. */
export interface WorkEstimate {
  /** In words: `a cx23 server for an hour`. */
  readonly resources: readonly string[]
  /** Decimal numbers as text, so that no cent is rounded; `null`: the provider does not say. */
  readonly once: { readonly amount: string; readonly currency: string } | null
  readonly monthly: { readonly amount: string; readonly currency: string } | null
  /** What it takes besides moving the bytes: for servers to boot, and the like. Absent: nothing, or the provider cannot tell. */
  readonly seconds?: number
}

/** How much of something an account has, and may have. */
export interface Quota {
  /** Bytes, or a number of images. */
  readonly used: number
  /** In the same measure; `null`: unlimited. */
  readonly limit: number | null
  /** The provider counts in whole units of so many bytes, and drops the rest of each sum; 1 for a number of images. */
  readonly unit: number
}

/** A place for the data of images. */
export interface ImageStore {
  readonly id: string
  /** Data go here if no store is named. */
  readonly isDefault: boolean
  /** Takes no data. */
  readonly isReadOnly: boolean
}

/** What a cloud accepts as a property of one name. */
export interface PropertyLimit {
  /** The words that there are; `null`: any. */
  readonly values: readonly string[] | null
  /** The most characters (code points); `null`: no limit is told. */
  readonly longest: number | null
}

/** What a cloud tells, now and to these credentials, of what new images can be. `null`: it does not tell. */
export interface UploadLimits {
  /** Of all images of the account. */
  readonly bytes: Quota | null
  readonly images: Quota | null
  /** Images that data are being sent to at the moment. */
  readonly uploads: Quota | null
  readonly stores: readonly ImageStore[] | null
  /** In the words of `NewImage`. */
  readonly diskFormats: readonly string[] | null
  readonly containerFormats: readonly string[] | null
  /** The most characters (code points) of a name. */
  readonly nameLength: number | null
  readonly tagLength: number | null
  /** Properties that the cloud has a rule for, by name. */
  readonly properties: Readonly<Record<string, PropertyLimit>> | null
  /** Whether it accepts properties that are not among `properties`. */
  readonly otherProperties: boolean | null
}

/** Something that a run made for itself and should not have left: a server, a key, an image without data. */
export interface OrphanedResource {
  readonly kind: 'server' | 'ssh-key' | 'image'
  readonly id: string
  readonly name: string | null
  /** The run that made it. */
  readonly run: string
  /** RFC 3339, in UTC; `null`: the provider does not say. */
  readonly createdAt: string | null
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

export interface DownloadOptions extends Abortable {
  /** The caller compares all the bytes with the digest that the image declares: it need not be computed once more. Sizes are compared all the same. */
  readonly verifiedByCaller?: boolean | undefined
  /** Names the run in whatever is made to read the bytes, so that what a killed run leaves can be found: `orphans`. Absent: a name of its own. */
  readonly run?: string | undefined
  /** Called at each step of opening the bytes, with a few words: `server 42 boots`. */
  readonly onStep?: ((step: string) => void) | undefined
}

/** A digest that is known, at the latest, when the last byte was given. */
export interface KnownDigest {
  /** As `Digest` spells it. */
  readonly algorithm: string
  /** In hex; `null`: not all bytes were read. */
  readonly value: () => string | null
}

export interface UploadOptions extends Abortable {
  /** The store to keep the data in; absent: the provider's default. */
  readonly store?: string | undefined
  /** The digest of all the bytes, which the caller computes: what the provider tells of them is compared with it, and it need not be computed once more. */
  readonly digest?: KnownDigest | undefined
  /**
   * How much of the same data earlier calls of the same caller may have handed over to this image: whatever is written to it meanwhile is then waited
   * for, and taken if it is what was sent. Absent: nothing.
   */
  readonly earlier?: UploadFailure['sent'] | undefined
  /** Called with the bytes sent so far; never decreases. */
  readonly onProgress?: ((bytes: number) => void) | undefined
  /** Called at each step, with a few words: `image 42 is being written`. */
  readonly onStep?: ((step: string) => void) | undefined
}
