import { toDecoder, Notes } from '@imago/codec'
import { isJsonObject, type ErrorDetails } from '@imago/core/provider'
import { KeystoneEndpoint, KeystoneService, type KeystoneCatalog } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'

/** What to look for in a catalog. */
export interface Wanted {
  readonly serviceType: string
  /** Other names of that type, the best first. Default: none. */
  readonly aliases?: readonly string[]
  /** `null`: any. */
  readonly serviceName: string | null
  /** The best first. */
  readonly interfaces: readonly string[]
  /** `null`: any. */
  readonly regionName: string | null
}

/** One address of one service. */
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

/** A catalog as it came. What cannot be read of it is as if it were not there: one bad entry does not cost the others. */
export const readCatalog = (catalog: unknown): KeystoneCatalog => [
  ...readable(catalog, (u) =>
    decodeService(isJsonObject(u) ? { ...u, endpoints: readEndpoints(u['endpoints']) } : u, new Notes()),
  ),
]

/** Old catalogs and old files say `publicURL` (keystoneauth1/access/service_catalog.py, `normalize_interface`). */
const interfaceName = (name: string): string => name.replace(/URL$/, '')

/** As the service types authority writes them (os-service-types, `_normalize_type`). */
const typeName = (type: string): string => type.toLowerCase().replaceAll('_', '-')

/** Every address in a catalog, in its order. */
export const listEndpoints = (catalog: KeystoneCatalog): readonly CatalogEndpoint[] =>
  catalog.flatMap(({ type, name, endpoints }) =>
    (endpoints ?? []).flatMap((endpoint) => {
      const { url, region_id, region } = endpoint
      if (type === null || type === undefined || url === null || url === undefined || url.trim() === '') return []
      const at =
        endpoint.interface === null || endpoint.interface === undefined ? null : interfaceName(endpoint.interface)
      // `region` is what older Keystones called it.
      return [{ serviceType: type, serviceName: name || null, interface: at, region: region_id || region || null, url }]
    }),
  )

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)]

const inWords = (words: readonly string[]): string => unique(words).join(', ')

const describe = ({ interface: at, region, serviceName }: CatalogEndpoint, withName: boolean): string =>
  `${at ?? 'unnamed'} in ${region ?? 'no region'}${withName && serviceName !== null ? ` of ${serviceName}` : ''}`

const missing = (
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
      what: `the catalog has no service of type ${serviceType}; it has ${inWords(all.map((one) => one.serviceType))}`,
      hint: 'If one of them is meant, set the service type; else this cloud does not offer it',
    }
  }
  const named = serviceName === null ? '' : ` named ${serviceName}`
  const place = regionName === null ? '' : ` in region ${regionName}`
  return {
    what: `the catalog has no ${interfaces.join(' or ')} endpoint of ${serviceType}${named}${place}; it has ${inWords(ofType.map((one) => describe(one, serviceName !== null)))}`,
    hint: 'Set region_name and interface to what the catalog has: both are compared letter by letter',
  }
}

/**
 * The address to use, as keystoneauth chooses it (keystoneauth1/access/service_catalog.py, `get_endpoints_data`): the first of the best interface that there is.
 * A name is compared only where the catalog has one.
 */
export const selectEndpoint = (catalog: KeystoneCatalog, wanted: Wanted): E.Either<ErrorDetails, CatalogEndpoint> => {
  const all = listEndpoints(catalog)
  const ofType =
    [wanted.serviceType, ...(wanted.aliases ?? [])]
      .map((type) => all.filter(({ serviceType }) => typeName(serviceType) === typeName(type)))
      .find((found) => found.length > 0) ?? []
  const fitting = ofType.filter(
    ({ serviceName, region }) =>
      (wanted.serviceName === null || serviceName === null || serviceName === wanted.serviceName) &&
      (wanted.regionName === null || region === wanted.regionName),
  )
  const [best] = wanted.interfaces.flatMap((at) => fitting.filter((one) => one.interface === interfaceName(at)))
  return best === undefined ? E.left(missing(wanted, all, ofType)) : E.right(best)
}
