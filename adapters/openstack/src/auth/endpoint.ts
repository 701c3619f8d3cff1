import type { ErrorDetails } from '@imago/core/provider'
import type { KeystoneCatalog } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ServiceKey } from '../options.ts'
import { hasVersion, isLoopback, parseAddress, withoutVersion } from './address.ts'
import { selectEndpoint } from './catalog.ts'
import type { Service } from './service.ts'
import type { TokenInfo } from './token-info.ts'

/** The endpoint of a service. */
export interface Endpoint {
  readonly service: ServiceKey
  /** Base URL for request paths, without a trailing slash. It includes the version, except for Glance. */
  readonly url: string
  /** Source of the address: the catalog, the configuration (`endpointOverride`) or `auth_url`. */
  readonly from: 'catalog' | 'override' | 'auth-url'
  /** Values of the catalog entry; `null` if the entry has none or the catalog was not used. */
  readonly interface: string | null
  readonly region: string | null
  readonly serviceType: string | null
  readonly serviceName: string | null
}

/** Data for locating services, with or without a login. */
export interface ServiceDirectory {
  /** Address of Keystone with the version; `null` without a login. */
  readonly keystone: string | null
  readonly info: TokenInfo
  readonly catalog: KeystoneCatalog
}

const WITHOUT_CATALOG = { interface: null, region: null, serviceType: null, serviceName: null } as const

/** Supported major version of each API. */
const SUPPORTED_VERSIONS: Readonly<Record<ServiceKey, string>> = {
  identity: '3',
  image: '2',
  compute: '2',
  'block-storage': '3',
}

/** Prefix of the service's settings in clouds.yaml. */
const toSettingPrefix = (key: ServiceKey): string => key.replaceAll('-', '_')

/** Fails if imago does not support the configured API version. */
export const checkVersion = ({ key, apiVersion }: Service): E.Either<ErrorDetails, void> => {
  const major = apiVersion === null ? SUPPORTED_VERSIONS[key] : /^v?(\d+)(?:\.|$)/i.exec(apiVersion.trim())?.[1]
  return major === SUPPORTED_VERSIONS[key]
    ? E.right(undefined)
    : E.left({
        what: `version ${apiVersion} of the ${key} API is not supported`,
        hint: `Remove ${toSettingPrefix(key)}_api_version, or set it to ${SUPPORTED_VERSIONS[key]}`,
      })
}

/** Fills in `%(project_id)s` and `%(user_id)s` as keystoneauth does (keystoneauth1/session.py, `_StringFormatter`). */
const fillTemplate = (template: string, { project, user }: TokenInfo): E.Either<ErrorDetails, string> => {
  const values: ReadonlyMap<string, string | null | undefined> = new Map([
    ['project_id', project?.id],
    ['tenant_id', project?.id],
    ['user_id', user?.id],
  ])
  const names = [...template.matchAll(/%\(([^()]*)\)s/g)].map(([, name = '']) => name)
  const unknown = names.find((name) => !values.has(name))
  if (unknown !== undefined)
    return E.left({
      what: `unknown placeholder ${unknown} in the endpoint override`,
      hint: 'Use %(project_id)s or %(user_id)s',
    })
  const empty = names.find((name) => (values.get(name) ?? '') === '')
  if (empty !== undefined)
    return E.left({
      what: `the endpoint override requires ${empty}, which the login did not return`,
      hint: 'Log in to a project',
    })
  return E.right(
    template
      .replace(/%\(([^()]*)\)s/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''))
      .replaceAll('%%', '%'),
  )
}

/**
 * Rejects an HTTP endpoint from a catalog that was fetched over HTTPS: the token would be sent unencrypted.
 * keystoneauth allows this; imago requires an explicit address in the configuration.
 */
const checkSecrecy = (url: string, { key }: Service, keystone: string | null): E.Either<ErrorDetails, void> =>
  keystone === null || url.startsWith('https:') || keystone.startsWith('http:') || isLoopback(url)
    ? E.right(undefined)
    : E.left({
        what: `the catalog URL of the ${key} service uses HTTP (${url}), but Keystone uses HTTPS: the token would be sent unencrypted`,
        hint: `Set ${toSettingPrefix(key)}_endpoint_override to an https address, or to this one to allow HTTP`,
      })

/** Base URL of a service: the root for Glance; for Nova and Cinder, the versioned path is added if the address lacks one. */
const toBase = (key: ServiceKey, url: string): string => {
  switch (key) {
    case 'identity':
      return `${withoutVersion(url)}/v3`
    case 'image':
      return withoutVersion(url)
    case 'compute':
      return hasVersion(url) ? url : `${url}/v2.1`
    case 'block-storage':
      // Most catalogs append the project ID to the version; older Cinder versions require it.
      return hasVersion(url) ? url : `${url}/v3`
  }
}

const fromOverride = (
  template: string,
  { key }: Service,
  { info }: ServiceDirectory,
): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    fillTemplate(template, info),
    E.flatMap((text) => parseAddress(text, `the endpoint override of the ${key} service`)),
    E.map((url) => ({ service: key, url: toBase(key, url), from: 'override', ...WITHOUT_CATALOG })),
  )

const fromCatalog = (service: Service, { catalog, keystone }: ServiceDirectory): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    E.Do,
    E.bind('chosen', () => selectEndpoint(catalog, service)),
    E.bind('url', ({ chosen }) => parseAddress(chosen.url, `the address of the ${service.key} service in the catalog`)),
    E.tap(({ url }) => checkSecrecy(url, service, keystone)),
    E.map(({ chosen: { interface: at, region, serviceType, serviceName }, url }) => ({
      service: service.key,
      url: toBase(service.key, url),
      from: 'catalog',
      interface: at,
      region,
      serviceType,
      serviceName,
    })),
  )

const fromAuthUrl = (keystone: string | null): E.Either<ErrorDetails, Endpoint> =>
  keystone === null
    ? E.left({ what: 'this cloud has no Identity endpoint, because it is used without login' })
    : E.right({ service: 'identity', url: keystone, from: 'auth-url', ...WITHOUT_CATALOG })

const locate = (service: Service, known: ServiceDirectory): E.Either<ErrorDetails, Endpoint> => {
  if (service.endpointOverride !== null) return fromOverride(service.endpointOverride, service, known)
  if (service.key === 'identity') return fromAuthUrl(known.keystone)
  if (known.keystone === null)
    return E.left({
      what: `no endpoint of the ${service.key} service is set, and without login there is no catalog`,
      hint: `Set ${toSettingPrefix(service.key)}_endpoint_override`,
    })
  return fromCatalog(service, known)
}

/** Locates a service: the configured address, else the endpoint in the catalog. Links in responses never change it. */
export const findEndpoint = (service: Service, known: ServiceDirectory): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    checkVersion(service),
    E.flatMap(() => locate(service, known)),
  )
