import { isJsonObject } from '@imago/core/provider'
import type { CinderVolume, NovaServer } from '@imago/schema-openstack'
import { readId } from '../../read-id.ts'

/** A server with its image ID; `null` if it boots from a volume. */
export interface ServerReading {
  readonly id: string
  readonly name: string | null
  readonly status: string | null
  readonly task: string | null
  readonly imageId: string | null
}

/** A volume with its source. */
export interface VolumeReading {
  readonly id: string
  readonly name: string | null
  readonly imageId: string | null
  readonly snapshotId: string | null
  /** The servers that it is attached to. */
  readonly serverIds: readonly string[]
}

/** `undefined` if the image reference cannot be read. Only '' means no image; a missing key is unknown. */
export const readServer = (server: NovaServer): ServerReading | undefined => {
  const { id, name = null, status = null, image } = server
  const imageId = image === '' || image === null ? null : isJsonObject(image) ? readId(image['id']) : undefined
  // Nova never sends an object without an ID.
  if (imageId === undefined || (imageId === null && isJsonObject(image))) return undefined
  return { id, name, status, task: server['OS-EXT-STS:task_state'] ?? null, imageId }
}

const readServerIds = (attachments: unknown): readonly string[] | undefined => {
  if (attachments === null || attachments === undefined) return []
  if (!Array.isArray(attachments)) return undefined
  const ids = attachments.map((one: unknown) => (isJsonObject(one) ? readId(one['server_id']) : undefined))
  return ids.includes(undefined) ? undefined : ids.filter((id) => typeof id === 'string')
}

/** `undefined` if one of the references cannot be read. Volumes that Nova creates have empty names. */
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
