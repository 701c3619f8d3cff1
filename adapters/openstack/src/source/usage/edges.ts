import type { CloudIdentity, Image, ImageUser, UsageEdge } from '@imago/core/provider'
import type { UsageList } from '@imago/provider-kit'
import { readSnapshotIds } from '../../volume-snapshots.ts'
import type { ServerReading, VolumeReading } from './readings.ts'

/** The records in which references to images are searched. */
export interface UsageRecords {
  readonly cloud: CloudIdentity
  readonly servers: UsageList<ServerReading>
  readonly volumes: UsageList<VolumeReading>
  readonly images: UsageList<Image>
}

/**
 * Statuses of servers that have a disk of their own, and so do not need an image created from them. Others, such as `SHELVED_OFFLOADED` and `ERROR` (after a
 * failed unshelve), may. nova: api-guide/source/server_concepts.rst.
 */
const HAS_DISK: ReadonlySet<string> = new Set([
  'ACTIVE',
  'HARD_REBOOT',
  'MIGRATING',
  'PASSWORD',
  'PAUSED',
  'REBOOT',
  'RESCUE',
  'RESIZE',
  'REVERT_RESIZE',
  'SHUTOFF',
  'SUSPENDED',
  'VERIFY_RESIZE',
])

/** Nova uploads the disk of a shelved server as an image of this name, and deletes the disk. nova: nova/compute/api.py, shelve. */
const SHELVED_IMAGE = /-shelved$/

/** Whether the server may need an image created from it. A server with an unknown state may. */
const mayNeedImage = ({ status, task }: ServerReading, { name }: Image): boolean =>
  status === null || !HAS_DISK.has(status) || /shelv/i.test(task ?? '') || SHELVED_IMAGE.test(name ?? '')

const toServer = ({ id, name }: ServerReading): ImageUser => ({ kind: 'server', id, name })

/** Finds references to images: first from servers, then from volumes, then from images. */
export const findEdges = ({ cloud, servers, volumes, images }: UsageRecords): readonly UsageEdge[] => {
  const serverById = new Map(servers.items.map((server) => [server.id, server]))
  const toRef = (id: string): UsageEdge['image'] => ({ ...cloud, id })

  const used = (
    imageId: string,
    by: ImageUser,
    via: string,
    evidence: UsageEdge['evidence'] = 'declared',
  ): UsageEdge => ({
    image: toRef(imageId),
    by,
    relation: 'uses',
    via,
    evidence,
    // Disks and volumes are copies of the image.
    dependsOn: false,
  })

  /** Maps Cinder snapshots to the images whose data they contain. */
  const imagesBySnapshot = new Map(
    images.items.flatMap((image) => (readSnapshotIds(image) ?? []).map((id) => [id, image.ref.id] as const)),
  )

  /** The uses by a volume created from an image and by servers that boot from the volume, because such servers do not refer to an image. */
  const volumeEdges = (volume: VolumeReading): readonly UsageEdge[] => {
    const by: ImageUser = { kind: 'volume', id: volume.id, name: volume.name }
    const throughServers = (imageId: string): readonly UsageEdge[] =>
      volume.serverIds.flatMap((id) => {
        const server = serverById.get(id)
        return server === undefined || server.imageId !== null
          ? []
          : [used(imageId, toServer(server), 'volumes[].attachments[].server_id', 'inferred')]
      })
    const { imageId, snapshotId } = volume
    const byImage =
      imageId === null
        ? []
        : [used(imageId, by, 'volumes[].volume_image_metadata.image_id'), ...throughServers(imageId)]
    const holder = snapshotId === null ? undefined : imagesBySnapshot.get(snapshotId)
    return holder === undefined
      ? byImage
      : [...byImage, used(holder, by, 'volumes[].snapshot_id', 'inferred'), ...throughServers(holder)]
  }

  const serverOrigin = (image: Image, id: string): readonly UsageEdge[] => {
    const server = serverById.get(id)
    if (server === undefined && servers.state.completeness === 'read') return []
    const isNeeded = server !== undefined && mayNeedImage(server, image)
    return [
      {
        image: image.ref,
        by: server === undefined ? { kind: 'server', id, name: null } : toServer(server),
        relation: isNeeded ? 'uses' : 'origin',
        via: 'images[].instance_uuid',
        evidence: isNeeded ? 'inferred' : 'declared',
        dependsOn: isNeeded,
      },
    ]
  }

  const imageEdges = (image: Image): readonly UsageEdge[] =>
    image.origins.flatMap(({ relation, kind, id }) => {
      if (id === null) return []
      if (kind === 'server' && relation === 'created-from') return serverOrigin(image, id)
      return kind === 'image' && relation === 'based-on'
        ? [used(id, { kind: 'image', id: image.ref.id, name: image.name }, 'images[].base_image_ref')]
        : []
    })

  return [
    ...servers.items.flatMap((server) =>
      server.imageId === null ? [] : [used(server.imageId, toServer(server), 'servers[].image.id')],
    ),
    ...volumes.items.flatMap(volumeEdges),
    ...images.items.flatMap(imageEdges),
  ]
}
