import { isJsonObject, type Image } from '@imago/core/provider'
import type { RemainingResource } from '@imago/provider-kit'
import { readId } from './read-id.ts'

/** Longer texts cannot be the mapping of a server's few devices. */
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
 * The Cinder snapshots with an image's data: Nova creates such images from servers that boot from a volume.
 * nova: nova/compute/api.py, snapshot_volume_backed. `undefined`: the property cannot be read.
 */
export const readSnapshotIds = ({ raw }: Pick<Image, 'raw'>): readonly string[] | undefined => {
  const property = isJsonObject(raw) ? raw['block_device_mapping'] : undefined
  if (property === undefined || property === null || property === '') return []
  // Text in Glance's records; a list if a client has parsed it.
  const mapping = typeof property === 'string' ? parseMapping(property) : property
  if (!Array.isArray(mapping)) return undefined
  const ids = mapping.map((device: unknown) => (isJsonObject(device) ? readId(device['snapshot_id']) : undefined))
  return ids.includes(undefined) ? undefined : ids.filter((id) => typeof id === 'string')
}

/** The IDs that Cinder creates are UUIDs. Users can write any text into the property, and the ID becomes part of a command line. */
const SNAPSHOT_ID = /^[0-9a-f][0-9a-f-]{0,63}$/i

/** Returns the Cinder snapshots with an image's data. Neither Glance nor Nova deletes them together with the image. */
export const findRemaining = (image: Pick<Image, 'raw'>): readonly RemainingResource[] =>
  [...new Set(readSnapshotIds(image))]
    .filter((id) => SNAPSHOT_ID.test(id))
    .map((id) => ({
      kind: 'volume-snapshot',
      id,
      title: 'Cinder snapshot',
      deleteCommand: `openstack volume snapshot delete ${id}`,
    }))
