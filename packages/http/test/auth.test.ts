import { aborted, createErrorSite, unauthorized, type ImageError } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { auth } from '../src/auth.ts'
import { createTransport } from '../src/transport.ts'
import { fixedCredential, renewableCredential, type AuthToken } from '../src/credential.ts'
import type { HttpRequest } from '../src/port.ts'
import { readBody, serve } from './server.ts'
import { answer, GET, scripted, getStatus } from './scripted.ts'
import { never, signpost, turn } from './time.ts'

const cloud = { provider: 'paper', cloud: 'test' }
const ORIGIN = 'https://cloud.example'

/** A credential whose logins return token-1, token-2 … */
const renewable = ({
  expiresAtMs = null,
  login,
  clock = () => 0,
}: {
  expiresAtMs?: number | null
  login?: (count: number) => Promise<E.Either<ImageError, AuthToken>>
  clock?: () => number
} = {}) => {
  let logins = 0
  const credential = renewableCredential({
    belongsTo: (origin) => origin === ORIGIN || origin.startsWith('http://127.0.0.1'),
    clock,
    cloud,
    login: async () => {
      const count = ++logins
      return login === undefined
        ? E.right({ headers: { 'x-auth-token': `token-${count}` }, expiresAtMs })
        : login(count)
    },
  })
  return { credential, logins: () => logins }
}

const readToken = ({ headers }: HttpRequest): string | undefined => headers?.['x-auth-token']
const only = (token: string) => (request: HttpRequest) => answer(readToken(request) === token ? 200 : 401)

