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

/** Which cloud a source speaks to. */
export interface CloudIdentity {
  readonly provider: string
  /** The name that the user gave to it. */
  readonly cloud: string | null
  /** `null` where the provider's images belong to no region. */
  readonly region: string | null
}

export interface ListOptions extends Abortable {
  /** How many images a page should hold, at most; the same throughout a listing. A source may give fewer. */
  readonly pageSize?: number | undefined
  /** Is told the `next` of the page once that is known, which may be long before all its records are read. A source need not. */
  readonly onNext?: ((next: Cursor) => void) | undefined
}

export interface UsageOptions extends Abortable {
  /** All images, hidden ones too, where the caller lists them anyway. */
  readonly listing?: ImageResult<Listing> | undefined
}

/** The answer of a source: never throws, never rejects; does nothing until it is run, and runs anew each time. */
export type ImageResult<A> = TaskEither<ImageError, A>

/**
 * The images of one cloud: what an adapter writes. Everything else is derived from it.
 *
 * For every method:
 * - An error carries this cloud's provider and name, and the method as its operation.
 * - An aborted signal gives `Aborted`, soon (`createFromBytes`: once it has removed what it made); an already aborted one, without a request.
 * - An id that does not exist gives `NotFound`, also when it could not be an id of this provider at all.
 * - Credentials that are not accepted (HTTP 401) give `Unauthorized`; what they may not do (403) gives `Forbidden`.
 * - Too many requests (429) give `RateLimited`, with `retryAfterMs` where the provider says how long to wait.
 * - A failure of the server (5xx), a broken connection or a cut response gives `Unavailable`.
 * - A response that cannot be read gives `DecodeFailed`.
 * - A response that is slow, but comes, is waited for.
 * - Every image it gives is an `Image` whose `ref` has this cloud's provider, name and region.
 *
 * Optional methods: presence is the capability (`CAPABILITIES`).
 */
export interface ImageSource {
  readonly cloud: CloudIdentity
  /** What the adapter can ever do, without asking anyone. `deriveCapabilities` derives it. */
  readonly capabilities: Capabilities
  /**
   * - Narrows `capabilities` to this cloud, today, with these credentials: never adds to them.
   * - Changes nothing at the provider.
   */
  readonly probe: (options?: Abortable) => ImageResult<Capabilities>
  /**
   * - Gives hidden images too.
   * - What `listPage` gives, `get` gives by `ref.id`.
   */
  readonly get: (id: string, options?: Abortable) => ImageResult<Image>
  /**
   * - A `null` cursor asks for the first page.
   * - Without a `visibility`, lists what the provider lists by default; one that is asked for may show more: community images of others, shares not yet accepted.
   * - Each image stands on one page, once, in the provider's order; filtered by those fields of `query` that are in `capabilities.filters`, and no others.
   * - A field in `capabilities.filters` filters exactly as `matches` does: hidden images are left out unless asked for only if `hidden` is one.
   * - Asked again with the same cursor, it answers anew.
   * - `ahead`, if given, begins with `next`.
   * - A record that cannot be read is in `rejected`; an unexpected word, key or type in `drift`. Neither costs the page.
   */
  readonly listPage: (query: Query, cursor: Cursor | null, options?: ListOptions) => ImageResult<Page>

