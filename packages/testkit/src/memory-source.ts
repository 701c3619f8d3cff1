import {
  aborted, bytesOf, capabilitiesOf, conflict, forbidden, ImageException, integrityFailed, matches, notFound, rejected, selection, siteOf, unsupported,
  type Abortable, type Answer, type ByteSource, type CapabilityName, type CloudIdentity, type FilterName, type Image, type ImageChanges, type ImageError, type ImageSource, type Page,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { bareImage } from './bare-image.ts'
import type { PageFault } from './memory-fault.ts'
import { changed, filled, requested, rewritten, type Stored } from './memory-store.ts'

export interface MemorySourceOptions {
  /** Default: provider `memory`, cloud `test`, no region. */
  readonly cloud?: CloudIdentity
  /** What the cloud holds at first, in the order of its lists. They become images of this cloud. */
  readonly images?: readonly Image[]
  /** The data of those images, by id. The others have none. */
  readonly bytes?: Readonly<Record<string, Uint8Array>>
  /** Default: 50. */
  readonly pageSize?: number
  /** Whether a page tells where all the others begin. Default: no. */
  readonly ahead?: boolean
  /** What it filters itself. Default: nothing. */
  readonly filters?: readonly FilterName[]
  /** What `update` can change. Default: everything. */
  readonly changes?: readonly (keyof ImageChanges)[]
  /** Methods to leave out. */
  readonly without?: readonly CapabilityName[]
  /** Default: `memory-1`, `memory-2` … */
  readonly newId?: () => string
  /** The instant of a write, in canonical spelling. Default: always the same. */
  readonly now?: () => string
  /** Stands between a page and whoever asked for it. */
  readonly fault?: PageFault
}

const CHANGES: readonly (keyof ImageChanges)[] = ['kind', 'name', 'description', 'labels', 'tags', 'properties', 'minDisk', 'minRam']

const counter = (): (() => string) => {
  let count = 0
  return () => `memory-${++count}`
}

const collect = async (source: ByteSource, { signal }: Abortable): Promise<E.Either<ImageError, Uint8Array>> => {
  const opened = await source.open(undefined, signal)()
  if (E.isLeft(opened)) return opened
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of opened.right) chunks.push(chunk)
  } catch (thrown) {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  }
  return E.right(Buffer.concat(chunks))
}

