import type { Ids } from '../ids.ts'
import { digestsOf, virtualSizeOf, type Content } from './content.ts'
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

export interface GlanceQuotas {
  /** Bytes of one image (`image_size_cap`). */
  readonly imageSize: number
  /** Bytes of all images of one project (`user_storage_quota`). Null: none. */
  readonly storage: number | null
  readonly members: number
  readonly properties: number
  readonly tags: number
  /** Images of one project, the limit of unified limits; -1: any number. Null: those are off, and `/v2/info/usage` is empty. */
  readonly images: number | null
  /** Uploads at the same time of one project, where unified limits are on. Null: as many as images. */
  readonly uploads: number | null
}

/** What an operator lets images be: `disk_formats`, `container_formats`. */
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
  /** ms from the start of an import to its end. */
  readonly importMs: number
  readonly images: Map<string, StoredImage>
  /** Ids of deleted images are never free again. */
  readonly deleted: Set<string>
  readonly tasks: Map<string, Task>
  /** What happens when the clock gets there; looked at before every request. */
  readonly due: { at: number; run: () => boolean }[]
  /** What is being fetched from elsewhere: it takes its own time, not the clock's. */
  readonly fetching: Set<Promise<unknown>>
}

export const STORES: readonly Store[] = [
  { id: 'fast', description: 'Fast file store', type: 'file', isDefault: true, readOnly: false },
  { id: 'slow', description: 'Slow file store', type: 'file', isDefault: false, readOnly: false },
  { id: 'web', description: 'Read-only HTTP store', type: 'http', isDefault: false, readOnly: true },
]

/** Does what has become due. What cannot be done yet stays. */
export const settle = (state: GlanceState): void => {
  const due = state.due.filter(({ at }) => at <= state.now())
  for (const entry of due) if (entry.run()) state.due.splice(state.due.indexOf(entry), 1)
}

/** Replaces an image with a changed one, and dates it. Nothing happens if it was deleted meanwhile. */
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

/** What an image has when its data is there. */
export const activated = (image: StoredImage, content: Content, stores: readonly string[]): Partial<StoredImage> => ({
  ...digestsOf(content),
  status: 'active',
  size: content.size,
  virtual_size: virtualSizeOf(content, image.disk_format),
  content,
  staged: null,
  locations: [...image.locations, ...stores.map((store) => locationIn(store, image.id))],
})

/** Without data again, as after an upload or an import that failed. */
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

/** Bytes that the images of a project take. */
export const storedBy = (state: GlanceState, project: string | null): number =>
  [...state.images.values()]
    .filter(({ owner, content }) => owner === project && content !== null)
    .reduce((sum, { size }) => sum + (size ?? 0), 0)
