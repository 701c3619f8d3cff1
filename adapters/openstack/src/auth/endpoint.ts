import type { ErrorDetails } from '@imago/core/provider'
import type { KeystoneCatalog } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ServiceKey } from '../options.ts'
import { hasVersion, isLoopback, parseAddress, withoutVersion } from './address.ts'
import { selectEndpoint } from './catalog.ts'
import type { Service } from './service.ts'
import type { TokenInfo } from './token-info.ts'

/** Where a service is. */
export interface Endpoint {
  readonly service: ServiceKey
  /** What paths are put under: without a slash at its end; Glance's without, the others' with the version. */
  readonly url: string
  /** Who says so: the catalog, the configuration (`endpointOverride`), or the address that one logs in at. */
  readonly from: 'catalog' | 'override' | 'auth-url'
  /** As the catalog has them; `null` where that was not asked, or does not say. */
  readonly interface: string | null
  readonly region: string | null
  readonly serviceType: string | null
  readonly serviceName: string | null
}

/** What is known after a login, or without one. */
export interface Whereabouts {
  /** With its version. `null`: there is none. */
  readonly keystone: string | null
  readonly info: TokenInfo
  readonly catalog: KeystoneCatalog
}

const BARE = { interface: null, region: null, serviceType: null, serviceName: null } as const

/** The API version that is spoken, by its first number. */
const SPOKEN: Readonly<Record<ServiceKey, string>> = { identity: '3', image: '2', compute: '2', 'block-storage': '3' }

/** How clouds.yaml spells a service at the beginning of a setting. */
const settingOf = (key: ServiceKey): string => key.replaceAll('-', '_')

/** Whether imago speaks the version that is configured. */
export const checkVersion = ({ key, apiVersion }: Service): E.Either<ErrorDetails, void> => {
  const major = apiVersion === null ? SPOKEN[key] : /^v?(\d+)(?:\.|$)/i.exec(apiVersion.trim())?.[1]
  return major === SPOKEN[key]
    ? E.right(undefined)
    : E.left({
        what: `version ${apiVersion} of the ${key} API is configured, and imago speaks ${SPOKEN[key]}`,
        hint: `Remove ${settingOf(key)}_api_version, or set it to ${SPOKEN[key]}`,
      })
}

/** `%(project_id)s` and `%(user_id)s`, as keystoneauth puts them in (keystoneauth1/session.py, `_StringFormatter`). */
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
      what: `the endpoint override asks for ${unknown}, which is not known`,
      hint: 'Use %(project_id)s or %(user_id)s',
    })
  const empty = names.find((name) => (values.get(name) ?? '') === '')
  if (empty !== undefined)
    return E.left({
      what: `the endpoint override asks for ${empty}, and the login gave none`,
      hint: 'Log in to a project',
    })
  return E.right(
    template
      .replace(/%\(([^()]*)\)s/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''))
      .replaceAll('%%', '%'),
  )
}

/**
 * A catalog that Keystone gave by https may name an address by http. keystoneauth sends the token there; then it travels open to all on the way.
 * Here somebody must have written that address: into the configuration.
 */
const checkSecrecy = (url: string, { key }: Service, keystone: string | null): E.Either<ErrorDetails, void> =>
  keystone === null || url.startsWith('https:') || keystone.startsWith('http:') || isLoopback(url)
    ? E.right(undefined)
    : E.left({
        what: `the catalog has ${url} for ${key}, without TLS, while Keystone is asked with it: the token would travel unprotected`,
        hint: `Set ${settingOf(key)}_endpoint_override to the address to be used: the same with https, or this one if that is meant`,
      })

/** Glance's root; the API of Nova and Cinder, where only the root is given. */
const toBase = (key: ServiceKey, url: string): string => {
  switch (key) {
    case 'identity':
      return `${withoutVersion(url)}/v3`
    case 'image':
      return withoutVersion(url)
    case 'compute':
      return hasVersion(url) ? url : `${url}/v2.1`
    case 'block-storage':
      // Below it, most catalogs have the project, without which an older Cinder answers nothing.
      return hasVersion(url) ? url : `${url}/v3`
  }
}

const fromOverride = (template: string, { key }: Service, { info }: Whereabouts): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    fillTemplate(template, info),
    E.flatMap((text) => parseAddress(text, `the endpoint override of ${key}`)),
    E.map((url) => ({ service: key, url: toBase(key, url), from: 'override', ...BARE })),
  )

const fromCatalog = (service: Service, { catalog, keystone }: Whereabouts): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    E.Do,
    E.bind('chosen', () => selectEndpoint(catalog, service)),
    E.bind('url', ({ chosen }) => parseAddress(chosen.url, `the address of ${service.key} in the catalog`)),
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
    ? E.left({ what: 'there is no Keystone: this cloud is asked without login' })
    : E.right({ service: 'identity', url: keystone, from: 'auth-url', ...BARE })

const found = (service: Service, known: Whereabouts): E.Either<ErrorDetails, Endpoint> => {
  if (service.endpointOverride !== null) return fromOverride(service.endpointOverride, service, known)
  if (service.key === 'identity') return fromAuthUrl(known.keystone)
  if (known.keystone === null)
    return E.left({
      what: `without login there is no catalog, and ${service.key} has no endpoint override`,
      hint: `Set ${settingOf(service.key)}_endpoint_override`,
    })
  return fromCatalog(service, known)
}

/** Where a service is: the configured address, else the catalog's. Links in answers never change it. */
export const findEndpoint = (service: Service, known: Whereabouts): E.Either<ErrorDetails, Endpoint> =>
  pipe(
    checkVersion(service),
    E.flatMap(() => found(service, known)),
  )
