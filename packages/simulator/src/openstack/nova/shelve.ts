import type { GlanceState } from '../glance/state.ts'
import type { Token } from '../keystone/tokens.ts'
import { refuse } from './refusal.ts'
import type { Server, Servers } from './server.ts'
import { takeSnapshot } from './snapshot.ts'

const change = (servers: Servers, server: Server, fields: Partial<Server>): void =>
  void servers.set(server.id, { ...server, ...fields })

/** Uploads the disk as an image `NAME-shelved` and releases the disk. The image refers to the server, but not the server to the image. */
export const shelve = (
  servers: Servers,
  glance: GlanceState,
  token: Token,
  server: Server,
  snapshotMs: number,
): void => {
  if (server.status !== 'ACTIVE' && server.status !== 'SHUTOFF')
    throw refuse(409, `Cannot 'shelve' instance ${server.id} while it is in vm_state ${server.status.toLowerCase()}`)
  const { id } = takeSnapshot(glance, token, server, { name: `${server.name}-shelved`, metadata: {} }, snapshotMs)
  const shelving: Server = { ...server, task: 'shelving_image_uploading' }
  servers.set(server.id, shelving)
  glance.due.push({
    at: glance.now() + snapshotMs,
    run: () => {
      change(servers, shelving, { status: 'SHELVED_OFFLOADED', task: null, shelvedImageId: id })
      return true
    },
  })
}

/** Starts the server from its shelved image and deletes the image. Without the image, the server stays in ERROR. */
export const unshelve = (servers: Servers, glance: GlanceState, server: Server): void => {
  if (server.status !== 'SHELVED_OFFLOADED')
    throw refuse(409, `Cannot 'unshelve' instance ${server.id} while it is in vm_state ${server.status.toLowerCase()}`)
  const image = server.shelvedImageId
  if (image === null || !glance.images.has(image)) {
    change(servers, server, {
      status: 'ERROR',
      fault: `Unshelve attempted but the image ${image ?? ''} cannot be found.`,
    })
    return
  }
  glance.images.delete(image)
  glance.deleted.add(image)
  change(servers, server, { status: 'ACTIVE', shelvedImageId: null })
}
