import type { HttpRequest } from '@imago/http'
import { toQuery } from './parameters.ts'

export const getAction = (id: number): HttpRequest => ({ method: 'GET', url: `/actions/${id}` })

/** Since 2025-01-30, the API requires at least one ID. */
export const listActions = (ids: readonly number[]): HttpRequest => ({
  method: 'GET',
  url: '/actions',
  query: toQuery({ id: ids }),
})
