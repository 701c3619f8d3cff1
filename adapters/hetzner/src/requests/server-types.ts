import type { HttpRequest } from '@imago/http'
import { toQuery, type PageParameters } from './parameters.ts'

/** Spec: GET /server_types. */
export interface ServerTypeListParameters extends PageParameters {
  readonly name?: string | undefined
}

export const listServerTypes = (parameters: ServerTypeListParameters): HttpRequest => ({
  method: 'GET',
  url: '/server_types',
  query: toQuery({ ...parameters }),
})

export const getServerType = (id: number): HttpRequest => ({ method: 'GET', url: `/server_types/${id}` })
