import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { OpenstackRegion, ServiceKey, ServiceSettings } from '../../src/options.ts'
import { findEndpoint, type ServiceDirectory } from '../../src/auth/endpoint.ts'
import { resolveService } from '../../src/auth/service.ts'
import { NO_LOGIN } from '../../src/auth/token-info.ts'
import { readCatalog } from '../../src/auth/catalog.ts'
import { service } from './local-cloud.ts'

const named = (id: string) => ({ id, name: null, domain: null })

interface Case {
  readonly settings?: ServiceSettings
  readonly catalogUrl?: string
  readonly keystone?: string | null
  readonly project?: string | null
}

const find = (
  key: ServiceKey,
  { settings = {}, catalogUrl, keystone = 'https://id.example/v3', project = 'p1' }: Case,
) => {
  const region: OpenstackRegion = { name: 'RegionOne', auth: { kind: 'none' }, services: { [key]: settings } }
  const known: ServiceDirectory = {
    keystone,
    info: project === null ? NO_LOGIN : { ...NO_LOGIN, user: named('u1'), project: named(project) },
    catalog: readCatalog(catalogUrl === undefined ? [] : [service(key, catalogUrl)]),
  }
  return findEndpoint(resolveService(key, region), known)
}

const findUrl = (key: ServiceKey, one: Case): string => {
  const found = find(key, one)
  return E.isRight(found) ? found.right.url : `none: ${found.left.what}`
}

describe('findEndpoint', () => {
  it.each([
    ['https://cloud.example:9292', 'https://cloud.example:9292'],
    ['https://cloud.example:9292/', 'https://cloud.example:9292'],
    ['https://cloud.example/image', 'https://cloud.example/image'],
    ['https://cloud.example/image/v2', 'https://cloud.example/image'],
    ['https://cloud.example/image/v2/', 'https://cloud.example/image'],
    ['https://cloud.example/v2.0', 'https://cloud.example'],
    ['https://cloud.example/v1', 'https://cloud.example'],
    ['https://cloud.example//v2//', 'https://cloud.example'],
    ['https://cloud.example/image/v2?x=y#z', 'https://cloud.example/image'],
    ['  https://cloud.example/v2', 'https://cloud.example'],
    ['https://cloud.example/v2images', 'https://cloud.example/v2images'],
  ])('resolves Glance at %s to %s', (catalogUrl, url) => {
    expect(findUrl('image', { catalogUrl })).toBe(url)
    expect(findUrl('image', { settings: { endpointOverride: catalogUrl } })).toBe(url)
  })

  it.each([
    ['https://cloud.example:8774/v2.1', 'https://cloud.example:8774/v2.1'],
    ['https://cloud.example/compute/v2.1/p1/', 'https://cloud.example/compute/v2.1/p1'],
    ['https://cloud.example/v2/p1', 'https://cloud.example/v2/p1'],
    ['https://cloud.example/compute', 'https://cloud.example/compute/v2.1'],
  ])('resolves Nova at %s to %s', (catalogUrl, url) => expect(findUrl('compute', { catalogUrl })).toBe(url))

  it('resolves Keystone to auth_url and ignores the catalog', () => {
    expect(find('identity', { catalogUrl: 'https://other.example/v3' })).toMatchObject({
      right: { url: 'https://id.example/v3', from: 'auth-url' },
    })
    expect(findUrl('identity', { settings: { endpointOverride: 'https://other.example/' } })).toBe(
      'https://other.example/v3',
    )
  })

  it.each([
    ['https://cloud.example/%(project_id)s/v2', 'https://cloud.example/p1'],
    ['https://cloud.example/%(tenant_id)s/%(user_id)s', 'https://cloud.example/p1/u1'],
    ['https://cloud.example/%%41', 'https://cloud.example/%41'],
  ])('fills in placeholders of an override: %s', (endpointOverride, url) =>
    expect(findUrl('image', { settings: { endpointOverride } })).toBe(url),
  )

  it('encodes a project ID, so that it cannot change the host', () => {
    expect(
      findUrl('image', {
        settings: { endpointOverride: 'https://cloud.example/%(project_id)s' },
        project: '../..@evil.example/',
      }),
    ).toBe('https://cloud.example/..%2F..%40evil.example%2F')
  })

  it.each([
    [
      'an unknown project',
      { settings: { endpointOverride: 'https://h/%(project_id)s' }, project: null },
      /requires project_id, which the login did not return/,
    ],
    [
      'an unknown placeholder',
      { settings: { endpointOverride: 'https://h/%(region)s' } },
      /unknown placeholder region/,
    ],
    [
      'an invalid URL in the override',
      { settings: { endpointOverride: 'cloud' } },
      /^none: the endpoint override of the image service is not a URL$/,
    ],
    ['another scheme', { settings: { endpointOverride: 'file:///etc/passwd' } }, /not an http or https URL/],
    [
      'a password in the catalog',
      { catalogUrl: 'https://user:hunter2@h/' },
      /^none: the address of the image service in the catalog contains a user or password$/,
    ],
    [
      'an invalid URL in the catalog',
      { catalogUrl: '$(glance_url)s' },
      /the address of the image service in the catalog is not a URL/,
    ],
    ['no login and no override', { keystone: null }, /without login there is no catalog/],
    [
      'an unsupported API version',
      { settings: { apiVersion: '1' }, catalogUrl: 'https://h' },
      /version 1 of the image API is not supported/,
    ],
  ])('fails: %s', (_, one, what) => expect(findUrl('image', one)).toMatch(what))

  it.each(['2', 'v2', '2.16', '2.0'])('accepts version %s of Glance', (apiVersion) =>
    expect(findUrl('image', { settings: { apiVersion }, catalogUrl: 'https://h' })).toBe('https://h'),
  )

  describe('HTTP endpoint in the catalog', () => {
    it.each([
      [
        'is rejected if Keystone uses HTTPS',
        'https://id.example/v3',
        'http://cloud.example/',
        /uses HTTP .*unencrypted/,
      ],
      ['is used if Keystone uses HTTP', 'http://id.example/v3', 'http://cloud.example/', /^http:\/\/cloud.example$/],
      ['is used on loopback', 'https://id.example/v3', 'http://127.0.0.1:9292', /^http:\/\/127.0.0.1:9292$/],
      [
        'is rejected if only its name looks like loopback',
        'https://id.example/v3',
        'http://127.0.0.1.evil.example',
        /uses HTTP /,
      ],
    ])('%s', (_, keystone, catalogUrl, url) => expect(findUrl('image', { keystone, catalogUrl })).toMatch(url))

    it('is used if the configuration overrides it', () =>
      expect(findUrl('image', { settings: { endpointOverride: 'http://cloud.example' } })).toBe('http://cloud.example'))
  })
})
