import { formatError, createErrorSite, type ImageResult } from '@imago/core/provider'
import {
  sendForText,
  toImageErrorFromFailure,
  type InterceptedRequest,
  type HttpClient,
  type HttpRequest,
} from '@imago/http'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { microversion } from '../src/microversion.ts'
import type { OpenstackAuth, OpenstackRegion } from '../src/options.ts'
import { createOpenstackSession, type OpenstackSession } from '../src/session.ts'
import {
  connect,
  jumpingTime,
  NEVER_MS,
  recorded,
  REFUSED,
  serve,
  service,
  tokenReply,
  type LocalServer,
  type Reply,
  type Seen,
} from './auth/local-cloud.ts'

const PASSWORD = 'p4ssW0rd-of-ada'
const IMAGES: Reply = { status: 200, body: { images: [] } }
const LIST: HttpRequest = { method: 'GET', url: '/v2/images' }

const passwordAt = (url: string): OpenstackAuth => ({
  kind: 'keystone',
  url: `${url}/v3`,
  methods: [{ method: 'password', user: { name: 'ada', domain: { id: 'default' } }, password: PASSWORD }],
  scope: { kind: 'project', project: { name: 'demo', domain: { id: 'default' } } },
})

interface Cloud {
  readonly session: OpenstackSession
  readonly keystone: LocalServer
  readonly glance: LocalServer
  readonly lines: readonly string[]
  readonly advance: (ms: number) => void
  readonly logins: () => number
}

interface Parts {
  readonly glance?: (seen: Seen, count: number) => Reply | null
  /** Default: the usual reply. */
  readonly token?: (count: number) => Reply | null
  readonly others?: (glance: string) => readonly unknown[]
  readonly services?: OpenstackRegion['services']
  readonly intercept?: (request: InterceptedRequest) => void
}

/** A Keystone that issues token-1, token-2 …, and a Glance at another address. */
const createCloud = async ({
  glance: answer = () => IMAGES,
  token,
  others = () => [],
  services = {},
  intercept,
}: Parts = {}): Promise<Cloud> => {
  const { timing, advance } = jumpingTime()
  const glance = await serve(answer)
  let logins = 0
  const keystone = await serve(({ method, path }) => {
    if (method !== 'POST')
      return path === '/' ? recorded('001-keystone-versions-300') : recorded('018-auth-projects-200')
    logins += 1
    return (
      token?.(logins) ??
      tokenReply(`token-${logins}`, {
        catalog: [service('image', `${glance.url}/v2`), ...others(glance.url)],
        date: new Date(timing.clock()).toUTCString(),
        expiresAt: new Date(timing.clock() + 3_600_000).toISOString(),
      })
    )
  })
  const { connection, lines } = connect(timing, intercept === undefined ? {} : { intercept: intercept })
  const session = createOpenstackSession({
    name: 'lab',
    region: { name: 'RegionOne', auth: passwordAt(keystone.url), services },
    connection,
  })
  return { session, keystone, glance, lines, advance, logins: () => logins }
}

const fetchStatus = async (client: HttpClient, request: HttpRequest = LIST): Promise<number | string> => {
  const answer = await sendForText(client)(request)()
  return E.isRight(answer)
    ? answer.right.status
    : formatError(
        toImageErrorFromFailure(answer.left, createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'list')),
      )
}

const listTokens = ({ seen }: LocalServer): readonly unknown[] => seen.map(({ headers }) => headers['x-auth-token'])

const messageIn = async (answer: ImageResult<unknown>): Promise<string> => {
  const given = await answer()
  return E.isLeft(given) ? formatError(given.left) : 'no error'
}

