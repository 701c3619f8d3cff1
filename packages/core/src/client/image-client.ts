import * as E from 'fp-ts/lib/Either.js'
import type { Abortable } from '../source/abort.ts'
import type { Capabilities } from '../source/capabilities.ts'
import { CAPABILITY_NAMES, type CapabilityName } from '../capability-names.ts'
import type { ImageError } from '../error/image-error.ts'
import { find, type ImageSelector } from './find.ts'
import { ImageException } from '../error/image-exception.ts'
import type { Image } from '../image/image.ts'
import type { Visibility } from '../image/values.ts'
import type { ByteSource } from '../source/byte-source.ts'
import type {
  ByteImage,
  ByteImageOptions,
  DownloadOptions,
  EstimateRequest,
  StoreCopyRequest,
  UploadOptions,
  UrlImport,
  WorkEstimate,
} from '../source/byte-transfer.ts'
import type { ImageChanges } from '../source/image-changes.ts'
import type { NewImage } from '../source/new-image.ts'
import type { Operation } from '../source/operation.ts'
import type { OrphanedResource } from '../source/orphaned-resource.ts'
import type { Prices } from '../source/prices.ts'
import type { ServerImage, ServerImageRequest, ServerSummary } from '../source/server-image.ts'
import type { ImageShare, ShareRequest } from '../source/sharing.ts'
import type { UploadLimits } from '../source/upload-limits.ts'
import type { Usage } from '../source/usage.ts'
import { listAll, type ListAllOptions } from './list-all.ts'
import type { Listing } from '../source/listing.ts'
import type { Page } from '../source/page.ts'
import { pages, type PagesOptions } from './pages.ts'
import { perform, type Method } from '../source/perform.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, CloudIdentity, ImageSource, UsageOptions } from '../source/source.ts'

/** The methods of a source that depend on its capabilities, as promises. A capability that the source lacks rejects with `Unsupported`. */
export interface CapabilityMethods {
  /** Returns the `owner` of images that these credentials create; `null`: such images have none. */
  readonly owner: (options?: Abortable) => Promise<string | null>
  /** Changes an image and returns it. Fields that are not named stay as they are. */
  readonly update: (id: string, changes: ImageChanges, options?: Abortable) => Promise<Image>
  /** Deletes an image. A protected image rejects with `Forbidden`. */
  readonly delete: (id: string, options?: Abortable) => Promise<void>
  /** Protects an image against deletion, or removes the protection. */
  readonly protect: (id: string, isProtected: boolean, options?: Abortable) => Promise<Image>
  /** Hides an image from default lists, or shows it again. */
  readonly hide: (id: string, isHidden: boolean, options?: Abortable) => Promise<Image>
  /** Deactivates an image, or activates it again. The data of a deactivated image cannot be downloaded. */
  readonly deactivate: (id: string, isDeactivated: boolean, options?: Abortable) => Promise<Image>
  /** Sets who can see an image. */
  readonly setVisibility: (
    id: string,
    visibility: Exclude<Visibility, 'unknown'>,
    options?: Abortable,
  ) => Promise<Image>
  /** Lists the projects that an image is shared with. */
  readonly shares: (id: string, options?: Abortable) => Promise<readonly ImageShare[]>
  /** Invites or withdraws a project, or accepts or declines an image, and returns all shares. */
  readonly share: (id: string, request: ShareRequest, options?: Abortable) => Promise<readonly ImageShare[]>
  /** Lists the servers that images can be created from; with a `name`, only servers of exactly that name. */
  readonly servers: (
    wanted: { readonly name?: string | undefined },
    options?: Abortable,
  ) => Promise<readonly ServerSummary[]>
  /** Starts creating an image of a server's disk. Returns the pending image and the operation to wait for. */
  readonly createFromServer: (request: ServerImageRequest, options?: Abortable) => Promise<ServerImage>
  /** Creates the record of an image without data; `upload` adds the data. */
  readonly create: (request: NewImage, options?: Abortable) => Promise<Image>
  /** Uploads the data of an image that has none. Returns the image once all bytes are stored. */
  readonly upload: (id: string, bytes: ByteSource, options?: UploadOptions) => Promise<Image>
  /** Returns the data of an image as it is stored. No byte is read before the source is opened. */
  readonly download: (id: string, options?: DownloadOptions) => Promise<ByteSource>
  /** Creates an image from the bytes of a raw disk, at providers that have no image without data. Takes minutes, and may cost money. */
  readonly createFromBytes: (request: NewImage, bytes: ByteSource, options: ByteImageOptions) => Promise<ByteImage>
  /** Estimates what a transfer needs and costs. Changes nothing. */
  readonly estimate: (request: EstimateRequest, options?: Abortable) => Promise<WorkEstimate>
  /** Returns the limits for new images: quotas, formats, stores. */
  readonly uploadLimits: (options?: Abortable) => Promise<UploadLimits>
  /** Lists temporary resources that interrupted runs left behind, including those of runs in progress. */
  readonly orphans: (options?: Abortable) => Promise<readonly OrphanedResource[]>
  /** Deletes such a resource. Succeeds if it no longer exists. */
  readonly deleteOrphan: (resource: OrphanedResource, options?: Abortable) => Promise<void>
  /** Lets the provider fetch the data of an image from a URL. Returns the operation to wait for. */
  readonly importFromUrl: (id: string, request: UrlImport, options?: Abortable) => Promise<Operation>
  /** Copies the data of an image to other stores of the provider. Returns the operation to wait for. */
  readonly copyToStore: (id: string, request: StoreCopyRequest, options?: Abortable) => Promise<Operation>
  /** Lists the operations of an image, newest first. */
  readonly operations: (id: string, options?: Abortable) => Promise<readonly Operation[]>
  /** Returns the state of an operation. Does not wait for its end; `waitFor` does. */
  readonly operation: (operationId: string, options?: Abortable) => Promise<Operation>
  /** Lists what uses the images of the cloud: servers, volumes, other images. */
  readonly usage: (options?: UsageOptions) => Promise<Usage>
  /** Returns what the provider charges for storing images. */
  readonly prices: (options?: Abortable) => Promise<Prices>
}

