import { inMicroseconds, inSeconds } from '../instants.ts'

export interface Task {
  readonly id: string
  readonly type: 'api_image_import' | 'import'
  readonly status: 'pending' | 'processing' | 'success' | 'failure'
  readonly owner: string | null
  readonly imageId: string | null
  readonly requestId: string
  readonly userId: string
  readonly input: unknown
  readonly result: unknown
  readonly message: string
  readonly createdAt: number
  readonly updatedAt: number
  /** Two days after its end; null before the end. */
  readonly expiresAt: number | null
}

/** Formats a task like `/v2/images/{id}/tasks`: times without a zone. */
export const presentImageTask = (task: Task): unknown => ({
  id: task.id,
  type: task.type,
  status: task.status,
  owner: task.owner,
  expires_at: task.expiresAt === null ? null : inMicroseconds(task.expiresAt),
  created_at: inMicroseconds(task.createdAt),
  updated_at: inMicroseconds(task.updatedAt),
  deleted_at: null,
  deleted: false,
  image_id: task.imageId,
  request_id: task.requestId,
  user_id: task.userId,
  input: task.input,
  result: task.result,
  message: task.message,
})

const dates = (task: Task): Readonly<Record<string, unknown>> => ({
  created_at: inSeconds(task.createdAt),
  updated_at: inSeconds(task.updatedAt),
  self: `/v2/tasks/${task.id}`,
  schema: '/v2/schemas/task',
})

const expiry = (task: Task): Readonly<Record<string, unknown>> =>
  task.expiresAt === null ? {} : { expires_at: inSeconds(task.expiresAt) }

/** Formats a task like the list `/v2/tasks`. */
export const presentTaskStub = (task: Task): unknown => ({
  id: task.id,
  type: task.type,
  status: task.status,
  owner: task.owner,
  ...dates(task),
  ...expiry(task),
})

/** Formats a task like `/v2/tasks/{id}`. */
export const presentTask = (task: Task): unknown => ({
  id: task.id,
  input: task.input,
  type: task.type,
  status: task.status,
  owner: task.owner,
  message: task.message,
  result: task.result,
  ...dates(task),
  ...(task.imageId === null ? {} : { image_id: task.imageId }),
  request_id: task.requestId,
  user_id: task.userId,
  ...expiry(task),
})
