import { createRecordReader, readRecordAt } from '@imago/provider-kit/live'
import type { ImageResult } from '@imago/core/provider'
import { HetznerLocation, HetznerLocationEnvelope, HetznerLocationPage } from '@imago/schema-hetzner'
import { getLocation, listLocations, type LocationListParameters } from '../requests/locations.ts'
import type { HetznerSession } from '../session.ts'
import { toCall, type CallOptions } from './call.ts'
import { readPage, type HetznerPage } from './page.ts'

/** Locations of servers. Images have no location. */
export interface LocationsApi {
  /** `GET /locations`. */
  readonly list: (
    parameters?: LocationListParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerLocation>>
  /** `GET /locations/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerLocation>
}

export const locationsApi = ({ read }: HetznerSession): LocationsApi => {
  const readRecord = createRecordReader('hetzner', HetznerLocation)
  const page = readPage(HetznerLocationPage, 'locations', readRecord)
  const location = readRecordAt(HetznerLocationEnvelope, 'location', readRecord)
  return {
    list: (parameters = {}, options) =>
      read(listLocations(parameters), toCall({ operation: 'locations.list' }, options), page),
    get: (id, options) =>
      read(getLocation(id), toCall({ operation: 'locations.get', subject: `location ${id}` }, options), location),
  }
}