/** A source with promises, `for await` and exceptions: every error is thrown as an `ImageException`. */
export interface ImageClient extends CapabilityMethods {
  /** The cloud that errors and images name. */
  readonly cloud: CloudIdentity
  /** What the provider supports at best; `probe` returns what these credentials can do. */
  readonly capabilities: Capabilities
  /** Returns the capabilities of this cloud with these credentials. Changes nothing. */
  readonly probe: (options?: Abortable) => Promise<Capabilities>
  /** Returns the image with this ID, including hidden ones. */
  readonly get: (id: string, options?: Abortable) => Promise<Image>
  /** Returns the one matching image. Rejects with `NotFound` if none matches, with `Ambiguous` if several do. */
  readonly find: (selector: ImageSelector, options?: Abortable) => Promise<Image>
  /** Returns all matching images, with drift and the records that could not be read. */
  readonly listAll: (query?: Query, options?: ListAllOptions) => Promise<Listing>
  /** Iterates over pages, with drift and the records that could not be read. Requests the next page while one is consumed. */
  readonly pages: (query?: Query, options?: PagesOptions) => AsyncGenerator<Page, void, undefined>
  /** Iterates over matching images. Skips records that could not be read: `pages` and `listAll` report them. */
  readonly list: (query?: Query, options?: PagesOptions) => AsyncGenerator<Image, void, undefined>
}

type ResultValue<T> = T extends ImageResult<infer A> ? A : never

/** The same methods, derived from `ImageSource`. */
type DerivedMethods = {
  readonly [N in CapabilityName]: (...args: Parameters<Method<N>>) => Promise<ResultValue<ReturnType<Method<N>>>>
}

/** Compiles only while the interface has exactly the capabilities, with the parameters and results of `ImageSource`. */
type Checked<_Written extends DerivedMethods, Derived extends CapabilityMethods> = Derived
type Calls = Checked<CapabilityMethods, DerivedMethods>

const orThrow = <A>(result: E.Either<ImageError, A>): A => {
  if (E.isLeft(result)) throw new ImageException(result.left)
  return result.right
}

const promise = async <A>(result: ImageResult<A>): Promise<A> => orThrow(await result())

/** Turns a source into a client with promises, async iterables and exceptions. */
export const toClient = (source: ImageSource): ImageClient => {
  async function* pagesOrThrow(query?: Query, options?: PagesOptions): AsyncGenerator<Page, void, undefined> {
    for await (const result of pages(source, query, options)) yield orThrow(result)
  }
  async function* list(query?: Query, options?: PagesOptions): AsyncGenerator<Image, void, undefined> {
    for await (const { items } of pagesOrThrow(query, options)) yield* items
  }
  const calls = CAPABILITY_NAMES.map((name) => [
    name,
    (...args: Parameters<Method<typeof name>>) => promise(perform(source, name, ...args) as ImageResult<unknown>),
  ])
  return {
    ...(Object.fromEntries(calls) as Calls),
    cloud: source.cloud,
    capabilities: source.capabilities,
    probe: (options) => promise(source.probe(options)),
    get: (id, options) => promise(source.get(id, options)),
    find: (wanted, options) => promise(find(source, wanted, options)),
    listAll: (query, options) => promise(listAll(source, query, options)),
    pages: pagesOrThrow,
    list,
  }
}
