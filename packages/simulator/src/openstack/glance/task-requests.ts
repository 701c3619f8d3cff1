import { isObject } from '../../json.ts'
import { getFieldValue, textField } from '../body.ts'
import { endTask, fetched, inBackground, startTask } from './import.ts'
import { requireAdmin, type Caller } from './policy.ts'
import { pageLinks } from './list-query.ts'
import { refuse } from './refusal.ts'
import { activated, update, type GlanceState } from './state.ts'
import { presentTask, presentTaskStub, type Task } from './task.ts'
import { validateTask } from './validate.ts'
import { createImage } from './write.ts'

const PAGE_SIZE = 25

/** GET /v2/tasks: newest first. */
export const listTasks = (
  state: GlanceState,
  caller: Caller,
  pairs: readonly (readonly [string, string])[],
): unknown => {
  requireAdmin(caller, 'tasks_api_access')
  const query = new Map(pairs)
  const limit = Number(query.get('limit') ?? PAGE_SIZE)
  const wanted = [...state.tasks.values()]
    .toReversed()
    .filter(({ status, type }) => (query.get('status') ?? status) === status && (query.get('type') ?? type) === type)
  const marker = query.get('marker')
  const from = marker === undefined ? 0 : wanted.findIndex(({ id }) => id === marker) + 1
  const page = wanted.slice(from, from + limit)
  const { first, next } = pageLinks('/v2/tasks', pairs, page.length === limit ? (page.at(-1)?.id ?? null) : null)
  return { tasks: page.map(presentTaskStub), first, schema: '/v2/schemas/tasks', ...(next === null ? {} : { next }) }
}

export const showTask = (state: GlanceState, caller: Caller, id: string): unknown => {
  requireAdmin(caller, 'tasks_api_access')
  const task = state.tasks.get(id)
  if (task === undefined) throw refuse(404, `Could not find task ${id}`)
  return presentTask(task)
}

/** POST /v2/tasks: the legacy import, which creates its image only at its end. */
export const createTask = (state: GlanceState, caller: Caller, body: unknown, requestId: string): Task => {
  requireAdmin(caller, 'tasks_api_access')
  if (!isObject(body)) throw refuse(400, 'Body expected in request.')
  const input = body['input']
  const uri = textField(input, 'import_from')
  for (const key of ['type', 'input']) if (body[key] === undefined) throw refuse(400, `Task '${key}' is required`)
  validateTask({ type: body['type'], input })
  if (uri?.startsWith('file:') === true)
    throw refuse(400, 'File based imports are not allowed. Please use a non-local source of image data.')
  if (uri === undefined || !/^https?:/.test(uri)) throw refuse(400, `Invalid location: ${uri ?? 'None'}`)
  const task = startTask(state, {
    type: 'import',
    status: 'pending',
    owner: caller.project,
    imageId: null,
    requestId,
    userId: caller.userId,
    input,
  })
  const content = inBackground(state, fetched(uri))
  state.due.push({
    at: state.now() + state.importMs,
    run: () => {
      const outcome = content()
      if (outcome === undefined) return false
      if (outcome === null)
        endTask(state, task, { status: 'failure', result: null, message: 'Task failed due to Internal Error' })
      else {
        const properties = getFieldValue(input, 'image_properties')
        const image = createImage(state, caller, isObject(properties) ? properties : {})
        update(state, image.id, activated(image, outcome, [state.stores.find(({ isDefault }) => isDefault)?.id ?? '']))
        endTask(state, task, { status: 'success', result: { image_id: image.id }, message: '' })
      }
      return true
    },
  })
  return task
}
