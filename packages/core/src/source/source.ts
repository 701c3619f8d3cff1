import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Abortable } from './abort.ts'
import type { ByteSource } from './byte-source.ts'
import type { Capabilities } from './capabilities.ts'
import type { ImageError } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import type { Visibility } from '../image/values.ts'
import type {
  ByteImage,
  ByteImageOptions,
  DownloadOptions,
  EstimateRequest,
  StoreCopyRequest,
  UploadOptions,
  UrlImport,
  WorkEstimate,
} from './byte-transfer.ts'
import type { ImageChanges } from './image-changes.ts'
import type { NewImage } from './new-image.ts'
import type { OrphanedResource } from './orphaned-resource.ts'
import type { ServerImage, ServerImageRequest, ServerSummary } from './server-image.ts'
import type { ImageShare, ShareRequest } from './sharing.ts'
import type { UploadLimits } from './upload-limits.ts'
import type { Listing } from './listing.ts'
import type { Prices } from './prices.ts'
import type { Usage } from './usage.ts'
import type { Operation } from './operation.ts'
import type { Cursor, Page } from './page.ts'
import type { Query } from '../query/query.ts'

/** The cloud that a source connects to. */
export interface CloudIdentity {
  readonly provider: string
  /** The user's name for the cloud. */
  readonly cloud: string | null
  /** `null`: the provider's images do not belong to a region. */
  readonly region: string | null
}

export interface ListOptions extends Abortable {
  /** Maximum number of images per page; constant during a listing. A source may return fewer. */
  readonly pageSize?: number | undefined
  /** Called with the page's `next` as soon as it is known, which may be long before all its records are read. Calling it is optional. */
  readonly onNext?: ((next: Cursor) => void) | undefined
}

export interface UsageOptions extends Abortable {
  /** The caller's own listing of all images, including hidden ones. */
  readonly listing?: ImageResult<Listing> | undefined
  /**
   * Whether to read the use by all projects.
   * Without an administrator's credentials, lists are then `forbidden` or `failed`.
   * Default: only the project of the credentials.
   * Clouds without projects ignore it.
   */
  readonly allProjects?: boolean | undefined
}

/** The result of a source: never throws, never rejects; does nothing until it is run, and starts anew on each run. */
export type ImageResult<A> = TaskEither<ImageError, A>

/**
 * The images of one cloud, as an adapter implements them. Everything else is derived from it.
 *
 * For every method:
 * - An error carries this cloud's provider and name, and the method as its operation.
 * - An aborted signal gives `Aborted` promptly (`createFromBytes`: after it has deleted what it created); a signal aborted before the call, without a request.
 * - An unknown ID gives `NotFound`, even if it has a form that no ID of this provider has.
 * - Rejected credentials (HTTP 401) give `Unauthorized`; missing permissions (403) give `Forbidden`.
 * - Too many requests (429) give `RateLimited`, with `retryAfterMs` if the provider returns the time to wait.
 * - A server error (5xx), a broken connection or a truncated response gives `Unavailable`.
 * - A response that cannot be decoded gives `DecodeFailed`.
 * - A slow response is awaited and does not cause an error.
 * - Every returned image is an `Image` whose `ref` has this cloud's provider, name and region.
 *
 * An optional method is present exactly if the source has that capability (`CAPABILITIES`).
 */
export interface ImageSource {
  readonly cloud: CloudIdentity
  /** Everything that the adapter supports, known without a request. `deriveCapabilities` derives it. */
  readonly capabilities: Capabilities
  /**
   * - Narrows `capabilities` to what this cloud and these credentials support now; never adds to them.
   * - Changes nothing at the provider.
   */
  readonly probe: (options?: Abortable) => ImageResult<Capabilities>
  /**
   * - Returns hidden images too.
   * - An image that `listPage` returns is also returned by `get` for its `ref.id`.
   */
  readonly get: (id: string, options?: Abortable) => ImageResult<Image>
  /**
   * - A `null` cursor requests the first page.
   * - Without a `visibility`, lists what the provider lists by default; a requested `visibility` may add community images of others and shares not yet accepted.
   * - Each image is listed exactly once, in the provider's order; only those fields of `query` apply that are in `capabilities.filters`.
   * - A field in `capabilities.filters` filters exactly as `matches` does; hidden images are excluded by default only if `hidden` is such a field.
   * - A second call with the same cursor requests the page again.
   * - `ahead`, if present, starts with `next`.
   * - An unreadable record is added to `rejected`; an unexpected word, key or type to `drift`. In both cases the rest of the page is returned.
   */
  readonly listPage: (query: Query, cursor: Cursor | null, options?: ListOptions) => ImageResult<Page>

