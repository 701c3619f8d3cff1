import { hexOf } from '../ids.ts'
import { qcow2Head, sparse } from '../glance/content.ts'
import { NEW_IMAGE, type StoredImage } from '../glance/image.ts'
import { activated, update, type GlanceState } from '../glance/state.ts'
import type { Token } from '../keystone/tokens.ts'
import type { Server } from './server.ts'

export interface SnapshotRequest {
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
}

const BLOCK_DEVICE = {
  source_type: 'snapshot',
  destination_type: 'volume',
  boot_index: 0,
  device_name: '/dev/vda',
  delete_on_termination: false,
}

const propertiesOf = (
  server: Server,
  token: Token,
  metadata: SnapshotRequest['metadata'],
): Readonly<Record<string, string>> => ({
  image_type: 'snapshot',
  instance_uuid: server.id,
  user_id: token.user.id,
  owner_id: server.project,
  owner_user_name: token.user.name,
  boot_roles: token.roles.join(','),
  image_location: 'snapshot',
  image_state: 'available',
  ...(server.imageId === null ? {} : { base_image_ref: server.imageId }),
  ...(server.used === null
    ? {
        bdm_v2: 'True',
        root_device_name: '/dev/vda',
        block_device_mapping: JSON.stringify([
          { ...BLOCK_DEVICE, snapshot_id: hexOf(`snapshot/${server.id}`), volume_size: server.minDisk },
        ]),
      }
    : {}),
  ...metadata,
})

/** Makes the image as Nova does: queued, then saving, then active as the clock goes on; at once where the disk is a volume. */
export const takeSnapshot = (
  glance: GlanceState,
  token: Token,
  server: Server,
  request: SnapshotRequest,
  snapshotMs: number,
): StoredImage => {
  const now = glance.now()
  const image: StoredImage = {
    ...NEW_IMAGE,
    id: glance.ids.uuid(),
    name: request.name,
    owner: server.project,
    visibility: 'private',
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk: server.minDisk,
    properties: new Map(Object.entries(propertiesOf(server, token, request.metadata))),
    createdAt: now,
    updatedAt: now,
  }
  glance.images.set(image.id, image)
  const content = sparse(qcow2Head(server.disk), server.used ?? 0)
  const activate = (): boolean => {
    update(glance, image.id, activated(image, content, ['fast']))
    return true
  }
  if (server.used === null) {
    activate()
    return glance.images.get(image.id) ?? image
  }
  glance.due.push(
    {
      at: now + snapshotMs / 2,
      run: () => {
        update(glance, image.id, { status: 'saving' })
        return true
      },
    },
    { at: now + snapshotMs, run: activate },
  )
  return image
}