describe('auth', () => {
  it('adds the headers only to requests to their own origins', async () => {
    const { client, requests } = scripted(answer(200))
    const authorized = auth(fixedCredential([ORIGIN], { authorization: 'Bearer t' }))(client)
    for (const url of [
      `${ORIGIN}/a`,
      `${ORIGIN}:443/a`,
      'http://cloud.example/a',
      `${ORIGIN}:8443/a`,
      'https://cloud.example.evil.example/',
      'https://evil.example/https://cloud.example',
      'https://cloud.example@evil.example',
      '/v2/images',
    ])
      await authorized({ ...GET, url })()
    expect(requests.map(({ headers }) => headers?.['authorization'])).toEqual([
      'Bearer t',
      'Bearer t',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it("keeps the request's own headers", async () => {
    const { client, requests } = scripted(answer(200))
    await auth(fixedCredential([ORIGIN], { authorization: 'Bearer t' }))(client)({ ...GET, headers: { a: 'b' } })()
    expect(requests[0]?.headers).toEqual({ a: 'b', authorization: 'Bearer t' })
  })

  it('returns a 401 if the token cannot be renewed', async () => {
    const { client, requests } = scripted(answer(401))
    expect(getStatus(await auth(fixedCredential([ORIGIN], {}))(client)(GET)())).toBe(401)
    expect(requests.length).toBe(1)
  })

  it('renews the token and sends the request once more after a 401', async () => {
    const { credential, logins } = renewable()
    const { client, requests } = scripted(only('token-2'))
    expect(getStatus(await auth(credential)(client)(GET)())).toBe(200)
    expect(getStatus(await auth(credential)(client)(GET)())).toBe(200)
    expect(logins()).toBe(2)
    expect(requests.map(readToken)).toEqual(['token-1', 'token-2', 'token-2'])
    const refused = scripted(answer(401))
    expect(getStatus(await auth(credential)(refused.client)(GET)())).toBe(401)
    expect(refused.requests.length).toBe(2)
  })

  it('renews once for many refused requests, including a late one', async () => {
    const { credential, logins } = renewable({
      login: async (count) => {
        await turn()
        return E.right({ headers: { 'x-auth-token': `token-${count}` }, expiresAtMs: null })
      },
    })
    const late = signpost()
    const { client, requests } = scripted(async (request) => {
      if (request.url.endsWith('late') && readToken(request) === 'token-1') await late.reached
      return only('token-2')(request)
    })
    const authorized = auth(credential)(client)
    const slow = authorized({ ...GET, url: `${ORIGIN}/late` })()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => authorized(GET)()))
    late.reach()
    expect([...outcomes, await slow].every((outcome) => getStatus(outcome) === 200)).toBe(true)
    expect(logins()).toBe(2)
    expect(requests).toHaveLength(42)
  })

  it('sends complete bodies again to a server', async () => {
    const bodies: string[] = []
    const server = await serve(
      (request, response) =>
        void readBody(request).then((body) => {
          const isGood = request.headers['x-auth-token'] === 'token-2'
          if (isGood) bodies.push(body.toString())
          response.writeHead(isGood ? 200 : 401).end()
        }),
    )
    const { credential, logins } = renewable()
    const authorized = auth(credential)(createTransport().client)
    const sent = Array.from({ length: 8 }, (_, index) =>
      authorized({ method: 'POST', url: server.url, body: { kind: 'json', value: index } })(),
    )
    expect((await Promise.all(sent)).map(getStatus)).toEqual(Array(8).fill(200))
    expect(logins()).toBe(2)
    expect(bodies.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
  })

  it('sends a stream again only if it can be opened again', async () => {
    for (const isReopenable of [true, false]) {
      const { credential } = renewable()
      const { client, requests } = scripted(only('token-2'))
      const outcome = await auth(credential)(client)({
        ...GET,
        method: 'PUT',
        body: { kind: 'stream', size: null, isReopenable, open: () => TE.left({} as never) },
      })()
      expect(getStatus(outcome)).toBe(isReopenable ? 200 : 401)
      expect(requests).toHaveLength(isReopenable ? 2 : 1)
    }
  })

  it('fails without a request if the login fails, and tries again for the next', async () => {
    const error = unauthorized(createErrorSite(cloud, 'login'), { what: 'wrong password' })
    const { credential, logins } = renewable({
      login: async (count) => (count < 3 ? E.left(error) : E.right({ headers: {}, expiresAtMs: null })),
    })
    const { client, requests } = scripted(answer(200))
    const authorized = auth(credential)(client)
    expect(await Promise.all([authorized(GET)(), authorized(GET)()])).toEqual(
      Array(2).fill(E.left({ _tag: 'LoginFailed', error })),
    )
    expect(logins()).toBe(1)
    expect(requests).toEqual([])
    expect(await authorized(GET)()).toEqual(E.left({ _tag: 'LoginFailed', error }))
    expect(getStatus(await authorized(GET)())).toBe(200)
  })

  it('renews the token for a long request after a tenth of its lifetime, or keeps it if the login fails', async () => {
    let now = 0
    const error = unauthorized(createErrorSite(cloud, 'login'), { what: 'the passcode was used' })
    const { credential, logins } = renewable({
      clock: () => now,
      login: async (count) =>
        count === 3
          ? E.left(error)
          : E.right({ headers: { 'x-auth-token': `token-${count}` }, expiresAtMs: now + 1000 }),
    })
    const freshToken = async (): Promise<unknown> => {
      const grant = await credential.freshToken()()
      return E.isRight(grant) ? grant.right.headers['x-auth-token'] : grant.left._tag
    }
    expect(await freshToken()).toBe('token-1')
    expect(await freshToken()).toBe('token-1')
    now = 150
    expect(await freshToken()).toBe('token-2')
    now = 300
    expect(await freshToken()).toBe('token-2')
    expect(logins()).toBe(3)
    now = 1150
    expect(await freshToken()).toBe('token-4')
    expect(logins()).toBe(4)
  })

  it('renews a token with a short lifetime at half of it', async () => {
    let now = 0
    const { credential, logins } = renewable({
      clock: () => now,
      login: async () => E.right({ headers: {}, expiresAtMs: 60_000 }),
    })
    for (const [time, count] of [
      [0, 1],
      [29_999, 1],
      [30_000, 2],
      [44_999, 2],
      [45_000, 3],
    ] as const) {
      now = time
      await credential.token()()
      expect(logins()).toBe(count)
    }
  })

  it('renews a token before it expires', async () => {
    let now = 0
    const { credential, logins } = renewable({
      clock: () => now,
      login: async (count) => E.right({ headers: { 'x-auth-token': `token-${count}` }, expiresAtMs: now + 3_600_000 }),
    })
    const { client, requests } = scripted(answer(200))
    for (const at of [0, 3_479_999, 3_480_000, 3_500_000]) {
      now = at
      await auth(credential)(client)(GET)()
    }
    expect(logins()).toBe(2)
    expect(requests.map(readToken)).toEqual(['token-1', 'token-1', 'token-2', 'token-2'])
  })

  it('stops the wait of an aborted request, but not the login', async () => {
    const { reach, reached } = signpost()
    const { credential, logins } = renewable({
      login: () => reached.then(() => E.right({ headers: {}, expiresAtMs: null })),
    })
    const { client } = scripted(answer(200))
    const controller = new AbortController()
    const first = auth(credential)(client)({ ...GET, signal: controller.signal })()
    const second = auth(credential)(client)(GET)()
    controller.abort()
    expect(await first).toEqual(E.left({ _tag: 'Aborted' }))
    reach()
    expect(getStatus(await second)).toBe(200)
    expect(logins()).toBe(1)
  })

  it('fails with Aborted if the login was aborted', async () => {
    const { credential } = renewable({ login: async () => E.left(aborted(createErrorSite(cloud, 'login'))) })
    expect(await auth(credential)(() => () => never)(GET)()).toEqual(E.left({ _tag: 'Aborted' }))
  })
})
