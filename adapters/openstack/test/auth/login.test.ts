import { formatError, type ImageError } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { AuthMethod, KeystoneAuth, OidcAuth, OpenstackRegion, Scope, ServiceSettings } from '../../src/options.ts'
import { login } from '../../src/auth/login.ts'
import type { Login } from '../../src/auth/login-response.ts'
import { resolveService } from '../../src/auth/service.ts'
import {
  readAuth,
  connect,
  jumpingTime,
  recorded,
  REFUSED,
  serve,
  serveTls,
  tokenReply,
  type Reply,
  type Seen,
} from './local-cloud.ts'

const D = { id: 'default' }
const ADA = { name: 'ada', domain: D }
const DEMO: Scope = { kind: 'project', project: { name: 'demo', domain: { name: 'Default' } } }
const SECRETS = ['p4ssW0rd-of-ada', 's3cret-of-credential', 'tok3n-given', '424242', 'jwt-access-t0ken']
const [PASSWORD = '', SECRET = '', TOKEN = '', PASSCODE = '', JWT = ''] = SECRETS
const password: AuthMethod = { method: 'password', user: ADA, password: PASSWORD }
const totp: AuthMethod = { method: 'totp', user: { id: 'u1' }, passcode: { reveal: () => PASSCODE } }
const credential: AuthMethod = { method: 'application_credential', credential: { id: 'ac1' }, secret: SECRET }
const keystone =
  (methods: readonly AuthMethod[], scope: Scope | null = DEMO) =>
  (url: string): KeystoneAuth => ({ kind: 'keystone', url, methods, scope })
const oidc =
  (scope: Scope | null) =>
  (url: string): OidcAuth => ({
    kind: 'oidc',
    url,
    identityProvider: 'my idp',
    protocol: 'openid',
    accessToken: JWT,
    scope,
  })

interface Asked {
  readonly result: E.Either<ImageError, Login>
  readonly asked: readonly string[]
  readonly seen: readonly Seen[]
  readonly sleeps: readonly number[]
}

const V3 = 'POST /v3/auth/tokens'

/** Logs in at a server with these replies, and checks that no output contains a secret. */
const logIn = async (
  auth: (url: string) => KeystoneAuth | OidcAuth,
  answer: (seen: Seen, count: number) => Reply | null,
  { path = '', settings = {} as ServiceSettings, intercept = undefined as undefined | (() => void) } = {},
): Promise<Asked> => {
  const server = await serve(answer)
  const { timing, sleeps } = jumpingTime()
  const { connection, lines } = connect(timing, intercept === undefined ? {} : { intercept: intercept })
  const region: OpenstackRegion = { name: null, auth: { kind: 'none' }, services: { identity: settings } }
  const result = await login({
    cloud: { provider: 'openstack', cloud: 'lab', region: null },
    auth: auth(server.url + path),
    connection,
    identity: resolveService('identity', region),
  })()
  const output = JSON.stringify([lines, E.isLeft(result) ? [result.left, formatError(result.left)] : []])
  expect(SECRETS.filter((secret) => output.includes(secret))).toEqual([])
  return { result, asked: server.asked(), seen: server.seen, sleeps }
}

const readError = ({ result }: Asked): string =>
  E.isLeft(result) ? `${result.left._tag}: ${result.left.what}` : 'no error'
const readToken = ({ result }: Asked): string | undefined =>
  E.isRight(result) ? result.right.headers['x-auth-token'] : undefined
const ok = (): Reply => tokenReply('t1')