/** A cloud in memory: a real, stateful `ImageSource`, for tests of whatever uses one. Lists in pages, keeps bytes, computes SHA-512 digests. */
export const createMemorySource = (options: MemorySourceOptions = {}): ImageSource => {
  const { cloud = { provider: 'memory', cloud: 'test', region: null }, pageSize = 50, ahead = false, filters = [], changes: changeable = CHANGES, without = [] } = options
  const { newId = counter(), now = () => '2024-01-01T00:00:00Z', fault } = options
  const store = new Map<string, Stored>()
  for (const image of options.images ?? []) store.set(image.ref.id, { image: { ...image, ref: { ...cloud, id: image.ref.id } }, bytes: options.bytes?.[image.ref.id] ?? null })

  const answer =
    <A>(operation: string, { signal }: Abortable, work: () => E.Either<ImageError, A> | Promise<E.Either<ImageError, A>>): Answer<A> =>
    async () =>
      signal?.aborted === true ? E.left(aborted(siteOf(cloud, operation))) : work()

  /** Works on the image `id`, if there is one. */
  const on = <A>(operation: string, id: string, call: Abortable, work: (stored: Stored) => E.Either<ImageError, A> | Promise<E.Either<ImageError, A>>): Answer<A> =>
    answer(operation, call, () => {
      const stored = store.get(id)
      return stored === undefined ? E.left(notFound(siteOf(cloud, operation), { what: `there is no image ${id}` })) : work(stored)
    })

  const write = (image: Image, fields: Partial<Image>, bytes: Uint8Array | null): E.Either<never, Image> => {
    const written = rewritten(image, { ...fields, updatedAt: now() })
    store.set(image.ref.id, { image: written, bytes })
    return E.right(written)
  }

  const pageAt = (images: readonly Image[], start: number, size: number): Page => {
    const starts = Array.from({ length: Math.max(0, Math.ceil(images.length / size) - 1) }, (_, index) => (index + 1) * size)
    const following = starts.filter((next) => next > start).map(String)
    return { items: images.slice(start, start + size), rejected: [], drift: [], next: following[0] ?? null, ...(ahead ? { ahead: following } : {}) }
  }

  const methods: Pick<ImageSource, CapabilityName> = {
    update: (id, changes, call = {}) =>
      on('update', id, call, ({ image, bytes }) => {
        const foreign = Object.keys(changes).find((change) => !(changeable as readonly string[]).includes(change))
        if (foreign !== undefined) return E.left(unsupported(siteOf(cloud, 'update'), { what: `${foreign} cannot be changed`, capability: 'update' }))
        return write(image, changed(image, changes), bytes)
      }),
    remove: (id, call = {}) =>
      on('remove', id, call, ({ image }) => {
        if (image.protected === true) return E.left(forbidden(siteOf(cloud, 'remove'), { what: `image ${id} is protected`, reason: 'protected' }))
        store.delete(id)
        return E.right(undefined)
      }),
    protect: (id, isProtected, call = {}) => on('protect', id, call, ({ image, bytes }) => write(image, { protected: isProtected }, bytes)),
    hide: (id, hidden, call = {}) => on('hide', id, call, ({ image, bytes }) => write(image, { hidden }, bytes)),
    deactivate: (id, isDeactivated, call = {}) =>
      on('deactivate', id, call, ({ image, bytes }) => {
        if (bytes === null) return E.left(conflict(siteOf(cloud, 'deactivate'), { what: `image ${id} has no data yet` }))
        return write(image, { status: isDeactivated ? 'unavailable' : 'available' }, bytes)
      }),
    setVisibility: (id, visibility, call = {}) => on('setVisibility', id, call, ({ image, bytes }) => write(image, { visibility }, bytes)),
    create: (request, call = {}) =>
      answer('create', call, () => {
        const image = bareImage(newId(), { createdAt: now() }, cloud)
        return write(image, requested(request, image), null)
      }),
    upload: (id, source, call = {}) =>
      on('upload', id, call, async ({ image, bytes: already }) => {
        const site = siteOf(cloud, 'upload')
        if (already !== null) return E.left(conflict(site, { what: `image ${id} has data` }))
        const read = await collect(source, call)
        if (E.isLeft(read)) return read
        const bytes = read.right
        if (source.size !== null && source.size !== bytes.length) return E.left(integrityFailed(site, { what: 'not the size it was said to be', expected: `${source.size} bytes`, actual: `${bytes.length} bytes` }))
        call.onProgress?.(bytes.length)
        return write(image, filled(image, bytes), bytes)
      }),
    download: (id, call = {}) =>
      on('download', id, call, ({ image, bytes }) => {
        if (image.status === 'unavailable') return E.left(forbidden(siteOf(cloud, 'download'), { what: `image ${id} is deactivated`, reason: 'deactivated' }))
        return bytes === null ? E.left(conflict(siteOf(cloud, 'download'), { what: `image ${id} has no data yet` })) : E.right(bytesOf(bytes, siteOf(cloud, 'download')))
      }),
  }
  for (const name of without) Reflect.deleteProperty(methods, name)

  const capabilities = capabilitiesOf(methods, {
    filters,
    changes: methods.update === undefined ? [] : changeable,
    digests: methods.upload === undefined ? [] : ['sha512'],
    limits: { pageSize, uploadBytes: null },
  })
  return {
    cloud,
    capabilities,
    probe: (call = {}) => answer('probe', call, () => E.right(capabilities)),
    get: (id, call = {}) => on('get', id, call, ({ image }) => E.right(image)),
    listPage: (query, cursor, call = {}) =>
      answer('listPage', call, () => {
        const size = Math.min(call.pageSize ?? pageSize, pageSize)
        const start = cursor === null ? 0 : Number(cursor)
        if (!Number.isInteger(start / size)) return E.left(rejected(siteOf(cloud, 'listPage'), { what: 'not a cursor of this listing' }))
        const asked = selection(query, filters)
        const page = pageAt([...store.values()].map(({ image }) => image).filter((image) => matches(asked, image)), start, size)
        return fault === undefined ? E.right(page) : fault({ number: start / size, cursor, page })
      }),
    ...methods,
  }
}
