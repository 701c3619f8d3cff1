import { createRecordReader, readRecordAt } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import { HetznerIso, HetznerIsoEnvelope, HetznerIsoPage } from '@imago/schema-hetzner'
import { getIso, listIsos, type IsoListParameters } from '../requests/isos.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'

/** ISOs, which can be attached to a server. They are not images, and only Hetzner creates them. */
export interface IsosApi {
  /** `GET /isos`. */
  readonly list: (parameters?: IsoListParameters, options?: CallOptions) => ImageResult<HetznerPage<HetznerIso>>
  /** `GET /isos/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerIso>
}

export const isosApi = ({ read }: HetznerSession): IsosApi => {
  const readRecord = createRecordReader('hetzner', HetznerIso)
  const page = readPage(HetznerIsoPage, 'isos', readRecord)
  const iso = readRecordAt(HetznerIsoEnvelope, 'iso', readRecord)
  return {
    list: (parameters = {}, options) => read(listIsos(parameters), toCall({ operation: 'isos.list' }, options), page),
    get: (id, options) => read(getIso(id), toCall({ operation: 'isos.get', subject: `ISO ${id}` }, options), iso),
  }
}
