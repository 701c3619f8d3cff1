import type { CloudIdentity, Image, OrphanedResource } from '@imago/core/provider'
import { bareImage } from '../bare-image.ts'
import type { MemoryCloudOptions } from './options.ts'
import { filled, rewritten, type Stored } from './store.ts'
import { createWork, type Ending, type Work } from './work.ts'

/** The content of a cloud in memory, which all its callers share. */
export interface MemoryState {
  readonly cloud: CloudIdentity
  /** By image ID. */
  readonly images: Map<string, Stored>
  /** The disks of the servers, by server ID. */
  readonly disks: ReadonlyMap<string, Uint8Array>
  /** The content of the URLs that the cloud can fetch. */
  readonly urls: ReadonlyMap<string, Uint8Array>
  readonly stores: readonly string[]
  /** The stores that receive data if a request names none. */
  readonly defaultStores: readonly string[]
  /** By kind and ID. */
  readonly orphans: Map<string, OrphanedResource>
  readonly work: Work
  /** Writes `fields`, and optionally data, to an image. */
  readonly write: (stored: Stored, fields: Partial<Image>, data?: Uint8Array | null) => Image
  readonly createImage: (fields: (image: Image) => Partial<Image>, owner: string | null, id?: string) => Image
  /** Whether an image has or had this ID: IDs are never reused. */
  readonly isUsedId: (id: string) => boolean
  /** Completes work on an image that may have been deleted meanwhile. */
  readonly complete: (id: string, end: (stored: Stored) => string | null) => Ending
  /** Completes work by writing data to an image. */
  readonly fill: (id: string, bytes: Uint8Array, stores: readonly string[]) => Ending
  /** Whether the image has data, or is receiving some. */
  readonly hasData: (stored: Stored) => boolean
}

const createCounter = (): (() => string) => {
  let count = 0
  return () => `memory-${++count}`
}

export const createMemoryState = (options: MemoryCloudOptions): MemoryState => {
  const { cloud = { provider: 'memory', cloud: 'test', region: null }, stores = [], workMs = 0 } = options
  const { newId = createCounter(), now = () => '2024-01-01T00:00:00Z', clock = Date.now } = options
  const work = createWork({ clock, now, workMs })
  const images = new Map(
    (options.images ?? []).map((image): [string, Stored] => [
      image.ref.id,
      {
        image: { ...image, ref: { ...cloud, id: image.ref.id } },
        bytes: options.bytes?.[image.ref.id] ?? null,
        shares: new Map(),
      },
    ]),
  )
  const usedIds = new Set(images.keys())

  const write: MemoryState['write'] = ({ image, bytes, shares }, fields, data = bytes) => {
    const written = rewritten(image, { ...fields, updatedAt: now() })
    images.set(image.ref.id, { image: written, bytes: data, shares })
    return written
  }

  const complete: MemoryState['complete'] = (id, end) => () => {
    const stored = images.get(id)
    return stored === undefined ? 'the image was deleted' : end(stored)
  }

  return {
    cloud,
    images,
    disks: new Map(Object.entries(options.servers ?? {})),
    urls: new Map(Object.entries(options.urls ?? {})),
    stores,
    defaultStores: stores.slice(0, 1),
    orphans: new Map((options.left ?? []).map((orphan) => [`${orphan.kind} ${orphan.id}`, orphan])),
    work,
    write,
    createImage: (fields, owner, id = newId()) => {
      const image = bareImage(id, { createdAt: now(), owner }, cloud)
      usedIds.add(id)
      return write({ image, bytes: null, shares: new Map() }, fields(image))
    },
    isUsedId: (id) => usedIds.has(id),
    complete,
    fill: (id, bytes, into) =>
      complete(id, (stored) => {
        write(stored, filled(stored.image, bytes, into), bytes)
        return null
      }),
    hasData: ({ image, bytes }) => bytes !== null || work.isBusy(image.ref.id),
  }
}
