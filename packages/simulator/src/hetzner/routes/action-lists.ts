import type { FastifyReply, FastifyRequest } from 'fastify'
import { isRunning, getStatus, type StoredAction } from '../action.ts'
import { notFound } from '../api-error.ts'
import { parseId, toWire, type ApiContext } from '../context.ts'
import { page, sorted } from '../listing.ts'
import { readValues, readChoices, type Query } from '../query.ts'

/** Returns a page of actions, filtered by `id` and `status`, in the order of `sort`. */
export const actionPage = (
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  actions: readonly StoredAction[],
): unknown => {
  const query = request.query as Query
  const now = context.clock()
  const ids = readValues(query, 'id')
  const statuses = readChoices(query, 'status', ['running', 'success', 'error'])
  const fitting = actions.filter(
    (action) =>
      (ids.length === 0 || ids.includes(String(action.id))) &&
      (statuses.length === 0 || statuses.includes(getStatus(action, now))),
  )
  const ordered = sorted(fitting, query, {
    id: ({ id }) => id,
    command: ({ command }) => command,
    status: (action) => getStatus(action, now),
    started: ({ started }) => started,
    finished: (action) => (isRunning(action, now) ? null : action.until),
  })
  return page(request, reply, 'actions', ordered, toWire(context).action)
}

/** Returns the action in the path, if it matches. */
export const actionAt = (
  context: ApiContext,
  request: FastifyRequest,
  name: string,
  fits: (action: StoredAction) => boolean,
): unknown => {
  const id = parseId(request, 'action', name)
  const action = context.getProject(request).actions.get(id)
  if (action === undefined || !fits(action)) throw notFound('action', id)
  return { action: toWire(context).action(action) }
}

export const concerns =
  (type: 'server' | 'image', id?: number) =>
  ({ resources }: StoredAction): boolean =>
    resources.some((resource) => resource.type === type && (id === undefined || resource.id === id))
