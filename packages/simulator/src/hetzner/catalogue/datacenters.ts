import { LOCATIONS, type Location } from './locations.ts'
import { SERVER_TYPES } from './server-types.ts'

const SUFFIX: Readonly<Record<Location['name'], string>> = {
  fsn1: 'dc14',
  nbg1: 'dc3',
  hel1: 'dc2',
  ash: 'dc1',
  hil: 'dc1',
  sin: 'dc1',
}

/** Deprecated in favour of locations, but older clients cannot show a server without a data center. */
export const DATACENTERS = LOCATIONS.map((location) => {
  const ids = SERVER_TYPES.map(({ id }) => id)
  return {
    id: location.id + 1,
    name: `${location.name}-${SUFFIX[location.name]}`,
    description: `${location.city} 1 virtual ${SUFFIX[location.name].replace('dc', 'DC ')}`,
    location,
    server_types: { supported: ids, available: ids, available_for_migration: ids },
  }
})

export type Datacenter = (typeof DATACENTERS)[number]
