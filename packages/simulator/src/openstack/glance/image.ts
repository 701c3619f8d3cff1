import { inSeconds } from '../instants.ts'
import type { Content } from './content.ts'

export type MemberStatus = 'pending' | 'accepted' | 'rejected'

export interface Member {
  readonly id: string
  readonly status: MemberStatus
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Location {
  readonly url: string
  readonly store: string
}

/** An image as stored in Glance. Fields that are returned unchanged have their API names. */
export interface StoredImage {
  readonly id: string
  readonly name: string | null
  readonly status: string
  readonly visibility: string
  readonly protected: boolean
  readonly os_hidden: boolean
  readonly owner: string | null
  readonly disk_format: string | null
  readonly container_format: string | null
  /** Bytes. */
  readonly size: number | null
  readonly virtual_size: number | null
  /** GiB. */
  readonly min_disk: number
  /** MiB. */
  readonly min_ram: number
  readonly checksum: string | null
  readonly os_hash_algo: string | null
  readonly os_hash_value: string | null
  readonly tags: readonly string[]
  /** Null only for values accepted by an older Glance (`kernel_id`, `ramdisk_id`). */
  readonly properties: ReadonlyMap<string, string | null>
  readonly createdAt: number
  readonly updatedAt: number
  readonly locations: readonly Location[]
  readonly members: ReadonlyMap<string, Member>
  readonly content: Content | null
  readonly staged: Content | null
}

export const NEW_IMAGE: Omit<StoredImage, 'id' | 'owner' | 'createdAt' | 'updatedAt'> = {
  name: null,
  status: 'queued',
  visibility: 'shared',
  protected: false,
  os_hidden: false,
  disk_format: null,
  container_format: null,
  size: null,
  virtual_size: null,
  min_disk: 0,
  min_ram: 0,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  tags: [],
  properties: new Map(),
  locations: [],
  members: new Map(),
  content: null,
  staged: null,
}

export interface PresentOptions {
  /** `show_image_direct_url` and `show_multiple_locations`. */
  readonly showLocations: boolean
  /** Only an admin sees the locations of a deactivated image. */
  readonly isAdmin: boolean
}

const imageFields = (image: StoredImage): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(image.properties),
  name: image.name,
  disk_format: image.disk_format,
  container_format: image.container_format,
  visibility: image.visibility,
  size: image.size,
  virtual_size: image.virtual_size,
  status: image.status,
  checksum: image.checksum,
  protected: image.protected,
  min_ram: image.min_ram,
  min_disk: image.min_disk,
  owner: image.owner,
  os_hidden: image.os_hidden,
  os_hash_algo: image.os_hash_algo,
  os_hash_value: image.os_hash_value,
  id: image.id,
  created_at: inSeconds(image.createdAt),
  updated_at: inSeconds(image.updatedAt),
})

const locationFields = (locations: readonly Location[]): Readonly<Record<string, unknown>> => ({
  locations: locations.map(({ url, store }) => ({ url, metadata: { store } })),
  ...(locations[0] === undefined ? {} : { direct_url: locations[0].url }),
})

/** Formats an image like `GET /v2/images/{id}`, in Glance's order: a base key overrides a property of the same name. */
export const presentImage = (
  image: StoredImage,
  { showLocations, isAdmin }: PresentOptions,
): Readonly<Record<string, unknown>> => {
  const locations = image.status === 'deactivated' && !isAdmin ? [] : image.locations
  return {
    ...imageFields(image),
    ...(showLocations ? locationFields(locations) : {}),
    tags: image.tags,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
    ...(locations.length === 0 ? {} : { stores: locations.map(({ store }) => store).join(',') }),
  }
}

export const presentMember = (imageId: string, { id, status, createdAt, updatedAt }: Member): unknown => ({
  member_id: id,
  image_id: imageId,
  status,
  created_at: inSeconds(createdAt),
  updated_at: inSeconds(updatedAt),
  schema: '/v2/schemas/member',
})
