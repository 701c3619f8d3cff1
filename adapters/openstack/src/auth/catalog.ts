import { toDecoder, Notes } from '@imago/codec'
import { isJsonObject, type ErrorDetails } from '@imago/core/provider'
import { KeystoneEndpoint, KeystoneService, type KeystoneCatalog } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'

/** Criteria for selecting an endpoint in the catalog. */
export interface Wanted {
  readonly serviceType: string
  /** Alternative names of the service type, in order of preference. Default: none. */
  readonly aliases?: readonly string[]
  /** `null` matches any name. */
  readonly serviceName: string | null
  /** In order of preference. */
  readonly interfaces: readonly string[]
  /** `null` matches any region. */
  readonly regionName: string | null
}

/** One endpoint of one service. */
export interface CatalogEndpoint {
  readonly serviceType: string
  readonly serviceName: string | null
  readonly interface: string | null
  readonly region: string | null
  readonly url: string
}

const decodeService = toDecoder(KeystoneService)
const decodeEndpoint = toDecoder(KeystoneEndpoint)

const readable = <A>(list: unknown, decode: (u: unknown) => E.Either<unknown, A>): readonly A[] =>
  Array.isArray(list) ? list.map(decode).flatMap((one) => (E.isRight(one) ? [one.right] : [])) : []

const readEndpoints = (list: unknown): KeystoneEndpoint[] => [...readable(list, (u) => decodeEndpoint(u, new Notes()))]

/** Reads a service catalog. Skips entries that cannot be decoded and keeps the rest. */
export const readCatalog = (catalog: unknown): KeystoneCatalog => [
  ...readable(catalog, (u) =>
    decodeService(isJsonObject(u) ? { ...u, endpoints: readEndpoints(u['endpoints']) } : u, new Notes()),
  ),
]

/** Older catalogs and configuration files use `publicURL` instead of `public` (keystoneauth1/access/service_catalog.py, `normalize_interface`). */
const interfaceName = (name: string): string => name.replace(/URL$/, '')

/** Normalizes a service type as the service types authority does (os-service-types, `_normalize_type`). */
const typeName = (type: string): string => type.toLowerCase().replaceAll('_', '-')

/** All endpoints of a catalog, in catalog order. */
export const listEndpoints = (catalog: KeystoneCatalog): readonly CatalogEndpoint[] =>
  catalog.flatMap(({ type, name, endpoints }) =>
    (endpoints ?? []).flatMap((endpoint) => {
      const { url, region_id, region } = endpoint
      if (type === null || type === undefined || url === null || url === undefined || url.trim() === '') return []
      const at =
        endpoint.interface === null || endpoint.interface === undefined ? null : interfaceName(endpoint.interface)
      // Older Keystone versions send `region` instead of `region_id`.
      return [{ serviceType: type, serviceName: name || null, interface: at, region: region_id || region || null, url }]
    }),
  )

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)]

const joinUnique = (words: readonly string[]): string => unique(words).join(', ')

const describe = ({ interface: at, region, serviceName }: CatalogEndpoint, withName: boolean): string =>
  `${at ?? 'unnamed'} in ${region ?? 'no region'}${withName && serviceName !== null ? ` of ${serviceName}` : ''}`

const toNotFound = (
  { serviceType, serviceName, interfaces, regionName }: Wanted,
  all: readonly CatalogEndpoint[],
  ofType: readonly CatalogEndpoint[],
): ErrorDetails => {
  if (all.length === 0)
    return {
      what: 'the token came with an empty catalog',
      hint: 'Log in to a project (auth.project_name), or set the endpoint override of the service',
    }
  if (ofType.length === 0) {
    return {
      what: `the catalog has no service of type ${serviceType}; it has ${joinUnique(all.map((one) => one.serviceType))}`,
      hint: 'Set the service type to one of these',
    }
  }
  const named = serviceName === null ? '' : ` named ${serviceName}`
  const place = regionName === null ? '' : ` in region ${regionName}`
  return {
    what: `the catalog has no ${interfaces.join(' or ')} endpoint of the service type ${serviceType}${named}${place}; it has ${joinUnique(ofType.map((one) => describe(one, serviceName !== null)))}`,
    hint: 'Set region_name and interface to values of the catalog; both are case-sensitive',
  }
}

/**
 * Selects the endpoint as keystoneauth does (keystoneauth1/access/service_catalog.py, `get_endpoints_data`): the first match of the most preferred available interface.
 * The service name is compared only if the catalog entry has one.
 */
export const selectEndpoint = (catalog: KeystoneCatalog, wanted: Wanted): E.Either<ErrorDetails, CatalogEndpoint> => {
  const all = listEndpoints(catalog)
  const ofType =
    [wanted.serviceType, ...(wanted.aliases ?? [])]
      .map((type) => all.filter(({ serviceType }) => typeName(serviceType) === typeName(type)))
      .find((found) => found.length > 0) ?? []
  const matching = ofType.filter(
    ({ serviceName, region }) =>
      (wanted.serviceName === null || serviceName === null || serviceName === wanted.serviceName) &&
      (wanted.regionName === null || region === wanted.regionName),
  )
  const [best] = wanted.interfaces.flatMap((at) => matching.filter((one) => one.interface === interfaceName(at)))
  return best === undefined ? E.left(toNotFound(wanted, all, ofType)) : E.right(best)
}
