import { absolutePath, type Environment, type TlsSettings } from '@imago/provider-kit'
import type { ConfiguredAuth, ConfiguredService, OpenstackSettings } from './cloud.ts'
import type { ServiceKey } from '../options.ts'
import { toList } from './fix-ups.ts'
import type { Settings } from './settings.ts'

/** `openstack/config/defaults.json`. */
const STATUS_CODE_RETRIES: Readonly<Record<string, number>> = { image: 5 }

const DEFAULT_INTERFACE = 'public'

/** Older configuration files use `publicURL` instead of `public`. */
const readInterfaces = (settings: Settings, prefixes: readonly string[]): readonly string[] => {
  const own =
    prefixes.map((prefix) => toList(settings.value(`${prefix}_interface`))).find(({ length }) => length > 0) ?? []
  const interfaces = (own.length > 0 ? own : toList(settings.value('interface'))).map((one) => one.replace(/URL$/, ''))
  return interfaces.length > 0 ? interfaces : [DEFAULT_INTERFACE]
}

/** Prefixes of a service's settings: the names of its type (`cloud_region.py`, `_get_config`; os-service-types). */
const PREFIXES: Readonly<Record<ServiceKey, readonly [string, ...string[]]>> = {
  identity: ['identity'],
  image: ['image'],
  compute: ['compute'],
  'block-storage': ['block_storage', 'volumev3', 'volumev2', 'volume', 'block_store'],
}

/** Reads the settings of one service: its own keys (`image_region_name`) take precedence over the cloud's (`cloud_region.py`, `_get_config`). */
const readService = (key: ServiceKey, settings: Settings, auth: ConfiguredAuth): ConfiguredService => {
  // Without a login there is no catalog, so `endpoint` applies to every service (`cloud_region.py`, `get_endpoint`).
  const only = auth.kind === 'none' ? settings.auth('endpoint') : null
  const prefixes = PREFIXES[key]
  const first = <A>(read: (setting: string) => A | null, setting: string): A | null =>
    prefixes.reduce<A | null>((found, prefix) => found ?? read(`${prefix}_${setting}`), null)
  return {
    endpointOverride: first(settings.url, 'endpoint_override') ?? first(settings.url, 'endpoint') ?? only,
    interfaces: readInterfaces(settings, prefixes),
    regionName: first(settings.text, 'region_name') ?? settings.region,
    serviceType: first(settings.text, 'service_type') ?? key,
    serviceName: first(settings.text, 'service_name'),
    apiVersion: first(settings.text, 'api_version'),
    statusCodeRetries:
      first(settings.count, 'status_code_retries') ?? STATUS_CODE_RETRIES[key] ?? settings.count('status_code_retries'),
    connectRetries: first(settings.count, 'connect_retries') ?? settings.count('connect_retries'),
  }
}

export const readServices = (settings: Settings, auth: ConfiguredAuth): OpenstackSettings['services'] => {
  const services = {
    identity: readService('identity', settings, auth),
    image: readService('image', settings, auth),
    compute: readService('compute', settings, auth),
    'block-storage': readService('block-storage', settings, auth),
  }
  if (auth.kind === 'none' && settings.faults.length === 0 && services.image.endpointOverride === null) {
    settings.fault({
      what: 'no endpoint is set, and without login there is no catalog',
      hint: 'Set auth.endpoint or image_endpoint_override',
    })
  }
  return services
}

/** Only `true` is true, as in `loader.py`, `get_boolean`: an unclear value must not disable a check. */
const isTrue = (settings: Settings, key: string): boolean => {
  const value = settings.value(key)
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true')
}

/** `verify` is true, false or a CA bundle, as in Python's requests; `insecure` takes precedence (`cloud_region.py`, `get_requests_verify_args`). */
export const readTls = (settings: Settings, environment: Environment): TlsSettings => {
  const file = (text: string | null): string | null => (text === null ? null : absolutePath(environment, text))
  const setting = settings.value('verify')
  const word = typeof setting === 'string' ? setting.toLowerCase() : setting
  const isOff = word === false || word === 'false'
  const path = typeof setting === 'string' && word !== 'true' && !isOff ? settings.text('verify') : null
  const verify = !isTrue(settings, 'insecure') && !isOff
  return {
    verify,
    caFile: verify ? file(settings.text('cacert') ?? path) : null,
    certFile: file(settings.text('cert')),
    keyFile: file(settings.text('key')),
  }
}

/** `api_timeout` is in seconds. */
export const readTimeout = (settings: Settings): number | null => {
  const value = settings.value('api_timeout')
  if (value === undefined || value === null || value === '') return null
  const seconds = Number(value)
  if (typeof value !== 'boolean' && Number.isFinite(seconds) && seconds > 0) return Math.round(seconds * 1000)
  settings.fault({ what: 'api_timeout is not a number of seconds', hint: 'Set it to a number such as 30' })
  return null
}
