import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { clientFor, TOKEN } from './cloud-client.ts'
import { getStatus } from './scripted.ts'
import { serve } from './server.ts'

describe('noRedirects', () => {
  it('sends no request and no token to the target of a redirect', async () => {
    const evil = await serve((_, response) => response.end())
    for (const status of [301, 302, 303, 307, 308])
      for (const location of [
        `${evil.url}/steal?token=1`,
        `//${evil.host}/steal`,
        `\\\\${evil.host}/steal`,
        `http://me:${TOKEN}@${evil.host}/steal`,
      ]) {
        const good = await serve((_, response) => response.writeHead(status, { location }).end())
        const outcome = await clientFor(good.url)({ method: 'GET', url: '/v2/images' })()
        expect(outcome).toEqual(E.left({ _tag: 'RefusedRedirect', status, to: `${evil.url}/steal` }))
      }
    expect(evil.connections()).toBe(0)
  })

  it('does not follow redirects to the same host, and returns a 300', async () => {
    const server = await serve((request, response) => {
      const answers: Record<string, () => void> = {
        '/a': () => response.writeHead(308, { location: '/b?c=d' }).end(),
        '/odd': () => response.writeHead(302, { location: 'javascript:alert(1)' }).end(),
        '/none': () => response.writeHead(302).end(),
        '/300': () => response.writeHead(300, { location: '/v3/' }).end('{}'),
      }
      answers[request.url ?? '']?.()
    })
    const client = clientFor(server.url)
    expect(await client({ method: 'GET', url: '/a' })()).toEqual(
      E.left({ _tag: 'RefusedRedirect', status: 308, to: `${server.url}/b` }),
    )
    expect(await client({ method: 'GET', url: '/odd' })()).toEqual(
      E.left({ _tag: 'RefusedRedirect', status: 302, to: null }),
    )
    expect(getStatus(await client({ method: 'GET', url: '/none' })())).toBe(302)
    expect(getStatus(await client({ method: 'GET', url: '/300' })())).toBe(300)
    expect(server.targets.length).toBe(4)
  })
})