describe('login request', () => {
  const user = { name: 'ada', domain: D }
  it.each<readonly [string, (url: string) => KeystoneAuth | OidcAuth, unknown]>([
    [
      'password, project by name',
      keystone([password]),
      {
        identity: { methods: ['password'], password: { user: { ...user, password: PASSWORD } } },
        scope: { project: { name: 'demo', domain: { name: 'Default' } } },
      },
    ],
    [
      'project by ID',
      keystone([password], { kind: 'project', project: { id: 'p1' } }),
      { identity: expect.anything(), scope: { project: { id: 'p1' } } },
    ],
    [
      'domain',
      keystone([password], { kind: 'domain', domain: { name: 'D' } }),
      { identity: expect.anything(), scope: { domain: { name: 'D' } } },
    ],
    [
      'system',
      keystone([password], { kind: 'system' }),
      { identity: expect.anything(), scope: { system: { all: true } } },
    ],
    [
      'trust',
      keystone([password], { kind: 'trust', id: 't' }),
      { identity: expect.anything(), scope: { 'OS-TRUST:trust': { id: 't' } } },
    ],
    ['unscoped', keystone([password], { kind: 'unscoped' }), { identity: expect.anything(), scope: 'unscoped' }],
    ['no scope', keystone([password], null), { identity: expect.anything() }],
    [
      'token',
      keystone([{ method: 'token', token: TOKEN }]),
      { identity: { methods: ['token'], token: { id: TOKEN } }, scope: expect.anything() },
    ],
    [
      'application credential by ID, without a scope',
      keystone([credential]),
      { identity: { methods: ['application_credential'], application_credential: { id: 'ac1', secret: SECRET } } },
    ],
    [
      'application credential by name',
      keystone([{ method: 'application_credential', credential: { name: 'ac', user: ADA }, secret: SECRET }], null),
      {
        identity: { methods: ['application_credential'], application_credential: { name: 'ac', user, secret: SECRET } },
      },
    ],
    [
      'passcode',
      keystone([totp]),
      { identity: { methods: ['totp'], totp: { user: { id: 'u1', passcode: PASSCODE } } }, scope: expect.anything() },
    ],
    [
      'several methods',
      keystone([password, totp]),
      {
        identity: {
          methods: ['password', 'totp'],
          password: { user: { ...user, password: PASSWORD } },
          totp: { user: { id: 'u1', passcode: PASSCODE } },
        },
        scope: expect.anything(),
      },
    ],
  ])('sends: %s', async (_, auth, expected) => {
    const run = await logIn(auth, ok)
    expect(readToken(run)).toBe('t1')
    expect(run.asked).toEqual([V3])
    expect(run.seen.map(readAuth)).toEqual([expected])
    expect(run.seen[0]?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': expect.stringContaining('application/json'),
    })
    expect(run.seen[0]?.headers).not.toHaveProperty('x-auth-token')
  })

  it('exchanges a federated token for a project token', async () => {
    const run = await logIn(oidc(DEMO), ({ path }) =>
      path.includes('OS-FEDERATION') ? tokenReply('unscoped-t0') : ok(),
    )
    expect(run.asked).toEqual(['POST /v3/OS-FEDERATION/identity_providers/my%20idp/protocols/openid/auth', V3])
    expect(run.seen[0]).toMatchObject({ body: '', headers: { authorization: `Bearer ${JWT}` } })
    expect(run.seen[1]?.headers).not.toHaveProperty('authorization')
    expect(readAuth(run.seen[1] as Seen)).toMatchObject({
      identity: { methods: ['token'], token: { id: 'unscoped-t0' } },
      scope: { project: { name: 'demo' } },
    })
    expect(readToken(run)).toBe('t1')
  })

  it('uses the federated token unchanged without a scope', async () => {
    const run = await logIn(oidc(null), () => tokenReply('unscoped-t0'))
    expect(run.asked.length).toBe(1)
    expect(readToken(run)).toBe('unscoped-t0')
  })

  it('logs in during a dry run', async () => {
    expect(readToken(await logIn(keystone([password]), ok, { intercept: () => undefined }))).toBe('t1')
  })
})

