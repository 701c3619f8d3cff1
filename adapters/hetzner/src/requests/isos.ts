import type { HttpRequest } from '@imago/http'
import type { HetznerArchitecture } from '@imago/schema-hetzner'
import { toQuery, type PageParameters } from './parameters.ts'

/** Spec: GET /isos. */
export interface IsoListParameters extends PageParameters {
  readonly name?: string | undefined
  readonly architecture?: HetznerArchitecture | undefined
  /** With `architecture`: also those for any architecture. */
  readonly include_architecture_wildcard?: boolean | undefined
}

export const listIsos = (parameters: IsoListParameters): HttpRequest => ({
  method: 'GET',
  url: '/isos',
  query: toQuery({ ...parameters }),
})

export const getIso = (id: number): HttpRequest => ({ method: 'GET', url: `/isos/${id}` })
