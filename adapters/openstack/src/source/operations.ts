import { maskOperation, notFound, type Abortable, type ImageResult, type Operation } from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import type { GlanceTask } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { failedSnapshot, isSnapshotTask, toRecordOperation, toOperations, snapshotOperation } from '../map-operation.ts'
import { toCallOptions, fetchRecord, createSite, withId, type SourceContext, type WireRecord } from './context.ts'

const listTasks = (
  context: SourceContext,
  operation: string,
  id: string,
  options: Abortable,
): ImageResult<readonly GlanceTask[]> =>
  pipe(
    context.api.tasks.ofImage(id, toCallOptions(operation, options)),
    TE.map(({ items }) => items),
  )

/**
 * Lists the operations on an image. Glance before Wallaby (API 2.12) has no tasks of images, only their records.
 * Tasks are read first, so that the record includes the result of a finished task.
 */
const known = (
  context: SourceContext,
  operation: string,
  id: string,
  options: Abortable,
): ImageResult<readonly Operation[]> =>
  pipe(
    listTasks(context, operation, id, options),
    recoverFrom<readonly GlanceTask[]>(['NotFound'], []),
    TE.flatMap((tasks) =>
      pipe(
        fetchRecord(context, operation, id, options),
        // Glance returns the tasks of a deleted image.
        recoverFrom<WireRecord>(tasks.length === 0 ? [] : ['NotFound'], {}),
        TE.map((record) => toOperations(id, record, tasks).map(maskOperation(context.session.masker))),
      ),
    ),
  )

export const operations =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): ImageResult<readonly Operation[]> =>
    withId(context, 'operations', options)(id, known(context, 'operations', id, options))

/** An operation ID is an image ID, optionally with a task ID or Nova's snapshot. */
export const operation =
  (context: SourceContext) =>
  (operationId: string, options: Abortable = {}): ImageResult<Operation> => {
    const [imageId = '', taskId] = operationId.split('/')
    const missing = TE.left(
      notFound(createSite(context, 'operation'), {
        what: `operation not found: ${operationId}`,
        hint: 'Glance may have deleted the task, or the image after a failure',
      }),
    )
    const record = fetchRecord(context, 'operation', imageId, options)
    const ofRecord = pipe(
      record,
      TE.map((found) => toRecordOperation(imageId, found)),
    )
    const ofSnapshot = pipe(
      record,
      TE.map((found) => snapshotOperation(imageId, found)),
      recoverFrom(['NotFound'], failedSnapshot(imageId)),
    )
    const ofTask = pipe(
      known(context, 'operation', imageId, options),
      TE.flatMap((all) => {
        const found = all.find(({ id }) => id === operationId)
        return found === undefined ? missing : TE.right(found)
      }),
    )
    const ofImage = taskId === undefined ? ofRecord : ofTask
    const work = taskId !== undefined && isSnapshotTask(taskId) ? ofSnapshot : ofImage
    return withId(context, 'operation', options)(imageId, work, `operation ${operationId}`)
  }