describe('login address', () => {
  it.each(['', '/', '/v3', '/v3/', '/v2.0'])('accepts auth_url with the suffix %p', async (path) => {
    expect((await logIn(keystone([password]), ok, { path })).asked).toEqual([V3])
  })

  it('accepts auth_url below a path', async () =>
    expect((await logIn(keystone([password]), ok, { path: '/identity/v3/' })).asked).toEqual([
      'POST /identity/v3/auth/tokens',
    ]))

  it('follows the path of the version link at the root and keeps the host', async () => {
    const versions = {
      status: 300,
      body: {
        versions: {
          values: [
            { id: 'v2.0', links: [] },
            { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: 'http://evil.example/identity/v3/' }] },
          ],
        },
      },
    }
    const run = await logIn(keystone([password]), ({ method, path }) =>
      method === 'GET' ? versions : path.startsWith('/identity/') ? ok() : { status: 404, body: '<h1>Not Found</h1>' },
    )
    expect(run.asked).toEqual([V3, 'GET /', 'POST /identity/v3/auth/tokens'])
    expect(E.isRight(run.result) && new URL(run.result.right.keystone).pathname).toBe('/identity/v3')
  })

  it('fails if the server supports only version 2.0', async () => {
    const run = await logIn(keystone([password]), ({ method }) =>
      method === 'GET'
        ? { status: 300, body: { versions: { values: [{ id: 'v2.0', status: 'stable' }] } } }
        : { status: 404, body: '' },
    )
    expect(readError(run)).toBe(
      'ConfigInvalid: no Identity API v3 found at the address of this cloud: the server offers v2.0',
    )
  })

  it('fails at the address of a Glance', async () => {
    const run = await logIn(keystone([password]), () => recorded('022-versions-300'))
    expect(readError(run)).toMatch(
      /^ConfigInvalid: no Identity API v3 found at the address of this cloud: the server offers v2.16, v2.15, v2.14/,
    )
  })

  it.each<readonly [string, Reply]>([
    ['nothing', { status: 404, body: '' }],
    ['a web page for every path', { status: 200, body: '<html><body>Log in to Horizon</body></html>' }],
    ['JSON without a token', { status: 200, body: { hello: 1 } }],
    ['Keystone at another path', recorded('020-keystone-404')],
  ])('returns ConfigInvalid without a Keystone: %s', async (_, reply) =>
    expect(readError(await logIn(keystone([password]), () => reply))).toMatch(
      /^ConfigInvalid: (no Identity API v3 found|the server at auth_url is not Keystone|Keystone returned no token|a web page (without a title )?responded instead of Keystone)/,
    ),
  )

  it('does not follow redirects', async () => {
    const run = await logIn(keystone([password]), () => ({
      status: 302,
      headers: { location: 'https://evil.example/v3/auth/tokens?a=b' },
    }))
    expect(readError(run)).toBe(
      'ConfigInvalid: the server redirects to https://evil.example/v3/auth/tokens, which was not followed',
    )
    expect(run.asked).toEqual([V3])
  })

  it.each(['', 'cloud', 'ftp://cloud', 'https://ada:p4ssW0rd-of-ada@cloud'])('rejects the address %p', async (url) => {
    const run = await logIn(() => keystone([password])(url), ok)
    expect(readError(run)).toMatch(/^ConfigInvalid: auth_url /)
  })

  it('rejects a configured version 2', async () => {
    const run = await logIn(keystone([password]), ok, { settings: { apiVersion: '2.0' } })
    expect(run.asked).toEqual([])
    expect(readError(run)).toBe('ConfigInvalid: version 2.0 of the identity API is not supported')
  })
})

describe('multi-factor login', () => {
  const receipt = (methods: readonly string[], ...required: readonly (readonly string[])[]): Reply => ({
    status: 401,
    headers: { 'Openstack-Auth-Receipt': 'rec31pt' },
    body: { receipt: { methods, expires_at: '2026-11-22T19:34:35.000000Z' }, required_auth_methods: required },
  })

  it('sends the missing methods with the receipt', async () => {
    const run = await logIn(keystone([password, totp]), (_, count) =>
      count === 1 ? receipt(['password'], ['password', 'totp']) : ok(),
    )
    expect(readToken(run)).toBe('t1')
    expect(run.seen[1]?.headers).toMatchObject({ 'openstack-auth-receipt': 'rec31pt' })
    expect(readAuth(run.seen[1] as Seen)).toEqual({
      identity: { methods: ['totp'], totp: { user: { id: 'u1', passcode: PASSCODE } } },
      scope: expect.anything(),
    })
  })

  it('names missing methods that are not configured', async () => {
    const run = await logIn(keystone([password]), () =>
      receipt(['password'], ['password', 'totp'], ['password', 'mapped', 'x509']),
    )
    expect(readError(run)).toBe(
      'Unauthorized: Keystone accepted the password of user ada (domain default) for project demo (domain Default), but requires more auth methods: totp, or mapped and x509',
    )
    expect(run.asked).toEqual([V3])
  })

  it('fails on a second receipt', async () => {
    const run = await logIn(keystone([password, totp]), () => receipt(['password'], ['password', 'totp']))
    expect(run.asked.length).toBe(2)
    expect(readError(run)).toMatch(/^Unauthorized: .* requires more auth methods: totp$/)
  })

  it('fails on an unusable receipt', async () => {
    const run = await logIn(keystone([password, totp]), () => receipt(['password', 'totp'], ['password', 'totp']))
    expect(readError(run)).toMatch(/^Unauthorized: .* requires more auth methods$/)
  })

  it('sends nothing without a passcode', async () => {
    const run = await logIn(keystone([password, { method: 'totp', user: ADA, passcode: null }]), ok)
    expect(run.asked).toEqual([])
    expect(readError(run)).toBe('ConfigInvalid: the one-time passcode is missing')
  })

  it('sends nothing without an auth method', async () => {
    const run = await logIn(keystone([]), ok)
    expect(run.asked).toEqual([])
    expect(readError(run)).toBe('ConfigInvalid: no auth method is configured')
  })
})

