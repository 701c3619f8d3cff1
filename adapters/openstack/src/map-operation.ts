import { toInstant } from '@imago/codec'
import { isBefore, type Operation } from '@imago/core/provider'
import type { GlanceTask } from '@imago/schema-openstack'
import { importFailure, type ImportFailure } from './import-failure.ts'

type WireRecord = Readonly<Record<string, unknown>>

const parseInstant = (text: unknown): string | null => (typeof text === 'string' ? (toInstant(text) ?? null) : null)
const readWord = (record: WireRecord, key: string): string | null => {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

const TASK_STATUS: ReadonlyMap<string, Operation['status']> = new Map([
  ['pending', 'running'],
  ['processing', 'running'],
  ['success', 'success'],
  ['failure', 'error'],
])

/** Includes the image's ID, because users can list the tasks of an image but not get a task by its ID. */
export const taskOperationId = (imageId: string, taskId: string): string => `${imageId}/${taskId}`

/** Comma-separated store names; empty once the import has ended. glance: glance/async_/flows/api_image_import.py. */
const failedStores = (record: WireRecord): string | null => readWord(record, 'os_glance_failed_import')

const MEBIBYTE = 2 ** 20

/** Progress in percent from `Copied 15 MiB` and the image's size, if known. Glance updates the message every few MiB. glance: glance/async_/flows/api_image_import.py, ImportActionWrapper. */
const computeProgress = (message: string, record: WireRecord): number | null => {
  const copied = /^Copied (\d{1,9}) MiB$/.exec(message)?.[1]
  const { size } = record
  return copied === undefined || typeof size !== 'number' || size <= 0
    ? null
    : Math.min(1, (Number(copied) * MEBIBYTE) / size)
}

/**
 * Whether an import failed before it received data, as glance-download does if the other Glance is unreachable:
 * no store has failed, some stores are pending, and no task holds the image's lock.
 */
const isAbandoned = (record: WireRecord): boolean =>
  readWord(record, 'os_glance_importing_to_stores') !== null && readWord(record, 'os_glance_import_task') === null

/** The stores without data, from the record. */
const emptyStores = (record: WireRecord): string | null =>
  failedStores(record) ?? (isAbandoned(record) ? readWord(record, 'os_glance_importing_to_stores') : null)

const failed = (failure: ImportFailure | null): Pick<Operation, 'error' | 'hint'> =>
  failure === null
    ? { error: null }
    : { error: failure.error, ...(failure.hint === null ? {} : { hint: failure.hint }) }

/**
 * Maps a task of an image with this record; an unknown status counts as running. `isLast`: the image has no newer task.
 * The last task counts as failed if stores lack data: Glance reports success unless all stores must succeed.
 */
export const toOperation = (imageId: string, task: GlanceTask, record: WireRecord = {}, isLast = false): Operation => {
  const { id, type, status, message, created_at, updated_at } = task
  // The record describes only the last task.
  const stores = isLast ? emptyStores(record) : null
  const reported = TASK_STATUS.get(status) ?? 'running'
  const known = reported === 'success' && isLast && failedStores(record) !== null ? 'error' : reported
  return {
    id: taskOperationId(imageId, id),
    kind: type ?? null,
    status: known,
    progress: known === 'running' ? computeProgress(message ?? '', record) : null,
    ...failed(known === 'error' ? importFailure(task, isLast ? record : {}, stores, reported === 'success') : null),
    startedAt: parseInstant(created_at),
    finishedAt: known === 'running' ? null : parseInstant(updated_at),
  }
}

const SNAPSHOT = 'createImage'

/** The ID of a Nova snapshot operation. Nova deletes the image if it fails, so a missing image then means failure. */
export const snapshotOperationId = (imageId: string): string => taskOperationId(imageId, SNAPSHOT)

/** Whether the task part of an operation ID is Nova's. */
export const isSnapshotTask = (taskId: string): boolean => taskId === SNAPSHOT

export const SNAPSHOT_FAILURE: ImportFailure = {
  error: 'the snapshot failed: Nova has deleted its image',
  hint: 'Retry; if it fails again, ask the operator of the cloud, who alone can see the cause in Nova',
}

/** Nova deletes the image of a failed snapshot, while the server stays ACTIVE. nova: nova/compute/manager.py, delete_image_on_error. */
export const failedSnapshot = (imageId: string): Operation => ({
  id: snapshotOperationId(imageId),
  kind: SNAPSHOT,
  status: 'error',
  progress: null,
  ...failed(SNAPSHOT_FAILURE),
  startedAt: null,
  finishedAt: null,
})

/** The kind of operation on an image, from its record. */
const describeWork = (record: WireRecord): string => {
  if (readWord(record, 'image_type') !== null && readWord(record, 'instance_uuid') !== null) return SNAPSHOT
  if (
    readWord(record, 'os_glance_import_task') !== null ||
    readWord(record, 'os_glance_importing_to_stores') !== null ||
    readWord(record, 'os_glance_failed_import') !== null
  )
    return 'api_image_import'
  return record['status'] === 'saving' ? 'upload' : 'data'
}

const toOperationStatus = (record: WireRecord): Operation['status'] => {
  switch (record['status']) {
    case 'active':
    case 'deactivated':
      if (readWord(record, 'os_glance_importing_to_stores') !== null) return 'running'
      return failedStores(record) === null ? 'success' : 'error'
    case 'killed':
    case 'deleted':
    case 'pending_delete':
      return 'error'
    case 'queued':
      return failedStores(record) === null && !isAbandoned(record) ? 'running' : 'error'
    default:
      return 'running'
  }
}

const findFailureReason = (record: WireRecord): ImportFailure => {
  const stores = emptyStores(record)
  return stores === null
    ? { error: `the image is ${String(record['status'])}`, hint: null }
    : importFailure(null, record, stores)
}

/** Derives the operation from the record alone, for Nova's images and images without a task. Its ID is the image's, or that of a snapshot. */
export const toRecordOperation = (id: string, record: WireRecord): Operation => {
  const status = toOperationStatus(record)
  const kind = describeWork(record)
  return {
    id: kind === SNAPSHOT ? snapshotOperationId(id) : id,
    kind,
    status,
    progress: null,
    ...failed(status === 'error' ? findFailureReason(record) : null),
    startedAt: parseInstant(record['created_at']),
    finishedAt: status === 'running' ? null : parseInstant(record['updated_at']),
  }
}

/** Nova's operation on an image of `createFromServer`. While Glance deletes an image, its record exists without properties. */
export const snapshotOperation = (imageId: string, record: WireRecord): Operation => {
  const operation = toRecordOperation(imageId, record)
  return operation.status === 'error'
    ? failedSnapshot(imageId)
    : { ...operation, id: snapshotOperationId(imageId), kind: SNAPSHOT }
}

/** Whether an operation on the image is running. Waiting for an upload does not count. */
const isRunning = (record: WireRecord): boolean => {
  const operation = toRecordOperation('', record)
  if (operation.status !== 'running')
    return operation.status === 'error' && (failedStores(record) !== null || isAbandoned(record))
  return record['status'] !== 'queued' || describeWork(record) !== 'data'
}

const newestFirst = (one: Operation, other: Operation): number => {
  if (one.startedAt === other.startedAt) return 0
  if (one.startedAt === null || other.startedAt === null) return one.startedAt === null ? 1 : -1
  return isBefore(one.startedAt, other.startedAt) ? 1 : -1
}

/** All operations on an image: its tasks, and the one in its record if no task describes it. */
export const toOperations = (id: string, record: WireRecord, tasks: readonly GlanceTask[]): readonly Operation[] => {
  const reported = tasks
    .map((task) => ({ task, operation: toOperation(id, task, record) }))
    .sort((one, other) => newestFirst(one.operation, other.operation))
  if (reported.length === 0) return isRunning(record) ? [toRecordOperation(id, record)] : []
  return reported.map(({ task, operation }, index) => (index === 0 ? toOperation(id, task, record, true) : operation))
}
