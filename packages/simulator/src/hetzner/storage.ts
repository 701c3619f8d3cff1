import type { ApiContext } from './context.ts'
import type { StoredImage } from './image.ts'
import type { Project } from './project.ts'
import { toImageSize } from './rescue/options.ts'
import type { StoredServer } from './server.ts'

/** Copies the image's disk over the server's disk. Returns no `work` if neither has been written to. */
export const copyToServer = (
  { rescue }: ApiContext,
  image: StoredImage,
  serverId: number,
  gb: number,
): { readonly work?: Promise<unknown> } => {
  const { disks } = rescue
  if (!disks.has(`image-${image.id}`) && !disks.has(`server-${serverId}`)) return {}
  const freed = rescue.stop(serverId).then(() => disks.remove(`server-${serverId}`))
  return {
    work: disks.has(`image-${image.id}`)
      ? freed.then(() => disks.copy(`image-${image.id}`, `server-${serverId}`, gb))
      : freed,
  }
}

/** Copies the server's disk to an image; null if it was never written to. `imageSize` is set when the work is done. */
export const copyToImage = (
  { rescue }: ApiContext,
  server: StoredServer,
  imageId: number,
): { readonly work: Promise<unknown>; readonly imageSize: () => number | null } | null => {
  if (!rescue.disks.has(`server-${server.id}`)) return null
  let bytes: number | null = null
  const work = rescue.disks
    .copy(`server-${server.id}`, `image-${imageId}`, server.type.disk)
    .then((used) => (bytes = used))
  return { work, imageSize: () => (bytes === null ? null : toImageSize(bytes, rescue.bytesPerGb)) }
}

/** Deletes the image's disk and keeps its record. */
export const dropImage = ({ rescue }: ApiContext, project: Project, image: StoredImage, at: number): void => {
  project.images.set(image.id, { ...image, deleted: image.deleted ?? at })
  void rescue.disks.remove(`image-${image.id}`)
}

export const dropBackups = (context: ApiContext, project: Project, serverId: number, at: number): void => {
  for (const image of project.images.values()) if (image.boundTo === serverId) dropImage(context, project, image, at)
}

/** Deletes the server and its backups. */
export const dropServer = (context: ApiContext, project: Project, id: number, at: number): void => {
  project.servers.delete(id)
  void context.rescue.stop(id).then(() => context.rescue.disks.remove(`server-${id}`))
  dropBackups(context, project, id, at)
}