describe('rejected login', () => {
  it('describes the credentials after a 401', async () => {
    expect(readError(await logIn(keystone([password]), () => REFUSED))).toBe(
      'Unauthorized: Keystone refused the password of user ada (domain default) for project demo (domain Default)',
    )
    expect(readError(await logIn(keystone([credential]), () => REFUSED))).toMatch(
      /refused the application credential ac1/,
    )
    expect(readError(await logIn(oidc(DEMO), () => REFUSED))).toBe(
      'Unauthorized: Keystone refused the access token of my idp (openid) for project demo (domain Default)',
    )
  })

  it('includes the reason from Keystone', async () => {
    const locked: Reply = {
      status: 401,
      body: {
        error: { code: 401, title: 'Unauthorized', message: `The account is locked for user: u1, not for ${PASSWORD}` },
      },
    }
    expect(readError(await logIn(keystone([password]), () => locked))).toMatch(
      /: The account is locked for user: u1, not for \*\*\*$/,
    )
  })

  it('returns Unauthorized for an invalid token and an unknown trust (404)', async () => {
    const unknown: Reply = {
      status: 404,
      body: { error: { code: 404, title: 'Not Found', message: 'Could not recognize Fernet token' } },
    }
    const run = await logIn(keystone([{ method: 'token', token: TOKEN }]), () => unknown)
    expect(run.asked).toEqual([V3])
    expect(readError(run)).toBe(
      'Unauthorized: Keystone refused the token for project demo (domain Default): Could not recognize Fernet token',
    )
  })

  it('returns Forbidden after a 403', async () => {
    const run = await logIn(keystone([password]), () => recorded('019-keystone-users-403'))
    expect(readError(run)).toMatch(/^Forbidden: Keystone forbids a login with the password of user ada/)
  })

  it('omits the request that Keystone repeats in a 400', async () => {
    const repeats = `'${PASSWORD}' is too short\n\nFailed validating 'minLength' in schema\n\nOn instance:\n    {'password': {'user': {'password': '${PASSWORD}', 'name': 'ada-of-the-instance'}}}`
    const run = await logIn(keystone([password]), () => ({
      status: 400,
      body: { error: { code: 400, title: 'Bad Request', message: repeats } },
    }))
    expect(readError(run)).toBe("Rejected: Keystone rejected the login request: '***' is too short")
    expect(readError(await logIn(keystone([password]), () => recorded('014-token-malformed-400')))).toBe(
      "Rejected: Keystone rejected the login request: 'identity' is a required property",
    )
  })

  it('returns RateLimited after a 429 with a long delay', async () => {
    const run = await logIn(keystone([password]), () => ({ status: 429, headers: { 'retry-after': '3600' }, body: '' }))
    expect(run.result).toMatchObject({ left: { _tag: 'RateLimited', retryAfterMs: 3_600_000 } })
  })
})

describe('login retries', () => {
  const busy: Reply = { status: 503, body: '<html>Traceback</html>' }

  it('retries a busy server with backoff', async () => {
    const run = await logIn(keystone([password]), (_, count) => (count < 4 ? busy : ok()))
    expect(readToken(run)).toBe('t1')
    expect(run.sleeps).toEqual([375, 625, 1125])
  })

  it('limits retries to the configured number', async () => {
    const run = await logIn(keystone([password]), () => busy, { settings: { statusCodeRetries: 1 } })
    expect(run.asked.length).toBe(2)
    expect(readError(run)).toBe('Unavailable: Keystone is temporarily unavailable')
  })

  it('retries a broken connection twice', async () => {
    expect(readToken(await logIn(keystone([password]), (_, count) => (count < 3 ? null : ok())))).toBe('t1')
    const run = await logIn(keystone([password]), () => null)
    expect(run.asked.length).toBe(3)
    expect(readError(run)).toMatch(
      /^Unavailable: the connection to http:\/\/127\.0\.0\.1:\d+ was closed \(ECONNRESET\)$/,
    )
  })

  it('sends a passcode only once', async () => {
    const run = await logIn(keystone([password, totp]), () => busy)
    expect(run.asked.length).toBe(1)
  })
})

