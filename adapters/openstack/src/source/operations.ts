import { notFound, type Abortable, type Answer, type Operation } from '@imago/core'
import type { GlanceTask } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { operationOfRecord, operationsOf, taskOperationId, toOperation } from '../map-operation.ts'
import { callOf, insteadOf, recordOf, siteFor, withId, type SourceContext } from './context.ts'

const tasksOf = (context: SourceContext, operation: string, id: string, options: Abortable): Answer<readonly GlanceTask[]> =>
  pipe(
    context.api.tasks.ofImage(id, callOf(operation, options)),
    TE.map(({ items }) => items),
  )

/** Glance before Wallaby (API 2.12) has no tasks of images: there the record is all. */
export const operations =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): Answer<readonly Operation[]> =>
    withId(context, 'operations', options)(
      id,
      pipe(
        recordOf(context, 'operations', id, options),
        TE.flatMap((record) =>
          pipe(
            tasksOf(context, 'operations', id, options),
            insteadOf<readonly GlanceTask[]>(['NotFound'], []),
            TE.map((tasks) => operationsOf(id, record, tasks)),
          ),
        ),
      ),
    )

/** The id of an operation is that of an image, or of an image and one of its tasks. */
export const operation =
  (context: SourceContext) =>
  (operationId: string, options: Abortable = {}): Answer<Operation> => {
    const [imageId = '', taskId] = operationId.split('/')
    const missing = TE.left(notFound(siteFor(context, 'operation'), { what: `there is no operation ${operationId}`, hint: 'Work that failed may be forgotten, and its image deleted' }))
    const work: Answer<Operation> =
      taskId === undefined
        ? pipe(
            recordOf(context, 'operation', imageId, options),
            TE.map((record) => operationOfRecord(imageId, record)),
          )
        : pipe(
            tasksOf(context, 'operation', imageId, options),
            TE.flatMap((tasks) => {
              const task = tasks.find(({ id }) => taskOperationId(imageId, id) === operationId)
              return task === undefined ? missing : TE.right(toOperation(imageId, task))
            }),
          )
    return withId(context, 'operation', options)(imageId, work, `operation ${operationId}`)
  }
