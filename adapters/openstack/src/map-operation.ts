import { toInstant } from '@imago/codec'
import { isBefore, type Operation } from '@imago/core'
import type { GlanceTask } from '@imago/schema-openstack'

type WireRecord = Readonly<Record<string, unknown>>

const instantOf = (text: unknown): string | null => (typeof text === 'string' ? (toInstant(text) ?? null) : null)
const wordOf = (record: WireRecord, key: string): string | null => {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

const TASK_STATUS: ReadonlyMap<string, Operation['status']> = new Map([
  ['pending', 'running'],
  ['processing', 'running'],
  ['success', 'success'],
  ['failure', 'error'],
])

/** Names the image too: a user can ask for the tasks of an image, but not for a task. */
export const taskOperationId = (imageId: string, taskId: string): string => `${imageId}/${taskId}`

/** A task of an image. A status that is not known is one that has not ended. */
export const toOperation = (imageId: string, { id, type, status, message, created_at, updated_at }: GlanceTask): Operation => {
  const known = TASK_STATUS.get(status) ?? 'running'
  return {
    id: taskOperationId(imageId, id),
    kind: type ?? null,
    status: known,
    progress: null,
    error: known === 'error' ? (message ?? '') || 'the task failed' : null,
    startedAt: instantOf(created_at),
    finishedAt: known === 'running' ? null : instantOf(updated_at),
  }
}

/** What is being done to an image, as far as its record tells. */
const workOf = (record: WireRecord): string => {
  if (wordOf(record, 'image_type') !== null && wordOf(record, 'instance_uuid') !== null) return 'createImage'
  if (wordOf(record, 'os_glance_import_task') !== null || wordOf(record, 'os_glance_importing_to_stores') !== null || wordOf(record, 'os_glance_failed_import') !== null) return 'api_image_import'
  return record['status'] === 'saving' ? 'upload' : 'data'
}

/** Comma-separated names of stores; the empty text stays behind when the work is over. glance: glance/async_/flows/api_image_import.py. */
const failedStores = (record: WireRecord): string | null => wordOf(record, 'os_glance_failed_import')

const statusOf = (record: WireRecord): Operation['status'] => {
  switch (record['status']) {
    case 'active':
    case 'deactivated':
      if (wordOf(record, 'os_glance_importing_to_stores') !== null) return 'running'
      return failedStores(record) === null ? 'success' : 'error'
    case 'killed':
    case 'deleted':
    case 'pending_delete':
      return 'error'
    case 'queued':
      return failedStores(record) === null ? 'running' : 'error'
    default:
      return 'running'
  }
}

/** The getting of an image's data as one piece of work, told by its record alone: for what Nova makes, and what has no task. Its id is the image's. */
export const operationOfRecord = (id: string, record: WireRecord): Operation => {
  const status = statusOf(record)
  const stores = failedStores(record)
  return {
    id,
    kind: workOf(record),
    status,
    progress: null,
    error: status === 'error' ? (stores === null ? `the image is ${String(record['status'])}` : `no data came into store ${stores}`) : null,
    startedAt: instantOf(record['created_at']),
    finishedAt: status === 'running' ? null : instantOf(record['updated_at']),
  }
}

/** Whether the record tells of work that goes on: beyond waiting for somebody to send data. */
const isAtWork = (record: WireRecord): boolean => {
  const operation = operationOfRecord('', record)
  if (operation.status !== 'running') return operation.status === 'error' && failedStores(record) !== null
  return record['status'] !== 'queued' || workOf(record) !== 'data'
}

const newestFirst = (one: Operation, other: Operation): number => {
  if (one.startedAt === other.startedAt) return 0
  if (one.startedAt === null || other.startedAt === null) return one.startedAt === null ? 1 : -1
  return isBefore(one.startedAt, other.startedAt) ? 1 : -1
}

/** All that Glance knows of the work on an image: its tasks, and what the record tells if no task does. */
export const operationsOf = (id: string, record: WireRecord, tasks: readonly GlanceTask[]): readonly Operation[] => {
  const told = tasks.map((task) => toOperation(id, task)).sort(newestFirst)
  return told.length === 0 && isAtWork(record) ? [operationOfRecord(id, record)] : told
}
