import { isJsonObject, type Image } from '@imago/core/provider'
import type { CinderVolume, NovaServer } from '@imago/schema-openstack'

/** A server, and the ID of its image; `null`: it boots from a volume. */
export interface ServerReading {
  readonly id: string
  readonly name: string | null
  readonly status: string | null
  readonly task: string | null
  readonly imageId: string | null
}

/** A volume, and what it was made from. */
export interface VolumeReading {
  readonly id: string
  readonly name: string | null
  readonly imageId: string | null
  readonly snapshotId: string | null
  /** The servers that it is attached to. */
  readonly serverIds: readonly string[]
}

/** `null`: states no ID; `undefined`: cannot be read. */
const readId = (value: unknown): string | null | undefined => {
  if (value === null || value === undefined || value === '') return null
  return typeof value === 'string' ? value : undefined
}

/** `undefined`: the record does not state its image in a way that can be read. Only '' is none: a record without the key says nothing. */
export const readServer = (server: NovaServer): ServerReading | undefined => {
  const { id, name = null, status = null, image } = server
  const imageId = image === '' || image === null ? null : isJsonObject(image) ? readId(image['id']) : undefined
  // An object without ID is no reference that Nova writes.
  if (imageId === undefined || (imageId === null && isJsonObject(image))) return undefined
  return { id, name, status, task: server['OS-EXT-STS:task_state'] ?? null, imageId }
}

const readServerIds = (attachments: unknown): readonly string[] | undefined => {
  if (attachments === null || attachments === undefined) return []
  if (!Array.isArray(attachments)) return undefined
  const ids = attachments.map((one: unknown) => (isJsonObject(one) ? readId(one['server_id']) : undefined))
  return ids.includes(undefined) ? undefined : ids.filter((id) => typeof id === 'string')
}

/** `undefined`: the record states one of its references in a way that cannot be read. Nova leaves the names of its volumes empty. */
export const readVolume = ({
  id,
  name,
  volume_image_metadata: metadata,
  snapshot_id,
  attachments,
}: CinderVolume): VolumeReading | undefined => {
  const imageId =
    metadata === null || metadata === undefined
      ? null
      : isJsonObject(metadata)
        ? readId(metadata['image_id'])
        : undefined
  const snapshotId = readId(snapshot_id)
  const serverIds = readServerIds(attachments)
  if (imageId === undefined || snapshotId === undefined || serverIds === undefined) return undefined
  return { id, name: name || null, imageId, snapshotId, serverIds }
}

/** Longer texts are no mapping of the few devices that a server has. */
const LONGEST_MAPPING = 65_536

const parseMapping = (text: string): unknown => {
  if (text.length > LONGEST_MAPPING) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The Cinder snapshots that hold the data of an image, which Nova makes so of a server that boots from a volume.
 * nova: nova/compute/api.py, snapshot_volume_backed. `undefined`: the property cannot be read.
 */
export const readSnapshotIds = ({ raw }: Image): readonly string[] | undefined => {
  const property = isJsonObject(raw) ? raw['block_device_mapping'] : undefined
  if (property === undefined || property === null || property === '') return []
  // As text in images, as a list where a client has parsed it.
  const mapping = typeof property === 'string' ? parseMapping(property) : property
  if (!Array.isArray(mapping)) return undefined
  const ids = mapping.map((device: unknown) => (isJsonObject(device) ? readId(device['snapshot_id']) : undefined))
  return ids.includes(undefined) ? undefined : ids.filter((id) => typeof id === 'string')
}
