import { createRecordReader, readRecordAt } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import { HetznerServerType, HetznerServerTypeEnvelope, HetznerServerTypePage } from '@imago/schema-hetzner'
import { getServerType, listServerTypes, type ServerTypeListParameters } from '../requests/server-types.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'

/** Server types, with their disks: images need one that fits. */
export interface ServerTypesApi {
  /** `GET /server_types`. */
  readonly list: (
    parameters?: ServerTypeListParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerServerType>>
  /** `GET /server_types/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerServerType>
}

export const serverTypesApi = ({ read }: HetznerSession): ServerTypesApi => {
  const readRecord = createRecordReader('hetzner', HetznerServerType)
  const page = readPage(HetznerServerTypePage, 'server_types', readRecord)
  const serverType = readRecordAt(HetznerServerTypeEnvelope, 'server_type', readRecord)
  return {
    list: (parameters = {}, options) =>
      read(listServerTypes(parameters), toCall({ operation: 'serverTypes.list' }, options), page),
    get: (id, options) =>
      read(
        getServerType(id),
        toCall({ operation: 'serverTypes.get', subject: `server type ${id}` }, options),
        serverType,
      ),
  }
}