  /**
   * - The value of `Image.owner` of images that these credentials create; `null`: such images have no owner.
   * - Absent: images of this provider have no owner field, since each account sees only its own images.
   */
  readonly owner?: (options?: Abortable) => ImageResult<string | null>
  /**
   * - Returns the updated image; other fields keep their values.
   * - A field outside `capabilities.changes` gives `Unsupported`, and nothing is changed.
   */
  readonly update?: (id: string, changes: ImageChanges, options?: Abortable) => ImageResult<Image>
  /**
   * - Afterwards `get` returns `NotFound`, or the image as `deleting` or `deleted`.
   * - A protected image gives `Forbidden` with reason `protected`, and is kept.
   */
  readonly delete?: (id: string, options?: Abortable) => ImageResult<void>
  /** - Returns the image with the requested `protected`; requesting the current value succeeds. */
  readonly protect?: (id: string, isProtected: boolean, options?: Abortable) => ImageResult<Image>
  /** - Returns the image with the requested `hidden`; requesting the current value succeeds. */
  readonly hide?: (id: string, isHidden: boolean, options?: Abortable) => ImageResult<Image>
  /** - Returns the image as `unavailable`, or `available` again; requesting the current state succeeds. */
  readonly deactivate?: (id: string, isDeactivated: boolean, options?: Abortable) => ImageResult<Image>
  /** - Returns the image with the requested `visibility`. A value that the user may not set gives `Forbidden`. */
  readonly setVisibility?: (
    id: string,
    visibility: Exclude<Visibility, 'unknown'>,
    options?: Abortable,
  ) => ImageResult<Image>
  /** - Returns the projects that the image is shared with, from all pages: every project for the owner, only their own for a member. */
  readonly shares?: (id: string, options?: Abortable) => ImageResult<readonly ImageShare[]>
  /** - Returns all shares of the image after the change. */
  readonly share?: (id: string, request: ShareRequest, options?: Abortable) => ImageResult<readonly ImageShare[]>
  /** - Returns the servers that `createFromServer` accepts; with a `name`, only those with exactly that name. */
  readonly servers?: (
    wanted: { readonly name?: string | undefined },
    options?: Abortable,
  ) => ImageResult<readonly ServerSummary[]>
  /** - Returns when the work has begun: the image exists, `pending`, and `operation` has the progress. A server that does not exist gives `NotFound`. */
  readonly createFromServer?: (request: ServerImageRequest, options?: Abortable) => ImageResult<ServerImage>
  /** - Returns the new image, `pending`, with all requested fields; a field that the provider cannot store gives `Rejected`, and nothing is created. */
  readonly create?: (request: NewImage, options?: Abortable) => ImageResult<Image>
  /**
   * - Only for an image without data; any other gives `Conflict`, and keeps its data.
   * - Returns the image when it holds all bytes; after an earlier failure, the image is not `available`.
   * - If `bytes.size` is known, a different number of bytes gives `IntegrityFailed`. A failure of `bytes` is returned unchanged.
   */
  readonly upload?: (id: string, bytes: ByteSource, options?: UploadOptions) => ImageResult<Image>
  /**
   * - Returns the bytes as stored; reads nothing before `open`.
   * - Their digests are the image's digests with `of: 'stored'`.
   * - An image without data gives `Conflict`; a deactivated image gives `Forbidden`.
   */
  readonly download?: (id: string, options?: DownloadOptions) => ImageResult<ByteSource>
  /**
   * - Creates an image with its data, at providers that have no images without data. `bytes` are a raw disk.
   * - Returns the image when it holds all bytes, verified to the level in `verified`. A failure leaves nothing behind; a killed process may (`orphans`).
   * - Takes minutes.
   */
  readonly createFromBytes?: (request: NewImage, bytes: ByteSource, options: ByteImageOptions) => ImageResult<ByteImage>
  /** - Returns what `createFromBytes` or `download` would need. Changes nothing. */
  readonly estimate?: (work: EstimateRequest, options?: Abortable) => ImageResult<WorkEstimate>
  /** - Returns the limits of new images and the remaining quotas, as far as the provider reports them. Changes nothing at the provider. */
  readonly uploadLimits?: (options?: Abortable) => ImageResult<UploadLimits>
  /** - Returns the temporary resources that runs of imago left behind. Includes those of runs in progress. */
  readonly orphans?: (options?: Abortable) => ImageResult<readonly OrphanedResource[]>
  /** - Deletes the resource; succeeds if it is already gone. */
  readonly deleteOrphan?: (orphan: OrphanedResource, options?: Abortable) => ImageResult<void>
  /** - Only for an image without data. Returns when the provider has accepted the work. */
  readonly importFromUrl?: (id: string, request: UrlImport, options?: Abortable) => ImageResult<Operation>
  /** - Returns when the provider has accepted the work. A store that does not exist gives `Rejected`. */
  readonly copyToStore?: (id: string, request: StoreCopyRequest, options?: Abortable) => ImageResult<Operation>
  /** - Returns all work that the provider reports for this image, from all pages, newest first; empty if there is none. */
  readonly operations?: (id: string, options?: Abortable) => ImageResult<readonly Operation[]>
  /** - Returns the current state of an operation that another method returned. Does not wait (`waitFor` does). */
  readonly operation?: (operationId: string, options?: Abortable) => ImageResult<Operation>
  /**
   * - Returns every reference between images of this cloud and the servers, volumes and images that the credentials can see, from all pages; also references to deleted images.
   * - `sources` contains every list that can hold references; its `completeness` is `read` only if every record of every page was read.
   * - A list that cannot be read is an error only if no list was read.
   * - Runs `listing`, if given, instead of listing images itself.
   * - Changes nothing at the provider.
   */
  readonly usage?: (options?: UsageOptions) => ImageResult<Usage>
  /**
   * - Returns what the provider charges for storing images; amounts are decimal strings.
   * - Changes nothing at the provider.
   */
  readonly prices?: (options?: Abortable) => ImageResult<Prices>
}

/** The part of a source that is needed to list images. */
export type ListingSource = Pick<ImageSource, 'cloud' | 'capabilities' | 'listPage'>
