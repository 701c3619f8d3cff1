import type { ImageResult } from '@imago/core'
import { HetznerServerType, HetznerServerTypeEnvelope, HetznerServerTypePage } from '@imago/schema-hetzner'
import { getServerType, listServerTypes, type ServerTypeListParameters } from '../requests/server-types.ts'
import type { HetznerSession } from '../session.ts'
import type { CallOptions } from './call.ts'
import { pageOf, recordAt, wireReader, type HetznerPage } from './read.ts'

/** Kinds of servers: what disk a snapshot will have, and on what an image fits. */
export interface ServerTypesApi {
  /** `GET /server_types`. */
  readonly list: (
    parameters?: ServerTypeListParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerServerType>>
  /** `GET /server_types/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerServerType>
}

export const serverTypesApi = ({ ask }: HetznerSession): ServerTypesApi => {
  const read = wireReader(HetznerServerType)
  const page = pageOf(HetznerServerTypePage, 'server_types', read)
  const serverType = recordAt(HetznerServerTypeEnvelope, 'server_type', read)
  return {
    list: (parameters = {}, options) =>
      ask(listServerTypes(parameters), { operation: 'serverTypes.list', ...options }, page),
    get: (id, options) =>
      ask(getServerType(id), { operation: 'serverTypes.get', subject: `server type ${id}`, ...options }, serverType),
  }
}
