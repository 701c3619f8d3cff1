import type { Ids } from '../ids.ts'
import { computeDigests, readVirtualSize, type Content } from './content.ts'
import type { StoredImage } from './image.ts'
import type { ImageSchema } from './schemas.ts'
import type { Task } from './task.ts'

export interface Store {
  readonly id: string
  readonly description: string
  readonly type: 'file' | 'http'
  readonly isDefault: boolean
  readonly readOnly: boolean
}

/** The limits of Glance for images and projects. */
export interface GlanceQuotas {
  /** The maximum size of an image in bytes (`image_size_cap`). */
  readonly imageSize: number
  /** The maximum size of all images of a project in bytes (`user_storage_quota`). Null: unlimited. */
  readonly storage: number | null
  readonly members: number
  readonly properties: number
  readonly tags: number
  /** The unified limit of images per project; -1: unlimited. Null: unified limits are disabled, and `/v2/info/usage` is empty. */
  readonly images: number | null
  /** The maximum number of concurrent uploads per project, with unified limits. Null: the limit of images. */
  readonly uploads: number | null
}

/** The formats that the operator allows: `disk_formats`, `container_formats`. */
export interface GlanceFormats {
  readonly disk: readonly string[]
  readonly container: readonly string[]
}

export interface GlanceState {
  readonly region: string
  readonly now: () => number
  readonly ids: Ids
  readonly stores: readonly Store[]
  readonly quotas: GlanceQuotas
  readonly schema: ImageSchema
  readonly showLocations: boolean
  /** The duration of an import in milliseconds. */
  readonly importMs: number
  readonly images: Map<string, StoredImage>
  /** IDs of deleted images are never reused. */
  readonly deleted: Set<string>
  readonly tasks: Map<string, Task>
  /** Work that is due at a time of the clock; checked before every request. */
  readonly due: { at: number; run: () => boolean }[]
  /** Fetches in progress: they take real time. */
  readonly fetching: Set<Promise<unknown>>
}

export const STORES: readonly Store[] = [
  { id: 'fast', description: 'Fast file store', type: 'file', isDefault: true, readOnly: false },
  { id: 'slow', description: 'Slow file store', type: 'file', isDefault: false, readOnly: false },
  { id: 'web', description: 'Read-only HTTP store', type: 'http', isDefault: false, readOnly: true },
]

/** Runs the work that is due. Work that cannot be done yet stays. */
export const settle = (state: GlanceState): void => {
  const due = state.due.filter(({ at }) => at <= state.now())
  for (const entry of due) if (entry.run()) state.due.splice(state.due.indexOf(entry), 1)
}

/** Changes an image and its `updated_at`. Does nothing if the image was deleted meanwhile. */
export const update = (state: GlanceState, id: string, change: Partial<StoredImage>): StoredImage | undefined => {
  const image = state.images.get(id)
  if (image === undefined) return undefined
  const changed = { ...image, ...change, updatedAt: state.now() }
  state.images.set(id, changed)
  return changed
}

const locationIn = (store: string, id: string): StoredImage['locations'][number] => ({
  url: `file:///var/lib/glance/${store}/${id}`,
  store,
})

/** Returns the fields of an image whose data is complete. */
export const activated = (image: StoredImage, content: Content, stores: readonly string[]): Partial<StoredImage> => ({
  ...computeDigests(content),
  status: 'active',
  size: content.size,
  virtual_size: readVirtualSize(content, image.disk_format),
  content,
  staged: null,
  locations: [...image.locations, ...stores.map((store) => locationIn(store, image.id))],
})

/** The fields of an image without data, as after a failed upload or import. */
export const EMPTIED: Partial<StoredImage> = {
  status: 'queued',
  size: null,
  virtual_size: null,
  content: null,
  staged: null,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
}

/** Returns the bytes that the images of a project occupy. */
export const storedBy = (state: GlanceState, project: string | null): number =>
  [...state.images.values()]
    .filter(({ owner, content }) => owner === project && content !== null)
    .reduce((sum, { size }) => sum + (size ?? 0), 0)
