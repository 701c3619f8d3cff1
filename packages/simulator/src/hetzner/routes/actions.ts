import type { FastifyInstance } from 'fastify'
import { apiError } from '../api-error.ts'
import { toWire, type ApiContext } from '../context.ts'
import { readValues, type Query } from '../query.ts'
import { actionAt } from './action-lists.ts'

export const actionRoutes = (app: FastifyInstance, context: ApiContext): void => {
  app.get('/actions', (request) => {
    const ids = readValues(request.query as Query, 'id')
    // Since 30 January 2025: https://docs.hetzner.cloud/changelog#2025-01-30-listing-arbitrary-actions-in-the-actions-list-endpoint-is-removed
    if (ids.length === 0)
      throw apiError('deprecated_api_endpoint', 'listing actions without IDs was removed', {
        announcement: 'https://docs.hetzner.cloud/changelog#2023-07-20-actions-list-endpoint-is-deprecated',
      })
    const { actions } = context.getProject(request)
    const found = [...new Set(ids)].flatMap((id) => actions.get(Number(id)) ?? [])
    return { actions: found.sort((a, b) => a.id - b.id).map(toWire(context).action) }
  })
  app.get('/actions/:id', (request) => actionAt(context, request, 'id', () => true))
}
