import type { ImageResult } from '@imago/core'
import { HetznerIso, HetznerIsoEnvelope, HetznerIsoPage } from '@imago/schema-hetzner'
import { getIso, listIsos, type IsoListParameters } from '../requests/isos.ts'
import type { HetznerSession } from '../session.ts'
import type { CallOptions } from './call.ts'
import { pageOf, recordAt, wireReader, type HetznerPage } from './read.ts'

/** ISOs, which are no images: they can be attached to a server, and are Hetzner's to make. */
export interface IsosApi {
  /** `GET /isos`. */
  readonly list: (parameters?: IsoListParameters, options?: CallOptions) => ImageResult<HetznerPage<HetznerIso>>
  /** `GET /isos/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerIso>
}

export const isosApi = ({ ask }: HetznerSession): IsosApi => {
  const read = wireReader(HetznerIso)
  const page = pageOf(HetznerIsoPage, 'isos', read)
  const iso = recordAt(HetznerIsoEnvelope, 'iso', read)
  return {
    list: (parameters = {}, options) => ask(listIsos(parameters), { operation: 'isos.list', ...options }, page),
    get: (id, options) => ask(getIso(id), { operation: 'isos.get', subject: `ISO ${id}`, ...options }, iso),
  }
}