describe('session', () => {
  it('sends no request before the first call', async () => {
    const { keystone, session } = await createCloud()
    expect(session.cloud).toEqual({ provider: 'openstack', cloud: 'lab', region: 'RegionOne' })
    expect(keystone.asked()).toEqual([])
  })

  it('sends requests to Glance below its root, with the token', async () => {
    const { session, keystone, glance } = await createCloud()
    expect(await fetchStatus(session.image)).toBe(200)
    expect(keystone.asked()).toEqual(['POST /v3/auth/tokens'])
    expect(glance.asked()).toEqual(['GET /v2/images'])
    expect(listTokens(glance)).toEqual(['token-1'])
    expect(glance.seen[0]?.headers.accept).toBe('application/json')
  })

  it('sends requests to Keystone, and to Nova with a microversion', async () => {
    const { session, keystone, glance } = await createCloud({
      others: (url) => [service('compute', `${url}/compute/v2.1/p1`)],
    })
    expect(await fetchStatus(session.keystone, { method: 'GET', url: '/auth/projects' })).toBe(200)
    expect(
      await fetchStatus(session.compute, { method: 'GET', url: '/servers/s1', headers: microversion('2.45') }),
    ).toBe(200)
    expect(keystone.asked()).toEqual(['POST /v3/auth/tokens', 'GET /v3/auth/projects'])
    expect(glance.asked()).toEqual(['GET /compute/v2.1/p1/servers/s1'])
    expect(glance.seen[0]?.headers).toMatchObject({
      'x-auth-token': 'token-1',
      'openstack-api-version': 'compute 2.45',
      'x-openstack-nova-api-version': '2.45',
    })
  })

  it('returns the identity', async () => {
    const { session } = await createCloud()
    expect(await session.identity()()).toMatchObject({
      right: {
        user: { id: 'u1', name: 'ada' },
        project: { id: 'p1', name: 'demo' },
        roles: ['member'],
        expiresAt: '2026-11-22T16:08:54Z',
      },
    })
    expect(await session.catalog()()).toMatchObject({ right: [{ type: 'image' }] })
  })

  it('omits password and token from the log', async () => {
    const { session, lines } = await createCloud()
    await fetchStatus(session.image)
    expect(lines.length).toBe(2)
    expect(lines.join()).not.toMatch(/p4ss|token-1/)
  })
})

