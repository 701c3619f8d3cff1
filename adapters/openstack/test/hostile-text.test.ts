import { createErrorSite } from '@imago/core'
import { parseContentLength, parseContentRange, toHeaders, type TextResponse } from '@imago/http'
import { describe, it } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import { beforeVersion, parseAddress, withoutVersion } from '../src/auth/address.ts'
import { readCatalog, selectEndpoint } from '../src/auth/catalog.ts'
import { loginError, type LoginContext } from '../src/auth/login-error.ts'
import { readReceipt } from '../src/auth/receipt.ts'
import { readVersions } from '../src/auth/versions.ts'
import { toImageError } from '../src/map-error.ts'
import { parseCursor } from '../src/requests/cursor.ts'

const cloud = { provider: 'openstack', cloud: 'lab', region: null }
const context: LoginContext = {
  cloud,
  auth: {
    kind: 'keystone',
    url: 'https://id.example/v3',
    methods: [{ method: 'password', user: { id: 'u1' }, password: 'a-password' }],
    scope: null,
  },
  clock: () => 0,
}

const answer = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): TextResponse => ({
  kind: 'text',
  status,
  url: 'https://id.example/v3/auth/tokens',
  headers: toHeaders(Object.entries(headers)),
  text,
})
const site = createErrorSite(cloud, 'update')
const imageContext = { service: 'Glance', subject: 'image i', onlyOnce: true }

const wanted = {
  serviceType: 'image',
  serviceName: null,
  interfaces: ['public'],
  regionName: null,
  key: 'image',
} as unknown as Parameters<typeof selectEndpoint>[1]

/** Parsers of texts that servers send. */
const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  withoutVersion,
  beforeVersion: (text) => beforeVersion(`https://id.example/${text}`),
  parseAddress: (text) => parseAddress(`https://id.example/${text}`, 'the address'),
  'versions and their links': (text) =>
    readVersions(
      answer(
        300,
        JSON.stringify({ versions: [{ id: text, status: text, links: [{ rel: 'self', href: `http://a/${text}` }] }] }),
      ),
    ),
  'a catalog': (text) =>
    selectEndpoint(
      readCatalog([
        {
          type: 'image',
          name: text,
          endpoints: [{ interface: 'public', region: text, region_id: text, url: `http://a/${text}` }],
        },
        { type: text, endpoints: text },
      ]),
      wanted,
    ),
  'a login error': (text) =>
    loginError(
      context,
      answer(400, JSON.stringify({ error: { code: 400, title: text, message: text } }), {
        'x-openstack-request-id': text,
      }),
    ),
  'a receipt': (text) =>
    readReceipt(
      answer(401, JSON.stringify({ receipt: { methods: [text] }, required_auth_methods: [[text]] }), {
        'openstack-auth-receipt': text,
      }),
    ),
  parseContentRange: (text) => parseContentRange(toHeaders([['content-range', text]])),
  parseContentLength: (text) => parseContentLength(toHeaders([['content-length', text]])),
  parseCursor: (text) => parseCursor(`visible:${text}` as unknown as Parameters<typeof parseCursor>[0]),
  ...Object.fromEntries(
    [300, 401, 403, 404, 409, 413, 429, 500].flatMap((status) => [
      [
        `an answer of ${status} in JSON`,
        (text: string) =>
          toImageError(
            site,
            answer(status, JSON.stringify({ message: text, code: text, title: text }), {
              'retry-after': text,
              'x-openstack-request-id': text,
            }),
            imageContext,
            0,
          ),
      ],
      [
        `an answer of ${status} in HTML`,
        (text: string) => toImageError(site, answer(status, text, { 'content-type': 'text/html' }), imageContext, 0),
      ],
    ]),
  ),
}

describe('parsing of repetitive text', () => {
  it.each(Object.keys(FUNCTIONS))('takes linear time in %s', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })
})
