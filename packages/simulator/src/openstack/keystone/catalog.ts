import { toHexId } from '../ids.ts'

export interface CatalogEndpoint {
  readonly id: string
  readonly interface: 'public' | 'internal' | 'admin'
  readonly region_id: string
  readonly url: string
  readonly region: string
}

export interface CatalogService {
  readonly endpoints: readonly CatalogEndpoint[]
  readonly id: string
  readonly type: string
  readonly name: string
}

export interface RegionPaths {
  readonly region: string
  readonly image: string
  readonly compute: string
  readonly volume: string
}

const INTERFACES = ['public', 'internal', 'admin'] as const

const service = (
  type: string,
  name: string,
  urls: readonly (readonly [region: string, url: string])[],
): CatalogService => ({
  endpoints: urls.flatMap(([region, url]) =>
    INTERFACES.map((each) => ({
      id: toHexId(`endpoint/${type}/${region}/${each}`),
      interface: each,
      region_id: region,
      url,
      region,
    })),
  ),
  id: toHexId(`service/${type}`),
  type,
  name,
})

/** Creates the catalog. Keystone serves all regions; Glance, Nova and Cinder have one endpoint in each. */
export const createCatalog = (
  origin: string,
  identity: string,
  regions: readonly RegionPaths[],
): readonly CatalogService[] => [
  service(
    'identity',
    'keystone',
    regions.map(({ region }) => [region, `${origin}${identity}/v3`]),
  ),
  service(
    'image',
    'glance',
    regions.map(({ region, image }) => [region, `${origin}${image}`]),
  ),
  service(
    'compute',
    'nova',
    regions.map(({ region, compute }) => [region, `${origin}${compute}/v2.1`]),
  ),
  service(
    'volumev3',
    'cinderv3',
    regions.map(({ region, volume }) => [region, `${origin}${volume}/v3`]),
  ),
]
