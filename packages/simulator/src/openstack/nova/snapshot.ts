import { toHexId } from '../ids.ts'
import { qcow2Head, sparse } from '../glance/content.ts'
import { NEW_IMAGE, type StoredImage } from '../glance/image.ts'
import { activated, update, type GlanceState } from '../glance/state.ts'
import { getProject, type Token } from '../keystone/tokens.ts'
import type { Server } from './server.ts'

export interface SnapshotRequest {
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
}

/** As written by Nova 26, except for the server's values. */
const BLOCK_DEVICE = {
  source_type: 'snapshot',
  destination_type: 'volume',
  boot_index: 0,
  device_name: '/dev/vda',
  delete_on_termination: false,
  image_id: null,
  volume_id: null,
  volume_type: null,
  device_type: null,
  disk_bus: null,
  guest_format: null,
  no_device: null,
  tag: null,
  encrypted: null,
  encryption_format: null,
  encryption_options: null,
  encryption_secret_uuid: null,
}

/** Properties of every image that Nova creates from a server. */
const commonProperties = (server: Server, token: Token): Readonly<Record<string, string>> => ({
  base_image_ref: server.imageId ?? '',
  owner_user_name: token.user.name,
  owner_project_name: getProject(token)?.name ?? '',
  boot_roles: token.roles.join(','),
})

/** Properties from the start, if the disk is on the host. */
const hostDiskProperties = (server: Server, token: Token): Readonly<Record<string, string>> => ({
  instance_uuid: server.id,
  user_id: token.user.id,
  image_type: 'snapshot',
})

/** Properties added when the hypervisor has the data ready. */
const uploadProperties = (server: Server): Readonly<Record<string, string>> => ({
  owner_id: server.project,
  image_location: 'snapshot',
  image_state: 'available',
})

/** Properties if the disk is a volume: its data is a snapshot in Cinder. */
const volumeProperties = (server: Server): Readonly<Record<string, string>> => ({
  root_device_name: BLOCK_DEVICE.device_name,
  block_device_mapping: JSON.stringify([
    { ...BLOCK_DEVICE, snapshot_id: toHexId(`snapshot/${server.id}`), volume_size: server.minDisk },
  ]),
  bdm_v2: 'True',
})

const FORMATS = { disk_format: 'qcow2', container_format: 'bare' }

/**
 * Creates an image like Nova: queued without formats, then saving, then active, as the clock advances. If the disk is a volume, the image is active
 * at once, without data, and does not name the server.
 */
export const takeSnapshot = (
  glance: GlanceState,
  token: Token,
  server: Server,
  request: SnapshotRequest,
  snapshotMs: number,
): StoredImage => {
  const now = glance.now()
  const { used } = server
  const properties = {
    ...commonProperties(server, token),
    ...(used === null ? volumeProperties(server) : hostDiskProperties(server, token)),
    ...request.metadata,
  }
  const image: StoredImage = {
    ...NEW_IMAGE,
    id: glance.ids.uuid(),
    name: request.name,
    owner: server.project,
    visibility: 'private',
    ...(used === null ? FORMATS : {}),
    min_disk: server.minDisk,
    properties: new Map(Object.entries(properties)),
    createdAt: now,
    updatedAt: now,
  }
  glance.images.set(image.id, image)
  const content = sparse(qcow2Head(server.disk), used ?? 0)
  const activate = (): boolean => {
    update(glance, image.id, activated({ ...image, ...FORMATS }, content, ['fast']))
    return true
  }
  if (used === null) {
    activate()
    return glance.images.get(image.id) ?? image
  }
  glance.due.push(
    {
      at: now + snapshotMs / 2,
      run: () => {
        const uploading = new Map(Object.entries({ ...properties, ...uploadProperties(server) }))
        update(glance, image.id, { ...FORMATS, status: 'saving', properties: uploading })
        return true
      },
    },
    { at: now + snapshotMs, run: activate },
  )
  return image
}
