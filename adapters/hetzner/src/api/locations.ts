import type { ImageResult } from '@imago/core'
import { HetznerLocation, HetznerLocationEnvelope, HetznerLocationPage } from '@imago/schema-hetzner'
import { getLocation, listLocations, type LocationListParameters } from '../requests/locations.ts'
import type { HetznerSession } from '../session.ts'
import type { CallOptions } from './call.ts'
import { pageOf, recordAt, wireReader, type HetznerPage } from './read.ts'

/** Where servers can be. Images are everywhere. */
export interface LocationsApi {
  /** `GET /locations`. */
  readonly list: (
    parameters?: LocationListParameters,
    options?: CallOptions,
  ) => ImageResult<HetznerPage<HetznerLocation>>
  /** `GET /locations/{id}`. */
  readonly get: (id: number, options?: CallOptions) => ImageResult<HetznerLocation>
}

export const locationsApi = ({ ask }: HetznerSession): LocationsApi => {
  const read = wireReader(HetznerLocation)
  const page = pageOf(HetznerLocationPage, 'locations', read)
  const location = recordAt(HetznerLocationEnvelope, 'location', read)
  return {
    list: (parameters = {}, options) =>
      ask(listLocations(parameters), { operation: 'locations.list', ...options }, page),
    get: (id, options) =>
      ask(getLocation(id), { operation: 'locations.get', subject: `location ${id}`, ...options }, location),
  }
}
