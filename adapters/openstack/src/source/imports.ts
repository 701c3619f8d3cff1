import {
  conflict,
  maskOperation,
  rejected,
  type Abortable,
  type ImageResult,
  type Operation,
  type StoreCopyRequest,
  type UrlImport,
} from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import { findRequestId } from '@imago/http'
import type { GlanceTask } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toRecordOperation, toOperations, taskOperationId } from '../map-operation.ts'
import { importRequest, type ImportMethod, type ImportTarget } from '../requests/import.ts'
import { toCallOptions, fetchRecord, createSite, toImage, withId, type SourceContext } from './context.ts'

/**
 * Starts an import and returns the task of this request; the image may have earlier tasks.
 * Returns the latest operation if Glance has no tasks of images, or no request ID in them.
 */
export const startImport = (
  context: SourceContext,
  operation: string,
  id: string,
  method: ImportMethod,
  target: ImportTarget,
  options: Abortable,
): ImageResult<Operation> => {
  const call = toCallOptions(operation, options)
  return pipe(
    context.caller.response(importRequest(id, method, target), call),
    TE.flatMap(({ headers }) =>
      pipe(
        TE.Do,
        TE.bind('tasks', () =>
          pipe(
            context.api.tasks.ofImage(id, call),
            TE.map(({ items }) => items),
            recoverFrom<readonly GlanceTask[]>(['NotFound'], []),
          ),
        ),
        TE.bind('record', () => fetchRecord(context, operation, id, options)),
        TE.map(({ tasks, record }) => {
          const all = toOperations(id, record, tasks).map(maskOperation(context.session.masker))
          const requestId = findRequestId(headers)
          const own = tasks.find((task) => requestId !== null && task.request_id === requestId)
          const wanted = own === undefined ? undefined : taskOperationId(id, own.id)
          return all.find((one) => one.id === wanted) ?? all[0] ?? toRecordOperation(id, record)
        }),
      ),
    ),
  )
}

/** Uses web-download. A URL that Glance's host and port filter rejects is `Rejected`; if the download fails, the operation fails. */
export const importFromUrl =
  (context: SourceContext) =>
  (id: string, { url, stores }: UrlImport, options: Abortable = {}): ImageResult<Operation> =>
    withId(
      context,
      'importFromUrl',
      options,
    )(
      id,
      startImport(
        context,
        'importFromUrl',
        id,
        { name: 'web-download', uri: url },
        stores === undefined || stores.length === 0 ? {} : { stores },
        options,
      ),
    )

/** Uses copy-image, by default for admins only. Skips stores that have the data, because Glance would reject the request. */
export const copyToStore =
  (context: SourceContext) =>
  (id: string, { stores }: StoreCopyRequest, options: Abortable = {}): ImageResult<Operation> => {
    const site = createSite(context, 'copyToStore')
    const work = pipe(
      fetchRecord(context, 'copyToStore', id, options),
      TE.flatMap((record) =>
        pipe(
          TE.fromEither(toImage(context, 'copyToStore')(record)),
          TE.flatMap((image): ImageResult<Operation> => {
            if (stores.length === 0) return TE.left(rejected(site, { what: 'no store given' }))
            if (image.status !== 'available')
              return TE.left(
                conflict(site, {
                  what: `image ${id} has no data to copy: it is ${image.providerStatus ?? image.status}`,
                }),
              )
            const missing = stores.filter((store) => !image.stores.includes(store))
            return missing.length === 0
              ? TE.right({ ...toRecordOperation(id, record), status: 'success', error: null })
              : startImport(context, 'copyToStore', id, { name: 'copy-image' }, { stores: missing }, options)
          }),
        ),
      ),
    )
    return withId(context, 'copyToStore', options)(id, work)
  }
