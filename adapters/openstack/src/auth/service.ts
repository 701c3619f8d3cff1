import type { OpenstackRegion, ServiceKey } from '../options.ts'
import type { Wanted } from './catalog.ts'

/** The settings of a service, with what was left out. */
export interface Service extends Wanted {
  readonly key: ServiceKey
  readonly endpointOverride: string | null
  readonly apiVersion: string | null
  readonly statusCodeRetries: number
  readonly connectRetries: number
}

/** openstacksdk's for Glance (`openstack/config/defaults.json`). */
const STATUS_CODE_RETRIES = 5

/** keystoneauth's is 0. But a connection that was kept open may break at any time. */
const CONNECT_RETRIES = 2

/** Names that catalogs have for a service besides its type (os-service-types, `service-types.json`). Neither image nor compute nor identity has another. */
const ALIASES: { readonly [K in ServiceKey]?: readonly string[] } = {
  'block-storage': ['volumev3', 'volume', 'block-store', 'volumev2'],
}

export const resolveService = (key: ServiceKey, { name, services }: OpenstackRegion): Service => {
  const settings = services?.[key] ?? {}
  const interfaces = settings.interfaces ?? []
  return {
    key,
    endpointOverride: settings.endpointOverride || null,
    interfaces: interfaces.length === 0 ? ['public'] : interfaces,
    regionName: settings.regionName ?? name,
    serviceType: settings.serviceType || key,
    // A type that is configured is meant as it stands.
    aliases:
      settings.serviceType === undefined || settings.serviceType === '' || settings.serviceType === key
        ? (ALIASES[key] ?? [])
        : [],
    serviceName: settings.serviceName || null,
    apiVersion: settings.apiVersion || null,
    statusCodeRetries: settings.statusCodeRetries ?? STATUS_CODE_RETRIES,
    connectRetries: settings.connectRetries ?? CONNECT_RETRIES,
  }
}
