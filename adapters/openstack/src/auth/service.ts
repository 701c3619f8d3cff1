import type { OpenstackRegion, ServiceKey } from '../options.ts'
import type { Wanted } from './catalog.ts'

/** The settings of a service with defaults applied. */
export interface Service extends Wanted {
  readonly key: ServiceKey
  readonly endpointOverride: string | null
  readonly apiVersion: string | null
  readonly statusCodeRetries: number
  readonly connectRetries: number
}

/** openstacksdk's default for Glance (`openstack/config/defaults.json`). */
const STATUS_CODE_RETRIES = 5

/** keystoneauth's default is 0, but a kept-alive connection may break at any time. */
const CONNECT_RETRIES = 2

/** Alternative service types in catalogs (os-service-types, `service-types.json`). The other services have none. */
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
    // An explicitly configured type is used without aliases.
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
