import {
  aborted,
  createByteSource,
  deriveCapabilities,
  conflict,
  forbidden,
  integrityFailed,
  matches,
  notFound,
  rejected,
  pickFilters,
  createErrorSite,
  unsupported,
  type Abortable,
  type ImageResult,
  type ByteSource,
  type CapabilityName,
  type Image,
  type ImageChanges,
  type ImageError,
  type ImageSource,
  type Page,
  type UploadLimits,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { bareImage } from './bare-image.ts'
import { collect } from './collect.ts'
import type { FarFault } from './fault-port.ts'
import { isListed, isOwn, isVisible } from './memory-access.ts'
import { failureBy, withOddRecords } from './memory-faults.ts'
import type { MemoryCloudOptions, MemoryCredentials, MemorySourceOptions } from './memory-options.ts'
import { shared, sharesFor } from './memory-share.ts'
import { changed, filled, imaged, requested, rewritten, snapshotted, type Stored } from './memory-store.ts'
import { MEMORY_PRICES, usageOf } from './memory-usage.ts'
import { createWork, type Ending } from './memory-work.ts'

const CHANGES: readonly (keyof ImageChanges)[] = [
  'kind',
  'name',
  'description',
  'labels',
  'tags',
  'properties',
  'minDisk',
  'minRam',
]

/** Optional fields of a new record. */
const OPTIONAL_FIELDS = ['description', 'labels', 'tags', 'properties', 'minDisk', 'minRam'] as const

/** Methods that read-only credentials may not call. */
const CHANGING: ReadonlySet<string> = new Set<CapabilityName>([
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'share',
  'createFromServer',
  'create',
  'upload',
  'createFromBytes',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
])

/** Methods of providers with image records, and of providers with disks. A provider has only one kind. */
const RECORD_METHODS: readonly CapabilityName[] = ['create', 'upload', 'importFromUrl', 'copyToStore']
const DISK_METHODS: readonly CapabilityName[] = ['createFromBytes', 'estimate', 'orphans', 'deleteOrphan']

const UNKNOWN_LIMITS: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}

const counter = (): (() => string) => {
  let count = 0
  return () => `memory-${++count}`
}

/**
 * Creates a cloud in memory with several callers: each call of the result returns the source of one caller. Callers see each other's changes.
 *
 * @example
 * const asking = createMemoryCloud({ images })
 * const [owner, guest] = [asking({ project: 'a' }), asking({ project: 'b' })]
 */
