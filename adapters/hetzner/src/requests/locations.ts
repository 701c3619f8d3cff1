import type { HttpRequest } from '@imago/http'
import { toQuery, type PageParameters, type SortParameter } from './parameters.ts'

/** Spec: GET /locations. */
export interface LocationListParameters extends PageParameters {
  readonly name?: string | undefined
  readonly sort?: SortParameter<'id' | 'name'> | undefined
}

export const listLocations = (parameters: LocationListParameters): HttpRequest => ({
  method: 'GET',
  url: '/locations',
  query: toQuery({ ...parameters }),
})

export const getLocation = (id: number): HttpRequest => ({ method: 'GET', url: `/locations/${id}` })