describe('token', () => {
  it('is not sent to other hosts', async () => {
    const evil = await serve(() => IMAGES)
    const { session, glance } = await createCloud({ others: () => [service('object-store', evil.url)] })
    for (const url of [
      `${evil.url}/v2/images`,
      `//127.0.0.1:${new URL(evil.url).port}/v2/images`,
      `${evil.url.replace('http', 'https')}/`,
    ]) {
      expect(await fetchStatus(session.image, { method: 'GET', url })).toMatch(/a request to .* was refused/)
    }
    expect(evil.asked()).toEqual([])
    expect(glance.asked()).toEqual([])
  })

  it('is not sent along redirects', async () => {
    const evil = await serve(() => IMAGES)
    const { session } = await createCloud({ glance: () => ({ status: 302, headers: { location: `${evil.url}/v2/` } }) })
    expect(await fetchStatus(session.image)).toMatch(/redirects to .* which was not followed/)
    expect(evil.asked()).toEqual([])
  })

  it('is shared by concurrent requests', async () => {
    const { session, glance, logins } = await createCloud()
    expect(await Promise.all(Array.from({ length: 20 }, () => fetchStatus(session.image)))).toEqual(
      Array.from({ length: 20 }, () => 200),
    )
    expect(logins()).toBe(1)
    expect(new Set(listTokens(glance))).toEqual(new Set(['token-1']))
  })

  it('is renewed two minutes before it expires', async () => {
    const { session, glance, advance } = await createCloud()
    await fetchStatus(session.image)
    advance(58 * 60_000 - 1000)
    await fetchStatus(session.image)
    advance(1000)
    await fetchStatus(session.image)
    expect(listTokens(glance)).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('with a lifetime of a minute is renewed after half of it', async () => {
    const token = (count: number): Reply => ({
      ...tokenReply(`token-${count}`, { expiresAt: '2026-11-22T15:09:54Z', catalog: [service('image', glance.url)] }),
    })
    const glance = await serve(() => IMAGES)
    const { session, logins, advance } = await createCloud({ token })
    await fetchStatus(session.image)
    advance(29_000)
    await fetchStatus(session.image)
    expect(logins()).toBe(1)
    advance(1000)
    await fetchStatus(session.image)
    expect(logins()).toBe(2)
  })

  it('is renewed once after a 401, and the request repeated', async () => {
    const { session, glance, logins } = await createCloud({
      glance: ({ headers }) => (headers['x-auth-token'] === 'token-1' ? REFUSED : IMAGES),
    })
    expect(
      await Promise.all([fetchStatus(session.image), fetchStatus(session.image), fetchStatus(session.image)]),
    ).toEqual([200, 200, 200])
    expect(logins()).toBe(2)
    expect(listTokens(glance).filter((token) => token === 'token-2').length).toBe(3)
  })

  it('is not renewed after a second 401', async () => {
    const { session, logins } = await createCloud({ glance: () => REFUSED })
    expect(await fetchStatus(session.image)).toBe(401)
    expect(logins()).toBe(2)
  })

  it('yields the reason if it cannot be renewed', async () => {
    const { session } = await createCloud({ glance: () => REFUSED, token: (count) => (count === 1 ? null : REFUSED) })
    expect(await fetchStatus(session.image)).toMatch(
      /^openstack\/lab: login: Keystone refused the password of user ada/,
    )
  })

  it('brings a new catalog for later requests', async () => {
    const other = await serve(() => IMAGES)
    const { session, glance, advance } = await createCloud({
      token: (count) =>
        count === 1
          ? null
          : tokenReply('token-2', { catalog: [service('image', other.url)], expiresAt: '2027-01-01T00:00:00Z' }),
    })
    await fetchStatus(session.image)
    advance(3_600_000)
    await fetchStatus(session.image)
    expect(glance.asked()).toEqual(['GET /v2/images'])
    expect(other.asked()).toEqual(['GET /v2/images'])
    expect(listTokens(other)).toEqual(['token-2'])
  })
})

describe('session errors', () => {
  it('sends nothing to Glance after a rejected login, and does not repeat it', async () => {
    const { session, glance, logins } = await createCloud({ token: () => REFUSED })
    expect(await fetchStatus(session.image)).toMatch(
      /^openstack\/lab: login: Keystone refused the password of user ada \(domain default\) for project demo \(domain default\) \(POST \/v3\/auth\/tokens, HTTP 401\)\. Check user/,
    )
    expect(glance.asked()).toEqual([])
    expect(logins()).toBe(1)
  })

  it('lists the catalog for a missing service', async () => {
    const { session } = await createCloud({ others: (url) => [service('compute', url, 'RegionTwo')] })
    expect(await fetchStatus(session.compute, { method: 'GET', url: '/servers/1' })).toBe(
      'openstack/lab: find endpoint: the catalog has no public endpoint of the service type compute in region RegionOne; it has public in RegionTwo. Set region_name and interface to values of the catalog; both are case-sensitive',
    )
  })

  it('sends nothing when the signal is already aborted', async () => {
    const { session, keystone, glance } = await createCloud()
    const signal = AbortSignal.abort()
    expect(await sendForText(session.image)({ ...LIST, signal })()).toEqual(E.left({ _tag: 'Aborted' }))
    expect(await messageIn(session.identity({ signal }))).toMatch(/interrupted/)
    expect(await messageIn(session.services({ signal }))).toMatch(/interrupted/)
    expect(keystone.asked()).toEqual([])
    expect(glance.asked()).toEqual([])
  })

  it('retries a busy Glance, except for requests that may have been executed', async () => {
    const busy = (_: Seen, count: number): Reply => (count < 3 ? { status: 503 } : IMAGES)
    const { session } = await createCloud({ glance: busy })
    expect(await fetchStatus(session.image)).toBe(200)
    const another = await createCloud({ glance: busy })
    expect(
      await fetchStatus(another.session.image, {
        method: 'POST',
        url: '/v2/images',
        body: { kind: 'json', value: {} },
      }),
    ).toBe(503)
  })

  it('limits retries to the configured number', async () => {
    const { session, glance } = await createCloud({
      glance: () => ({ status: 503 }),
      services: { image: { statusCodeRetries: 2 } },
    })
    expect(await fetchStatus(session.image)).toBe(503)
    expect(glance.asked().length).toBe(3)
    const broken = await createCloud({ glance: () => null, services: { image: { connectRetries: 0 } } })
    expect(await fetchStatus(broken.session.image)).toMatch(/ECONNRESET/)
    expect(broken.glance.asked().length).toBe(1)
  })

  it('uses the region’s timeout', async () => {
    const keystone = await serve(() => tokenReply('t'))
    const { connection } = connect(jumpingTime().timing)
    const region = { name: null, auth: passwordAt(keystone.url), timeoutMs: 5000 }
    // This clock jumps, so every timeout expires.
    expect(await messageIn(createOpenstackSession({ name: null, region, connection }).identity())).toMatch(
      /no response(?: from \S+)? within 5 s/,
    )
    expect(connection.timeoutMs).toBe(NEVER_MS)
  })
})

describe('session without a login', () => {
  const bare = (services: OpenstackRegion['services']): OpenstackSession =>
    createOpenstackSession({
      name: 'alone',
      region: { name: null, auth: { kind: 'none' }, services },
      connection: connect().connection,
    })

  it('sends requests to a standalone service without a token', async () => {
    const glance = await serve(() => IMAGES)
    const session = bare({ image: { endpointOverride: `${glance.url}/v2/` } })
    expect(await fetchStatus(session.image)).toBe(200)
    expect(glance.asked()).toEqual(['GET /v2/images'])
    expect(listTokens(glance)).toEqual([undefined])
    expect(await session.identity()()).toMatchObject({ right: { user: null, project: null, expiresAt: null } })
  })

  it('fails without an address', async () => {
    expect(await fetchStatus(bare({}).image)).toMatch(
      /find endpoint: no endpoint of the image service is set, and without login there is no catalog/,
    )
    expect(await fetchStatus(bare({}).keystone, { method: 'GET', url: '/auth/projects' })).toMatch(
      /this cloud has no Identity endpoint/,
    )
  })
})

describe('dry run', () => {
  it('logs in and reports the request without the token', async () => {
    const intercepted: InterceptedRequest[] = []
    const { session, glance } = await createCloud({ intercept: (request) => void intercepted.push(request) })
    expect(await fetchStatus(session.image, { method: 'DELETE', url: '/v2/images/i1' })).toMatch(/dry run/)
    expect(intercepted).toEqual([
      { method: 'DELETE', url: `${glance.url}/v2/images/i1`, headers: expect.anything(), body: null },
    ])
    expect(JSON.stringify(intercepted)).not.toContain('token-1')
    expect(await fetchStatus(session.image)).toBe(200)
    expect(glance.asked()).toEqual(['GET /v2/images'])
  })
})

describe('services', () => {
  const given = async (session: OpenstackSession) => {
    const reports = await session.services()()
    return E.isRight(reports) ? reports.right : []
  }

  it('reports endpoints and versions, requested without the token', async () => {
    const nova = {
      versions: [
        { id: 'v2.0', status: 'SUPPORTED', links: [] },
        { id: 'v2.1', status: 'CURRENT', links: [{ rel: 'self', href: 'http://evil.example/v2.1/' }] },
      ],
    }
    const { session, keystone, glance } = await createCloud({
      glance: ({ path }) => (path === '/compute/' ? { status: 200, body: nova } : recorded('022-versions-300')),
      others: (url) => [service('compute', `${url}/compute/v2.1/p1`)],
    })
    const [identity, image, compute] = await given(session)
    expect(identity).toEqual({
      service: 'identity',
      endpoint: {
        service: 'identity',
        url: `${keystone.url}/v3`,
        from: 'auth-url',
        interface: null,
        region: null,
        serviceType: null,
        serviceName: null,
      },
      versions: [{ id: 'v3.14', status: 'stable' }],
      error: null,
    })
    expect(image?.endpoint).toEqual({
      service: 'image',
      url: glance.url,
      from: 'catalog',
      interface: 'public',
      region: 'RegionOne',
      serviceType: 'image',
      serviceName: 'image',
    })
    expect(image?.versions?.slice(0, 2)).toEqual([
      { id: 'v2.16', status: 'CURRENT' },
      { id: 'v2.15', status: 'SUPPORTED' },
    ])
    expect(compute?.versions?.map(({ id }) => id)).toEqual(['v2.0', 'v2.1'])
    expect(glance.asked().toSorted()).toEqual(['GET /', 'GET /compute/'])
    expect(listTokens(glance)).toEqual([undefined, undefined])
  })

  it('reports missing services and services without versions', async () => {
    const { session } = await createCloud({ glance: () => ({ status: 403, body: '<html>no</html>' }) })
    const [, image, compute] = await given(session)
    expect(image).toMatchObject({
      endpoint: { from: 'catalog' },
      versions: null,
      error: { _tag: 'DecodeFailed', what: 'the image service returned no list of versions' },
    })
    expect(compute).toMatchObject({ endpoint: null, versions: null, error: { _tag: 'ConfigInvalid' } })
  })

  it('fails if the login fails', async () => {
    const { session } = await createCloud({ token: () => REFUSED })
    expect(await messageIn(session.services())).toMatch(/^openstack\/lab: login: Keystone refused/)
  })
})