export const createMemoryCloud = (
  options: MemoryCloudOptions = {},
): ((credentials?: MemoryCredentials) => ImageSource) => {
  const {
    cloud = { provider: 'memory', cloud: 'test', region: null },
    pageSize = 50,
    ahead = false,
    filters = [],
    changes: changeable = CHANGES,
    disks: keepsDisks = false,
    without = [],
  } = options
  const { newId = counter(), now = () => '2024-01-01T00:00:00Z', clock = Date.now, workMs = 0, fault, faults } = options
  const disks = new Map(Object.entries(options.servers ?? {}))
  const reachable = new Map(Object.entries(options.urls ?? {}))
  const { stores = [] } = options
  const defaultStores = stores.slice(0, 1)
  const left = new Map((options.left ?? []).map((one) => [`${one.kind} ${one.id}`, one]))
  const work = createWork({ clock, now, workMs })
  const store = new Map<string, Stored>()
  for (const image of options.images ?? [])
    store.set(image.ref.id, {
      image: { ...image, ref: { ...cloud, id: image.ref.id } },
      bytes: options.bytes?.[image.ref.id] ?? null,
      shares: new Map(),
    })

  const write = ({ image, bytes, shares }: Stored, fields: Partial<Image>, data: Uint8Array | null = bytes): Image => {
    const written = rewritten(image, { ...fields, updatedAt: now() })
    store.set(image.ref.id, { image: written, bytes: data, shares })
    return written
  }

  /** IDs are never reused, not even those of deleted images. */
  const given = new Set(store.keys())

  const made = (fields: (image: Image) => Partial<Image>, owner: string | null, id: string = newId()): Image => {
    const image = bareImage(id, { createdAt: now(), owner }, cloud)
    given.add(id)
    return write({ image, bytes: null, shares: new Map() }, fields(image))
  }

  /** Completes work on an image that may have been deleted meanwhile. */
  const ending =
    (id: string, end: (stored: Stored) => string | null): Ending =>
    () => {
      const stored = store.get(id)
      return stored === undefined ? 'the image was removed' : end(stored)
    }

  const filling = (id: string, bytes: Uint8Array, into: readonly string[]): Ending =>
    ending(id, (stored) => {
      write(stored, filled(stored.image, bytes, into), bytes)
      return null
    })

  const pageAt = (images: readonly Image[], start: number, size: number): Page => {
    const starts = Array.from(
      { length: Math.max(0, Math.ceil(images.length / size) - 1) },
      (_, index) => (index + 1) * size,
    )
    const following = starts.filter((next) => next > start).map(String)
    return {
      items: images.slice(start, start + size),
      rejected: [],
      drift: [],
      next: following[0] ?? null,
      ...(ahead ? { ahead: following } : {}),
    }
  }

  return ({ project = null, readOnly = false } = {}) => {
    const answer =
      <A>(
        operation: string,
        { signal }: Abortable,
        give: (met: FarFault | null) => E.Either<ImageError, A> | Promise<E.Either<ImageError, A>>,
      ): ImageResult<A> =>
      async () => {
        if (signal?.aborted === true) return E.left(aborted(createErrorSite(cloud, operation)))
        const met = faults?.meet() ?? null
        const failure = met === null ? null : await failureBy(met, createErrorSite(cloud, operation), signal)
        if (failure !== null) return E.left(failure)
        if (readOnly && CHANGING.has(operation))
          return E.left(
            forbidden(createErrorSite(cloud, operation), {
              what: 'these credentials may only read',
              reason: 'read only',
            }),
          )
        work.settle()
        return give(met)
      }

    /** Reads the image `id`, if this project can see it. */
    const on = <A>(
      operation: string,
      id: string,
      call: Abortable,
      give: (stored: Stored) => E.Either<ImageError, A> | Promise<E.Either<ImageError, A>>,
    ): ImageResult<A> =>
      answer(operation, call, () => {
        const stored = store.get(id)
        return stored === undefined || !isVisible(stored, project)
          ? E.left(notFound(createErrorSite(cloud, operation), { what: `image not found: ${id}` }))
          : give(stored)
      })

    /** Changes the image `id`, if it belongs to this project. */
    const onOwn: typeof on = (operation, id, call, give) =>
      on(operation, id, call, (stored) =>
        isOwn(stored, project)
          ? give(stored)
          : E.left(
              forbidden(createErrorSite(cloud, operation), {
                what: `image ${id} belongs to another project`,
                reason: 'owner',
              }),
            ),
      )

    /** Opens the data of an image: this counts as a request, too. */
    const openBytes = (bytes: Uint8Array): ByteSource => {
      const all = createByteSource(bytes, createErrorSite(cloud, 'download'))
      return {
        ...all,
        open: (range, signal) =>
          pipe(
            answer('download', { signal }, () => E.right(undefined)),
            TE.flatMap(() => all.open(range, signal)),
          ),
      }
    }

    const strangeStore = (operation: string, names: readonly string[]): ImageError | null => {
      const strange = names.find((name) => !stores.includes(name))
      return strange === undefined
        ? null
        : rejected(createErrorSite(cloud, operation), { what: `there is no store ${strange}` })
    }

    const hasData = ({ image, bytes }: Stored): boolean => bytes !== null || work.isBusy(image.ref.id)

    const methods: Pick<ImageSource, CapabilityName> = {
      owner: (call = {}) => answer('owner', call, () => E.right(project)),
      update: (id, changes, call = {}) =>
        onOwn('update', id, call, (stored) => {
          const foreign = Object.keys(changes).find((change) => !(changeable as readonly string[]).includes(change))
          if (foreign !== undefined)
            return E.left(
              unsupported(createErrorSite(cloud, 'update'), {
                what: `${foreign} cannot be changed`,
                capability: 'update',
              }),
            )
          return E.right(write(stored, changed(stored.image, changes)))
        }),
      delete: (id, call = {}) =>
        onOwn('delete', id, call, ({ image }) => {
          if (image.protected === true)
            return E.left(
              forbidden(createErrorSite(cloud, 'delete'), { what: `image ${id} is protected`, reason: 'protected' }),
            )
          store.delete(id)
          return E.right(undefined)
        }),
      protect: (id, isProtected, call = {}) =>
        onOwn('protect', id, call, (stored) => E.right(write(stored, { protected: isProtected }))),
      hide: (id, hidden, call = {}) => onOwn('hide', id, call, (stored) => E.right(write(stored, { hidden }))),
      deactivate: (id, isDeactivated, call = {}) =>
        onOwn('deactivate', id, call, (stored) => {
          if (stored.bytes === null)
            return E.left(conflict(createErrorSite(cloud, 'deactivate'), { what: `image ${id} has no data yet` }))
          return E.right(write(stored, { status: isDeactivated ? 'unavailable' : 'available' }))
        }),
      setVisibility: (id, visibility, call = {}) =>
        onOwn('setVisibility', id, call, (stored) => E.right(write(stored, { visibility }))),
      shares: (id, call = {}) => on('shares', id, call, (stored) => E.right(sharesFor(stored, project))),
      share: (id, request, call = {}) =>
        on('share', id, call, (stored) => {
          const after = shared(createErrorSite(cloud, 'share'), stored, request, project)
          if (E.isLeft(after)) return after
          store.set(id, { ...stored, shares: after.right })
          return E.right(sharesFor({ ...stored, shares: after.right }, project))
        }),
      servers: ({ name }, call = {}) =>
        answer('servers', call, () =>
          E.right(
            [...disks.keys()]
              .map((id) => ({ id, name: id, status: 'running', labels: {} }))
              .filter((server) => name === undefined || server.name === name),
          ),
        ),
      createFromServer: (request, call = {}) =>
        answer('createFromServer', call, () => {
          const disk = disks.get(request.serverId)
          if (disk === undefined)
            return E.left(
              notFound(createErrorSite(cloud, 'createFromServer'), { what: `there is no server ${request.serverId}` }),
            )
          const image = made(() => snapshotted(request), project)
          return E.right({
            image,
            operation: work.begin('create_image', image.ref.id, filling(image.ref.id, disk, defaultStores)),
          })
        }),
      create: (request, call = {}) =>
        answer('create', call, () => {
          const { id } = request
          if (id !== undefined && given.has(id))
            return E.left(conflict(createErrorSite(cloud, 'create'), { what: `there is, or was, an image ${id}` }))
          const foreign = OPTIONAL_FIELDS.find((field) => request[field] !== undefined && !changeable.includes(field))
          if (foreign !== undefined)
            return E.left(rejected(createErrorSite(cloud, 'create'), { what: `images here have no ${foreign}` }))
          return E.right(made((image) => requested(request, image), project, id))
        }),
      upload: (id, source, call = {}) =>
        onOwn('upload', id, call, async (stored) => {
          const site = createErrorSite(cloud, 'upload')
          if (hasData(stored)) return E.left(conflict(site, { what: `image ${id} has data` }))
          const read = await collect(source, call)
          if (E.isLeft(read)) return read
          const bytes = read.right
          if (source.size !== null && source.size !== bytes.length)
            return E.left(
              integrityFailed(site, {
                what: 'not the size it was said to be',
                expected: `${source.size} bytes`,
                actual: `${bytes.length} bytes`,
              }),
            )
          call.onProgress?.(bytes.length)
          const since = store.get(id)
          if (since === undefined) return E.left(notFound(site, { what: `image ${id} was removed meanwhile` }))
          if (hasData(since)) return E.left(conflict(site, { what: `image ${id} got data meanwhile` }))
          return E.right(write(since, filled(since.image, bytes, defaultStores), bytes))
        }),
      download: (id, call = {}) =>
        on('download', id, call, ({ image, bytes }) => {
          if (image.status === 'unavailable')
            return E.left(
              forbidden(createErrorSite(cloud, 'download'), {
                what: `image ${id} is deactivated`,
                reason: 'deactivated',
              }),
            )
          return bytes === null
            ? E.left(conflict(createErrorSite(cloud, 'download'), { what: `image ${id} has no data yet` }))
            : E.right(openBytes(bytes))
        }),
      createFromBytes: (request, source, call) =>
        answer('createFromBytes', call, async () => {
          const site = createErrorSite(cloud, 'createFromBytes')
          if (request.id !== undefined) return E.left(rejected(site, { what: 'no id can be chosen here' }))
          call.onStep?.('the disk is written')
          const read = await collect(source, call)
          if (E.isLeft(read)) return read
          const bytes = read.right
          if (source.size !== null && source.size !== bytes.length)
            return E.left(
              integrityFailed(site, {
                what: 'not the size it was said to be',
                expected: `${source.size} bytes`,
                actual: `${bytes.length} bytes`,
              }),
            )
          call.onProgress?.(bytes.length)
          const image = made((bare) => imaged(request, bytes, call.virtualSize ?? bytes.length, bare), project)
          const stored = store.get(image.ref.id)
          if (stored !== undefined) store.set(image.ref.id, { ...stored, bytes })
          return E.right({ image, verified: 'digest-match' })
        }),
      estimate: (_, call = {}) =>
        answer('estimate', call, () => E.right({ resources: ['memory'], once: null, monthly: null })),
      uploadLimits: (call = {}) =>
        answer('uploadLimits', call, () =>
          E.right({
            ...UNKNOWN_LIMITS,
            ...(stores.length === 0
              ? {}
              : { stores: stores.map((id, at) => ({ id, isDefault: at === 0, isReadOnly: false })) }),
            ...options.limits,
          }),
        ),
      orphans: (call = {}) => answer('orphans', call, () => E.right([...left.values()])),
      deleteOrphan: ({ kind, id }, call = {}) =>
        answer('deleteOrphan', call, () => {
          left.delete(`${kind} ${id}`)
          return E.right(undefined)
        }),
      importFromUrl: (id, { url, stores: into = defaultStores }, call = {}) =>
        onOwn('importFromUrl', id, call, (stored) => {
          const strange = strangeStore('importFromUrl', into)
          if (strange !== null) return E.left(strange)
          if (hasData(stored))
            return E.left(conflict(createErrorSite(cloud, 'importFromUrl'), { what: `image ${id} has data` }))
          const bytes = reachable.get(url)
          return E.right(
            work.begin(
              'import',
              id,
              bytes === undefined ? () => 'the URL could not be fetched' : filling(id, bytes, into),
            ),
          )
        }),
      copyToStore: (id, request, call = {}) =>
        onOwn('copyToStore', id, call, ({ bytes }) => {
          const strange = strangeStore('copyToStore', request.stores)
          if (strange !== null) return E.left(strange)
          if (bytes === null)
            return E.left(conflict(createErrorSite(cloud, 'copyToStore'), { what: `image ${id} has no data yet` }))
          const copying = ending(id, (stored) => {
            write(stored, { stores: [...new Set([...stored.image.stores, ...request.stores])] })
            return null
          })
          return E.right(work.begin('copy', id, copying))
        }),
      operations: (id, call = {}) => onOwn('operations', id, call, () => E.right(work.of(id))),
      operation: (operationId, call = {}) =>
        answer('operation', call, () => {
          const found = work.find(operationId)
          const stored = found === null ? undefined : store.get(found.imageId)
          const isOurs = stored === undefined || isOwn(stored, project)
          return found === null || !isOurs
            ? E.left(notFound(createErrorSite(cloud, 'operation'), { what: `there is no operation ${operationId}` }))
            : E.right(found.operation)
        }),
      usage: ({ listing, ...call } = {}) =>
        answer('usage', call, async () => {
          const listed = await listing?.()
          if (listed !== undefined && E.isLeft(listed)) return E.left({ ...listed.left, operation: 'usage' })
          const visible = [...store.values()].filter((stored) => isListed(stored, project, {}))
          const images = listed?.right.items ?? visible.map(({ image }) => image)
          return E.right(usageOf(cloud, project, options.users ?? [], images, store.values()))
        }),
      prices: (call = {}) => answer('prices', call, () => E.right(options.prices ?? MEMORY_PRICES)),
    }
    for (const name of [...without, ...(keepsDisks ? RECORD_METHODS : DISK_METHODS)])
      Reflect.deleteProperty(methods, name)

    const capabilities = deriveCapabilities(methods, {
      filters,
      changes: methods.update === undefined ? [] : changeable,
      digests: methods.upload === undefined ? [] : ['sha512'],
      limits: { pageSize, uploadBytes: null },
      ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
    })
    return {
      cloud,
      capabilities,
      probe: (call = {}) => answer('probe', call, () => E.right(capabilities)),
      get: (id, call = {}) => on('get', id, call, ({ image }) => E.right(image)),
      listPage: (query, cursor, call = {}) =>
        answer('listPage', call, (met) => {
          const size = Math.min(call.pageSize ?? pageSize, pageSize)
          const start = cursor === null ? 0 : Number(cursor)
          if (!Number.isInteger(start / size))
            return E.left(rejected(createErrorSite(cloud, 'listPage'), { what: 'not a cursor of this listing' }))
          const asked = pickFilters(query, filters)
          const listed = [...store.values()]
            .filter((stored) => isListed(stored, project, asked))
            .map(({ image }) => image)
          const sound = pageAt(
            listed.filter((image) => matches(asked, image)),
            start,
            size,
          )
          const page = met?.kind === 'odd-records' ? withOddRecords(sound, cloud.provider) : sound
          return fault === undefined ? E.right(page) : fault({ number: start / size, cursor, page })
        }),
      ...methods,
    }
  }
}

/**
 * Creates a stateful `ImageSource` in memory, for tests. It lists in pages, stores bytes, computes SHA-512 digests, and completes work in the
 * background.
 */
export const createMemorySource = (options: MemorySourceOptions = {}): ImageSource =>
  createMemoryCloud(options)(options)
