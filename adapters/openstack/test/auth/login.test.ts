import { formatError, type ImageError } from '@imago/core/provider'
import { describe, expect, test } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { AuthMethod, KeystoneAuth, OidcAuth, OpenstackRegion, Scope, ServiceSettings } from '../../src/options.ts'
import { login } from '../../src/auth/login.ts'
import type { Login } from '../../src/auth/login-answer.ts'
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

/** Logs in at a server that answers so. Nothing secret may be said of it. */
const logIn = async (
  auth: (url: string) => KeystoneAuth | OidcAuth,
  answer: (seen: Seen, count: number) => Reply | null,
  { path = '', settings = {} as ServiceSettings, hold = undefined as undefined | (() => void) } = {},
): Promise<Asked> => {
  const server = await serve(answer)
  const { timing, sleeps } = jumpingTime()
  const { connection, lines } = connect(timing, hold === undefined ? {} : { intercept: hold })
  const region: OpenstackRegion = { name: null, auth: { kind: 'none' }, services: { identity: settings } }
  const result = await login({
    cloud: { provider: 'openstack', cloud: 'lab', region: null },
    auth: auth(server.url + path),
    connection,
    identity: resolveService('identity', region),
  })()
  const told = JSON.stringify([lines, E.isLeft(result) ? [result.left, formatError(result.left)] : []])
  expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([])
  return { result, asked: server.asked(), seen: server.seen, sleeps }
}

const errorOf = ({ result }: Asked): string =>
  E.isLeft(result) ? `${result.left._tag}: ${result.left.what}` : 'no error'
const tokenOf = ({ result }: Asked): string | undefined =>
  E.isRight(result) ? result.right.headers['x-auth-token'] : undefined
const ok = (): Reply => tokenReply('t1')

describe('what is sent', () => {
  const user = { name: 'ada', domain: D }
  test.each<readonly [string, (url: string) => KeystoneAuth | OidcAuth, unknown]>([
    [
      'password, project by name',
      keystone([password]),
      {
        identity: { methods: ['password'], password: { user: { ...user, password: PASSWORD } } },
        scope: { project: { name: 'demo', domain: { name: 'Default' } } },
      },
    ],
    [
      'project by id',
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
      'application credential by id, never with a scope',
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
      'several at once',
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
  ])('%s', async (_, auth, wish) => {
    const run = await logIn(auth, ok)
    expect(tokenOf(run)).toBe('t1')
    expect(run.asked).toEqual([V3])
    expect(run.seen.map(readAuth)).toEqual([wish])
    expect(run.seen[0]?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': expect.stringContaining('application/json'),
    })
    expect(run.seen[0]?.headers).not.toHaveProperty('x-auth-token')
  })

  test('the federated token, then one for the project', async () => {
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
    expect(tokenOf(run)).toBe('t1')
  })

  test('the federated token alone, where no scope is asked for', async () => {
    const run = await logIn(oidc(null), () => tokenReply('unscoped-t0'))
    expect([run.asked.length, tokenOf(run)]).toEqual([1, 'unscoped-t0'])
  })

  test('in a dry run too: nothing else could be shown without it', async () => {
    expect(tokenOf(await logIn(keystone([password]), ok, { hold: () => undefined }))).toBe('t1')
  })
})