  /**
   * - The value of `Image.owner` on every image that these credentials create; `null`: such images have no owner.
   * - Absent: the provider's images name no owner, since it shows each account its own only.
   */
  readonly owner?: (options?: Abortable) => ImageResult<string | null>
  /**
   * - Gives the image as it is afterwards; fields not named stay.
   * - A field outside `capabilities.changes` gives `Unsupported`, and then nothing is changed.
   */
  readonly update?: (id: string, changes: ImageChanges, options?: Abortable) => ImageResult<Image>
  /**
   * - Afterwards `get` gives `NotFound`, or the image as `deleting` or `deleted`.
   * - A protected image gives `Forbidden` with reason `protected`, and stays.
   */
  readonly delete?: (id: string, options?: Abortable) => ImageResult<void>
  /** - Gives the image with `protected` as asked; asking for what it already is succeeds. */
  readonly protect?: (id: string, isProtected: boolean, options?: Abortable) => ImageResult<Image>
  /** - Gives the image with `hidden` as asked; asking for what it already is succeeds. */
  readonly hide?: (id: string, isHidden: boolean, options?: Abortable) => ImageResult<Image>
  /** - Gives the image as `unavailable`, or `available` again; asking for what it already is succeeds. */
  readonly deactivate?: (id: string, isDeactivated: boolean, options?: Abortable) => ImageResult<Image>
  /** - Gives the image with `visibility` as asked. What the user may not set gives `Forbidden`. */
  readonly setVisibility?: (
    id: string,
    visibility: Exclude<Visibility, 'unknown'>,
    options?: Abortable,
  ) => ImageResult<Image>
  /** - The projects that the image is shared with, on however many pages: all of them for its owner, one's own for who is among them. */
  readonly shares?: (id: string, options?: Abortable) => ImageResult<readonly ImageShare[]>
  /** - Gives all shares of the image as they are afterwards. */
  readonly share?: (id: string, request: ShareRequest, options?: Abortable) => ImageResult<readonly ImageShare[]>
  /** - The servers that `createFromServer` can take; with a `name`, only those that are called just so. */
  readonly servers?: (
    wanted: { readonly name?: string | undefined },
    options?: Abortable,
  ) => ImageResult<readonly ServerSummary[]>
  /** - Returns when the work has begun: the image exists, `pending`, and `operation` says how it goes. A server that does not exist gives `NotFound`. */
  readonly createFromServer?: (request: ServerImageRequest, options?: Abortable) => ImageResult<ServerImage>
  /** - Gives the new image, `pending`, with every field that was asked for; one that the provider cannot hold gives `Rejected`, and then nothing is made. */
  readonly create?: (request: NewImage, options?: Abortable) => ImageResult<Image>
  /**
   * - Only for an image without data: any other gives `Conflict`, and keeps its data.
   * - Gives the image once it holds all bytes; a failure before that leaves it not `available`.
   * - If `bytes` knows its size, another number of bytes gives `IntegrityFailed`. A failure of `bytes` is given as it is.
   */
  readonly upload?: (id: string, bytes: ByteSource, options?: UploadOptions) => ImageResult<Image>
  /**
   * - Gives the bytes as stored; reads none before they are opened.
   * - Their digests are those that the image has `of: 'stored'`.
   * - An image without data gives `Conflict`; a deactivated one `Forbidden`.
   */
  readonly download?: (id: string, options?: DownloadOptions) => ImageResult<ByteSource>
  /**
   * - Makes record and data at once, where a provider has no record without data. `bytes` are those of a disk, raw.
   * - Gives the image once it holds all bytes, and they were read back as far as `verified` says. A failure leaves nothing behind; a killed process may (`orphans`).
   * - Takes as long as it takes: minutes.
   */
  readonly createFromBytes?: (request: NewImage, bytes: ByteSource, options: ByteImageOptions) => ImageResult<ByteImage>
  /** - What `createFromBytes` or `download` would need. Changes nothing. */
  readonly estimate?: (work: EstimateRequest, options?: Abortable) => ImageResult<WorkEstimate>
  /** - What new images can be, and what the quotas leave, as far as the provider tells. Changes nothing at the provider. */
  readonly uploadLimits?: (options?: Abortable) => ImageResult<UploadLimits>
  /** - What runs of imago made for themselves and left. Those of a run that still goes on are among them. */
  readonly orphans?: (options?: Abortable) => ImageResult<readonly OrphanedResource[]>
  /** - Removes it; one that is gone already is a success. */
  readonly deleteOrphan?: (leftover: OrphanedResource, options?: Abortable) => ImageResult<void>
  /** - Only for an image without data. Returns when the provider has taken the work on. */
  readonly importFromUrl?: (id: string, request: UrlImport, options?: Abortable) => ImageResult<Operation>
  /** - Returns when the provider has taken the work on. A store that does not exist gives `Rejected`. */
  readonly copyToStore?: (id: string, request: StoreCopyRequest, options?: Abortable) => ImageResult<Operation>
  /** - All work that the provider knows of for this image, on however many pages, the newest first; empty if there is none. */
  readonly operations?: (id: string, options?: Abortable) => ImageResult<readonly Operation[]>
  /** - How an operation that another method gave stands now. Does not wait (`waitFor` does). */
  readonly operation?: (operationId: string, options?: Abortable) => ImageResult<Operation>
  /**
   * - Every reference between images of this cloud and servers, volumes and images that the credentials can see, on however many pages; also to images that are gone.
   * - `sources` has every list that can hold one; `read` are those of which every record of every page was read.
   * - A list that is refused, missing or fails is an error only if none was read.
   * - Given a `listing`, it runs that instead of listing images itself.
   * - Changes nothing at the provider.
   */
  readonly usage?: (options?: UsageOptions) => ImageResult<Usage>
  /**
   * - What the provider charges for storing images; amounts are decimal text.
   * - Changes nothing at the provider.
   */
  readonly prices?: (options?: Abortable) => ImageResult<Prices>
}

/** What listing images needs of a source. */
export type ListingSource = Pick<ImageSource, 'cloud' | 'capabilities' | 'listPage'>
