import {
  conflict,
  createByteSource,
  createErrorSite,
  forbidden,
  notFound,
  rejected,
  type ByteSource,
  type ImageError,
  type ImageSource,
  type UploadLimits,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { isOwn } from './access.ts'
import type { Caller } from './caller.ts'
import { readSource } from './read-source.ts'
import type { MemoryState } from './state.ts'
import { filled } from './store.ts'

const UNKNOWN_LIMITS: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}

type DataMethods = Pick<
  ImageSource,
  'upload' | 'download' | 'uploadLimits' | 'importFromUrl' | 'copyToStore' | 'operations' | 'operation'
>

/** The methods that write, read and copy the data of images. `limits`: the limits that the cloud reports, besides its stores. */
export const createDataMethods = (
  { cloud, images, urls, stores, defaultStores, work, write, complete, fill, hasData }: MemoryState,
  { project, request, onImage, onOwnImage }: Caller,
  limits: Partial<UploadLimits> | undefined,
): DataMethods => {
  /** Opens the data of an image: this counts as a request, too. */
  const openData = (bytes: Uint8Array): ByteSource => {
    const all = createByteSource(bytes, createErrorSite(cloud, 'download'))
    return {
      ...all,
      open: (range, signal) =>
        pipe(
          request('download', { signal }, () => E.right(undefined)),
          TE.flatMap(() => all.open(range, signal)),
        ),
    }
  }

  const checkStores = (operation: string, names: readonly string[]): ImageError | null => {
    const unknown = names.find((name) => !stores.includes(name))
    return unknown === undefined
      ? null
      : rejected(createErrorSite(cloud, operation), { what: `store not found: ${unknown}` })
  }

  return {
    upload: (id, source, call = {}) =>
      onOwnImage('upload', id, call, async (stored) => {
        const site = createErrorSite(cloud, 'upload')
        if (hasData(stored)) return E.left(conflict(site, { what: `image ${id} has data` }))
        const read = await readSource(source, call, site)
        if (E.isLeft(read)) return read
        const bytes = read.right
        const current = images.get(id)
        if (current === undefined) return E.left(notFound(site, { what: `image ${id} was deleted during the upload` }))
        if (hasData(current))
          return E.left(conflict(site, { what: `image ${id} received other data during the upload` }))
        return E.right(write(current, filled(current.image, bytes, defaultStores), bytes))
      }),
    download: (id, call = {}) =>
      onImage('download', id, call, ({ image, bytes }) => {
        const site = createErrorSite(cloud, 'download')
        if (image.status === 'unavailable')
          return E.left(
            forbidden(site, {
              what: `image ${id} is deactivated`,
              reason: 'deactivated',
              hint: 'Reactivate the image first',
            }),
          )
        return bytes === null
          ? E.left(conflict(site, { what: `image ${id} has no data yet` }))
          : E.right(openData(bytes))
      }),
    uploadLimits: (call = {}) =>
      request('uploadLimits', call, () =>
        E.right({
          ...UNKNOWN_LIMITS,
          ...(stores.length === 0
            ? {}
            : { stores: stores.map((id, at) => ({ id, isDefault: at === 0, isReadOnly: false })) }),
          ...limits,
        }),
      ),
    importFromUrl: (id, { url, stores: into = defaultStores }, call = {}) =>
      onOwnImage('importFromUrl', id, call, (stored) => {
        const refusal = checkStores('importFromUrl', into)
        if (refusal !== null) return E.left(refusal)
        if (hasData(stored))
          return E.left(conflict(createErrorSite(cloud, 'importFromUrl'), { what: `image ${id} has data` }))
        const bytes = urls.get(url)
        return E.right(
          work.begin('import', id, bytes === undefined ? () => 'the URL could not be fetched' : fill(id, bytes, into)),
        )
      }),
    copyToStore: (id, wanted, call = {}) =>
      onOwnImage('copyToStore', id, call, ({ bytes }) => {
        const refusal = checkStores('copyToStore', wanted.stores)
        if (refusal !== null) return E.left(refusal)
        if (bytes === null)
          return E.left(conflict(createErrorSite(cloud, 'copyToStore'), { what: `image ${id} has no data yet` }))
        const copy = complete(id, (stored) => {
          write(stored, { stores: [...new Set([...stored.image.stores, ...wanted.stores])] })
          return null
        })
        return E.right(work.begin('copy', id, copy))
      }),
    operations: (id, call = {}) => onOwnImage('operations', id, call, () => E.right(work.of(id))),
    operation: (operationId, call = {}) =>
      request('operation', call, () => {
        const found = work.find(operationId)
        const stored = found === null ? undefined : images.get(found.imageId)
        return found === null || (stored !== undefined && !isOwn(stored, project))
          ? E.left(notFound(createErrorSite(cloud, 'operation'), { what: `operation not found: ${operationId}` }))
          : E.right(found.operation)
      }),
  }
}