describe('where it is sent', () => {
  test.each(['', '/', '/v3', '/v3/', '/v2.0'])('auth_url with %p at its end', async (path) => {
    expect((await logIn(keystone([password]), ok, { path })).asked).toEqual([V3])
  })

  test('below a path', async () =>
    expect((await logIn(keystone([password]), ok, { path: '/identity/v3/' })).asked).toEqual([
      'POST /identity/v3/auth/tokens',
    ]))

  test('where the root says that version 3 is, on the same host whatever its link says', async () => {
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

  test('nowhere, where only version 2.0 is spoken', async () => {
    const run = await logIn(keystone([password]), ({ method }) =>
      method === 'GET'
        ? { status: 300, body: { versions: { values: [{ id: 'v2.0', status: 'stable' }] } } }
        : { status: 404, body: '' },
    )
    expect(errorOf(run)).toBe(
      'ConfigInvalid: what is at the address of this cloud speaks v2.0, and not v3 of the Identity API',
    )
  })

  test('nowhere, where a Glance is', async () => {
    const run = await logIn(keystone([password]), () => recorded('022-versions-300'))
    expect(errorOf(run)).toMatch(
      /^ConfigInvalid: what is at the address of this cloud speaks v2.16, v2.15, v2.14, and not v3/,
    )
  })

  test.each<readonly [string, Reply]>([
    ['nothing', { status: 404, body: '' }],
    ['a page for every path', { status: 200, body: '<html><body>Log in to Horizon</body></html>' }],
    ['JSON without a token', { status: 200, body: { hello: 1 } }],
    ['a real Keystone, at another path', recorded('020-keystone-404')],
  ])('ConfigInvalid where there is no Keystone: %s', async (_, reply) =>
    expect(errorOf(await logIn(keystone([password]), () => reply))).toMatch(
      /^ConfigInvalid: (there is no Keystone|what is at the address|a web page responded instead of Keystone)/,
    ),
  )

  test('not where it is redirected', async () => {
    const run = await logIn(keystone([password]), () => ({
      status: 302,
      headers: { location: 'https://evil.example/v3/auth/tokens?a=b' },
    }))
    expect(errorOf(run)).toBe(
      'ConfigInvalid: the server redirects to https://evil.example/v3/auth/tokens, which was not followed',
    )
    expect(run.asked).toEqual([V3])
  })

  test.each(['', 'cloud', 'ftp://cloud', 'https://ada:p4ssW0rd-of-ada@cloud'])('not to %p', async (url) => {
    const run = await logIn(() => keystone([password])(url), ok)
    expect(errorOf(run)).toMatch(/^ConfigInvalid: auth_url /)
  })

  test('not with version 2 configured', async () => {
    const run = await logIn(keystone([password]), ok, { settings: { apiVersion: '2.0' } })
    expect([run.asked, errorOf(run)]).toEqual([
      [],
      'ConfigInvalid: version 2.0 of the identity API is configured, and imago speaks 3',
    ])
  })
})

describe('several steps', () => {
  const receipt = (methods: readonly string[], ...required: readonly (readonly string[])[]): Reply => ({
    status: 401,
    headers: { 'Openstack-Auth-Receipt': 'rec31pt' },
    body: { receipt: { methods, expires_at: '2026-11-22T19:34:35.000000Z' }, required_auth_methods: required },
  })

  test('what is missing goes with the receipt', async () => {
    const run = await logIn(keystone([password, totp]), (_, count) =>
      count === 1 ? receipt(['password'], ['password', 'totp']) : ok(),
    )
    expect(tokenOf(run)).toBe('t1')
    expect(run.seen[1]?.headers).toMatchObject({ 'openstack-auth-receipt': 'rec31pt' })
    expect(readAuth(run.seen[1] as Seen)).toEqual({
      identity: { methods: ['totp'], totp: { user: { id: 'u1', passcode: PASSCODE } } },
      scope: expect.anything(),
    })
  })

  test('what is not configured is named', async () => {
    const run = await logIn(keystone([password]), () =>
      receipt(['password'], ['password', 'totp'], ['password', 'mapped', 'x509']),
    )
    expect(errorOf(run)).toBe(
      'Unauthorized: Keystone accepted the password of user ada of domain default, for project demo of domain Default, and wants more: totp, or mapped and x509',
    )
    expect(run.asked).toEqual([V3])
  })

  test('a second receipt is the end', async () => {
    const run = await logIn(keystone([password, totp]), () => receipt(['password'], ['password', 'totp']))
    expect([run.asked.length, errorOf(run)]).toEqual([2, expect.stringMatching(/^Unauthorized: .* wants more: totp$/)])
  })

  test('a receipt that says nothing of use', async () => {
    const run = await logIn(keystone([password, totp]), () => receipt(['password', 'totp'], ['password', 'totp']))
    expect(errorOf(run)).toMatch(/^Unauthorized: .* it does not say what$/)
  })

  test('without a passcode, nobody is asked', async () => {
    const run = await logIn(keystone([password, { method: 'totp', user: ADA, passcode: null }]), ok)
    expect([run.asked, errorOf(run)]).toEqual([[], 'ConfigInvalid: a one-time passcode is needed, and none is given'])
  })

  test('without any way, neither', async () => {
    const run = await logIn(keystone([]), ok)
    expect([run.asked, errorOf(run)]).toEqual([[], 'ConfigInvalid: no way to log in is configured'])
  })
})

describe('refusals', () => {
  test('401 says what was refused', async () => {
    expect(errorOf(await logIn(keystone([password]), () => REFUSED))).toBe(
      'Unauthorized: Keystone refused the password of user ada of domain default, for project demo of domain Default',
    )
    expect(errorOf(await logIn(keystone([credential]), () => REFUSED))).toMatch(
      /refused the application credential ac1/,
    )
    expect(errorOf(await logIn(oidc(DEMO), () => REFUSED))).toBe(
      'Unauthorized: Keystone refused the access token of my idp (openid), for project demo of domain Default',
    )
  })

  test('and why, where Keystone says that', async () => {
    const locked: Reply = {
      status: 401,
      body: {
        error: { code: 401, title: 'Unauthorized', message: `The account is locked for user: u1, not for ${PASSWORD}` },
      },
    }
    expect(errorOf(await logIn(keystone([password]), () => locked))).toMatch(
      /: The account is locked for user: u1, not for \*\*\*$/,
    )
  })

  test('404 of Keystone itself is one, too: a token that is none, a trust that is unknown', async () => {
    const unknown: Reply = {
      status: 404,
      body: { error: { code: 404, title: 'Not Found', message: 'Could not recognize Fernet token' } },
    }
    const run = await logIn(keystone([{ method: 'token', token: TOKEN }]), () => unknown)
    expect([run.asked, errorOf(run)]).toEqual([
      [V3],
      'Unauthorized: Keystone refused the token, for project demo of domain Default: Could not recognize Fernet token',
    ])
  })

  test('403', async () => {
    const run = await logIn(keystone([password]), () => recorded('019-keystone-users-403'))
    expect(errorOf(run)).toMatch(/^Forbidden: Keystone forbids a login with the password of user ada/)
  })

  test('400: the request that Keystone repeats is not shown', async () => {
    const repeats = `'${PASSWORD}' is too short\n\nFailed validating 'minLength' in schema\n\nOn instance:\n    {'password': {'user': {'password': '${PASSWORD}', 'name': 'ada-of-the-instance'}}}`
    const run = await logIn(keystone([password]), () => ({
      status: 400,
      body: { error: { code: 400, title: 'Bad Request', message: repeats } },
    }))
    expect(errorOf(run)).toBe("Rejected: Keystone did not understand the login: '***' is too short")
    expect(errorOf(await logIn(keystone([password]), () => recorded('014-token-malformed-400')))).toBe(
      "Rejected: Keystone did not understand the login: 'identity' is a required property",
    )
  })

  test('429, when it lasts too long', async () => {
    const run = await logIn(keystone([password]), () => ({ status: 429, headers: { 'retry-after': '3600' }, body: '' }))
    expect(run.result).toMatchObject({ left: { _tag: 'RateLimited', retryAfterMs: 3_600_000 } })
  })
})

describe('what passes', () => {
  const busy: Reply = { status: 503, body: '<html>Traceback</html>' }

  test('a server that is busy is asked again, with a back-off', async () => {
    const run = await logIn(keystone([password]), (_, count) => (count < 4 ? busy : ok()))
    expect([tokenOf(run), run.sleeps]).toEqual(['t1', [375, 625, 1125]])
  })

  test('as often as is configured', async () => {
    const run = await logIn(keystone([password]), () => busy, { settings: { statusCodeRetries: 1 } })
    expect([run.asked.length, errorOf(run)]).toEqual([2, 'Unavailable: Keystone cannot log in anyone now'])
  })

  test('a connection that breaks, twice', async () => {
    expect(tokenOf(await logIn(keystone([password]), (_, count) => (count < 3 ? null : ok())))).toBe('t1')
    const run = await logIn(keystone([password]), () => null)
    expect(run.asked.length).toBe(3)
    expect(errorOf(run)).toMatch(/^Unavailable: the connection to http:\/\/127\.0\.0\.1:\d+ was closed \(ECONNRESET\)$/)
  })

  test('a passcode is not sent twice', async () => {
    const run = await logIn(keystone([password, totp]), () => busy)
    expect(run.asked.length).toBe(1)
  })
})

describe('what does not', () => {
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

  test('a certificate that nobody trusts: nothing is sent', async () => {
    const server = await serveTls(ok)
    expect(await at(server.url)).toMatch(
      /^ConfigInvalid: openstack\/lab: login: the certificate of https:\/\/127\.0\.0\.1:\d+ is self-signed and not trusted \([A-Z_]+\) \(POST \/v3\/auth\/tokens\)\. If you trust it, name it/,
    )
    expect(server.asked()).toEqual([])
  })

  test('https where http is spoken, and a port where nobody listens', async () => {
    const server = await serve(ok)
    expect(await at(server.url.replace('http', 'https'))).toMatch(
      /^ConfigInvalid: openstack\/lab: login: https:\S+ does not use TLS \(\w+\)/,
    )
    expect(await at('http://127.0.0.1:1')).toMatch(
      /^Unavailable: openstack\/lab: login: no connection to http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    )
  })
})

describe('the answer', () => {
  test('of a real Keystone', async () => {
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

  test('for the whole system', async () => {
    expect(
      (await logIn(keystone([password]), () => recorded('010-token-system-scoped-admin-201'))).result,
    ).toMatchObject({ right: { info: { isSystem: true, project: null } } })
  })

  test('its end is by the clock of this machine, whatever that shows', async () => {
    const run = await logIn(keystone([password]), () =>
      tokenReply('t1', { date: 'Sun, 22 Nov 2020 15:08:54 GMT', expiresAt: '2020-11-22T15:18:54.000000Z' }),
    )
    expect(run.result).toMatchObject({ right: { expiresAtMs: Date.parse('2026-11-22T15:18:54Z') } })
    const issued = { token: { issued_at: '2020-11-22T15:08:54.000000Z', expires_at: '2020-11-22T15:13:54.000000Z' } }
    expect((await logIn(keystone([password]), () => ({ ...tokenReply('t1'), body: issued }))).result).toMatchObject({
      right: { expiresAtMs: Date.parse('2026-11-22T15:13:54Z') },
    })
  })

  test.each<readonly [string, unknown]>([
    ['no object', 5],
    ['no token', { tokens: {} }],
    ['no end', { token: { methods: ['password'] } }],
  ])('DecodeFailed when it says too little: %s', async (_, body) => {
    expect(
      errorOf(await logIn(keystone([password]), () => ({ status: 201, headers: { 'x-subject-token': 't1' }, body }))),
    ).toBe('DecodeFailed: what Keystone says of the token cannot be read')
  })

  test('a catalog that is none does not cost the token', async () => {
    expect(
      (
        await logIn(keystone([password]), () =>
          tokenReply('t1', { catalog: [5, { type: 5 }, { type: 'image', endpoints: 'none' }] }),
        )
      ).result,
    ).toMatchObject({ right: { headers: { 'x-auth-token': 't1' } } })
  })
})