describe('login over a failing connection', () => {
  const at = async (url: string): Promise<string> => {
    const { connection } = connect()
    const identity = resolveService('identity', { name: null, auth: { kind: 'none' } })
    const answer = await login({
      cloud: { provider: 'openstack', cloud: 'lab', region: null },
      auth: keystone([password])(url),
      connection,
      identity,
    })()
    return E.isLeft(answer) ? `${answer.left._tag}: ${formatError(answer.left)}` : 'no error'
  }

  it('sends nothing to a server with an untrusted certificate', async () => {
    const server = await serveTls(ok)
    expect(await at(server.url)).toMatch(
      /^ConfigInvalid: openstack\/lab: login: the certificate of https:\/\/127\.0\.0\.1:\d+ is self-signed and not trusted \([A-Z_]+\) \(POST \/v3\/auth\/tokens\)\. If you trust it, save it to a file/,
    )
    expect(server.asked()).toEqual([])
  })

  it('reports a server without TLS, and a refused connection', async () => {
    const server = await serve(ok)
    expect(await at(server.url.replace('http', 'https'))).toMatch(
      /^ConfigInvalid: openstack\/lab: login: https:\S+ does not use TLS \(\w+\)/,
    )
    expect(await at('http://127.0.0.1:1')).toMatch(
      /^Unavailable: openstack\/lab: login: no connection to http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    )
  })
})

describe('login response', () => {
  it('is read from a recorded response of Keystone', async () => {
    const run = await logIn(keystone([password]), () => recorded('003-token-password-project-scoped-201'))
    expect(run.result).toMatchObject({
      right: {
        headers: { 'x-auth-token': 'recorded-token' },
        info: {
          user: { name: 'demo', domain: { id: 'default', name: 'Default' } },
          project: { name: 'demo' },
          domain: null,
          isSystem: false,
          roles: ['member', 'reader'],
          methods: ['password'],
          expiresAt: '2026-11-22T16:08:54Z',
        },
      },
    })
    expect(E.isRight(run.result) && run.result.right.catalog.map(({ type }) => type)).toEqual(['identity', 'image'])
  })

  it('is read for the system scope', async () => {
    expect(
      (await logIn(keystone([password]), () => recorded('010-token-system-scoped-admin-201'))).result,
    ).toMatchObject({ right: { info: { isSystem: true, project: null } } })
  })

  it('yields the expiry by the local clock despite clock skew', async () => {
    const run = await logIn(keystone([password]), () =>
      tokenReply('t1', { date: 'Sun, 22 Nov 2020 15:08:54 GMT', expiresAt: '2020-11-22T15:18:54.000000Z' }),
    )
    expect(run.result).toMatchObject({ right: { expiresAtMs: Date.parse('2026-11-22T15:18:54Z') } })
    const issued = { token: { issued_at: '2020-11-22T15:08:54.000000Z', expires_at: '2020-11-22T15:13:54.000000Z' } }
    expect((await logIn(keystone([password]), () => ({ ...tokenReply('t1'), body: issued }))).result).toMatchObject({
      right: { expiresAtMs: Date.parse('2026-11-22T15:13:54Z') },
    })
  })

  it.each<readonly [string, unknown]>([
    ['not an object', 5],
    ['no token', { tokens: {} }],
    ['no expiry', { token: { methods: ['password'] } }],
  ])('is DecodeFailed: %s', async (_, body) => {
    expect(
      readError(await logIn(keystone([password]), () => ({ status: 201, headers: { 'x-subject-token': 't1' }, body }))),
    ).toBe('DecodeFailed: the token description of Keystone is not in the documented format')
  })

  it('is accepted with an invalid catalog', async () => {
    expect(
      (
        await logIn(keystone([password]), () =>
          tokenReply('t1', { catalog: [5, { type: 5 }, { type: 'image', endpoints: 'none' }] }),
        )
      ).result,
    ).toMatchObject({ right: { headers: { 'x-auth-token': 't1' } } })
  })
})
