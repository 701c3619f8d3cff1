import {
  conflict,
  createErrorSite,
  notFound,
  rejected,
  type ImageChanges,
  type ImageSource,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { Caller } from './caller.ts'
import { readSource } from './read-source.ts'
import type { MemoryState } from './state.ts'
import { imaged, requested, snapshotted } from './store.ts'

/** Optional fields of a new record. */
const OPTIONAL_FIELDS = ['description', 'labels', 'tags', 'properties', 'minDisk', 'minRam'] as const

type CreateMethods = Pick<ImageSource, 'servers' | 'createFromServer' | 'create' | 'createFromBytes' | 'estimate'>

/** The methods that create images. `changeable`: the fields that images of the cloud have. */
export const createCreateMethods = (
  { cloud, images, disks, defaultStores, work, createImage, isUsedId, fill }: MemoryState,
  { project, request }: Caller,
  changeable: readonly (keyof ImageChanges)[],
): CreateMethods => ({
  servers: ({ name }, call = {}) =>
    request('servers', call, () =>
      E.right(
        [...disks.keys()]
          .map((id) => ({ id, name: id, status: 'running', labels: {} }))
          .filter((server) => name === undefined || server.name === name),
      ),
    ),
  createFromServer: (wanted, call = {}) =>
    request('createFromServer', call, () => {
      const disk = disks.get(wanted.serverId)
      if (disk === undefined)
        return E.left(
          notFound(createErrorSite(cloud, 'createFromServer'), { what: `server not found: ${wanted.serverId}` }),
        )
      const image = createImage(() => snapshotted(wanted), project)
      return E.right({
        image,
        operation: work.begin('create_image', image.ref.id, fill(image.ref.id, disk, defaultStores)),
      })
    }),
  create: (wanted, call = {}) =>
    request('create', call, () => {
      const { id } = wanted
      const site = createErrorSite(cloud, 'create')
      if (id !== undefined && isUsedId(id)) return E.left(conflict(site, { what: `image ${id} exists or existed` }))
      const foreign = OPTIONAL_FIELDS.find((field) => wanted[field] !== undefined && !changeable.includes(field))
      return foreign === undefined
        ? E.right(createImage((image) => requested(wanted, image), project, id))
        : E.left(rejected(site, { what: `images of this cloud have no ${foreign}` }))
    }),
  createFromBytes: (wanted, source, call) =>
    request('createFromBytes', call, async () => {
      const site = createErrorSite(cloud, 'createFromBytes')
      if (wanted.id !== undefined)
        return E.left(rejected(site, { what: 'this cloud does not support IDs chosen by the caller' }))
      call.onStep?.('the disk is written')
      const read = await readSource(source, call, site)
      if (E.isLeft(read)) return read
      const bytes = read.right
      const image = createImage((bare) => imaged(wanted, bytes, call.virtualSize ?? bytes.length, bare), project)
      const stored = images.get(image.ref.id)
      if (stored !== undefined) images.set(image.ref.id, { ...stored, bytes })
      return E.right({ image, verified: 'digest-match' })
    }),
  estimate: (_, call = {}) =>
    request('estimate', call, () => E.right({ resources: ['memory'], once: null, monthly: null })),
})
