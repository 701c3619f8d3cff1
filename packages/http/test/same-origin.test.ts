import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { clientFor, TOKEN } from './cloud-client.ts'
import { getStatus } from './scripted.ts'
import { serve } from './server.ts'

describe('sameOrigin', () => {
  it('refuses links to other hosts in any notation', async () => {
    const evil = await serve((_, response) => response.end())
    const good = await serve((_, response) => response.end())
    const client = clientFor(`${good.url}/image`)
    const links = [
      `${evil.url}/v2/images`,
      `//${evil.host}/v2/images`,
      `/\\${evil.host}/v2/images`,
      `\\\\${evil.host}/v2/images`,
      `\\/${evil.host}/v2/images`,
      `http:/${evil.host}/v2/images`,
      `http:\\\\${evil.host}/v2/images`,
      `HTTP://${evil.host}/v2/images`,
      ` http://${evil.host}/`,
      `ht\ntp://${evil.host}/`,
      `\t//${evil.host}/`,
      `/\t/${evil.host}/`,
      `http://${good.host}@${evil.host}/`,
      `http://user:pass@${good.host}/`,
      `http://${good.host}:80@${evil.host}/`,
      `http://${evil.host}#@${good.host}/`,
      `http://${evil.host}\\@${good.host}/`,
      `@${evil.host}/`,
      `:@${evil.host}/`,
      `.${evil.host}/`,
      `https://${good.host}/`,
      `http://localhost:${new URL(good.url).port}/`,
      `ftp://${good.host}/`,
      'javascript:alert(1)',
      'file:///etc/passwd',
      '',
      'v2/images',
      '?a=b',
    ]
    for (const url of links) {
      const outcome = await client({ method: 'GET', url })()
      expect(outcome).toMatchObject({ left: { _tag: expect.stringMatching(/^(RefusedHost|InvalidRequest)$/) } })
    }
    expect(evil.connections()).toBe(0)
    expect(good.connections()).toBe(0)
    expect(await client({ method: 'GET', url: `//${evil.host}/x` })()).toEqual(
      E.left({ _tag: 'RefusedHost', origin: evil.url }),
    )
  })

  it('refuses paths outside the base URL', async () => {
    const server = await serve((_, response) => response.end())
    const client = clientFor(`${server.url}/image/`)
    for (const url of ['/../identity', '/%2e%2e/identity', '/v2/../../identity', '/.%2E/identity', '/..'])
      expect(await client({ method: 'GET', url })()).toMatchObject({ left: { _tag: 'InvalidRequest' } })
    expect(server.connections()).toBe(0)
    for (const url of [
      '/',
      '/v2/images?marker=1',
      '/@evil.example/',
      '/:80@evil.example',
      '/http://evil.example/',
      '/v2/./x/../images',
      '/a%2Fb',
      '/x?next=//evil.example#frag',
    ])
      expect(getStatus(await client({ method: 'GET', url })())).toBe(200)
    expect(server.targets.map((line) => line.slice(4))).toEqual([
      '/image/',
      '/image/v2/images?marker=1',
      '/image/@evil.example/',
      '/image/:80@evil.example',
      '/image/http://evil.example/',
      '/image/v2/images',
      '/image/a%2Fb',
      '/image/x?next=//evil.example',
    ])
    expect(
      server.requests.every(({ headers }) => headers['x-auth-token'] === TOKEN && headers.host === server.host),
    ).toBe(true)
  })

  it('never sends a request to another host for any URL', async () => {
    const hosts: string[] = []
    const client = clientFor('https://cloud.example/image', {
      transport:
        ({ url }) =>
        async () => {
          hosts.push(new URL(url).host)
          return E.left({ _tag: 'Aborted' })
        },
    })
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '@',
      ':',
      '?',
      '#',
      '%',
      '2f',
      '2e',
      'http',
      'https',
      'cloud.example',
      'evil.example',
      '\t',
      '\n',
      ' ',
      '[::1]',
      'ä',
      '。',
      '／',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join('')),
          fc.webUrl(),
          fc.string({ unit: 'binary' }),
        ),
        async (url) => {
          await client({ method: 'GET', url })()
          expect(new Set(hosts).size <= 1 && hosts.every((host) => host === 'cloud.example')).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
    expect(hosts.length).toBeGreaterThan(0)
  }, 120_000)

  it('accepts other configured origins, without the credential', async () => {
    const other = await serve((_, response) => response.end())
    const good = await serve((_, response) => response.end())
    const client = clientFor(good.url, { otherOrigins: [`${other.url}/whatever`] })
    expect(getStatus(await client({ method: 'GET', url: `${other.url}/x` })())).toBe(200)
    expect(other.requests[0]?.headers).toMatchObject({ 'user-agent': 'imago/0.1.0' })
    expect(other.requests[0]?.headers['x-auth-token']).toBeUndefined()
    expect(other.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('reports an invalid base URL', async () => {
    for (const base of ['cloud.example', 'ftp://cloud.example', 'https://me:secret@cloud.example', '']) {
      const client = clientFor('https://cloud.example', { base })
      const outcome = await client({ method: 'GET', url: '/' })()
      expect(outcome).toMatchObject({
        left: { _tag: 'InvalidRequest', what: expect.stringContaining('the address of the API') },
      })
      expect(JSON.stringify(outcome)).not.toContain('secret')
    }
  })
})
