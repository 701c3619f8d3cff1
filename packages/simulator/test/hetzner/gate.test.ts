import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { simulate } from '../../src/index.ts'
import { NOON, startHetzner, type Client } from './client.ts'

let client: Client
beforeEach(async () => {
  client = await startHetzner({ rateLimit: { limit: 20, perSecond: 2 } })
})
afterEach(() => client.simulator.close())

describe('tokens', () => {
  it('are required: 401 on one line for a missing or wrong one', async () => {
    for (const token of [null, 'wrong']) {
      const { status, text, headers } = await client.ask('GET', '/images', undefined, token)
      expect(status).toBe(401)
      expect(text).toBe('{"error":{"code":"unauthorized","message":"unable to authenticate","details":null}}')
      expect(headers.get('content-type')).toBe('application/json')
    }
  })

  it('have 64 characters, and give access to one project only', async () => {
    const [first, second] = client.simulator.projects
    expect(first?.token.length).toBe(64)
    expect(first?.name).toBe('production')
    expect(second?.name).toBe('staging')
    const ids = async (token = ''): Promise<readonly number[]> =>
      (await client.ask('GET', '/images?type=snapshot', undefined, token)).body.images.map(
        ({ id }: { readonly id: number }) => id,
      )
    const [mine, theirs] = [await ids(first?.token), await ids(second?.token)]
    expect(mine.length).toBe(8)
    expect(theirs.length).toBe(8)
    expect(mine.filter((id) => theirs.includes(id))).toEqual([])
    expect((await client.ask('GET', `/images/${mine[0]}`, undefined, second?.token)).status).toBe(404)
  })

  it('dates responses by the clock, even those of faults', async () => {
    expect((await client.ask('GET', '/images')).headers.get('date')).toBe(new Date(NOON).toUTCString())
    client.simulator.faults.add({ fault: { kind: 'html', status: 502 } })
    expect((await client.ask('GET', '/images')).headers.get('date')).toBe(new Date(NOON).toUTCString())
  })

  it('can be read-only', async () => {
    const { readOnlyToken } = client.simulator
    expect((await client.ask('GET', '/images', undefined, readOnlyToken)).status).toBe(200)
    const refused = await client.ask('POST', '/ssh_keys', {}, readOnlyToken)
    expect(refused.status).toBe(403)
    expect(refused.body.error.code).toBe('forbidden')
  })

  it('are the same at each start', async () => {
    const other = await simulate()
    await other.close()
    expect(other.hetzner.token).toBe(client.simulator.token)
    expect(other.openstack.authUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/identity\/v3$/)
  })
})

describe('the rate limit', () => {
  const rest = ({ headers }: { readonly headers: Headers }): readonly (string | null)[] =>
    ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`))

  it('counts down, refuses requests, and refills by the clock', async () => {
    expect(rest(await client.get('/locations'))).toEqual(['20', '19', String(NOON / 1000 + 1)])
    for (let spent = 1; spent < 20; spent++) await client.get('/locations')
    const refused = await client.get('/locations')
    expect([refused.status, refused.body.error.code, ...rest(refused)]).toEqual([
      429,
      'rate_limit_exceeded',
      '20',
      '0',
      String(NOON / 1000 + 10),
    ])
    client.clock.advance(500)
    expect((await client.get('/locations')).status).toBe(200)
    expect((await client.get('/locations')).status).toBe(429)
    client.clock.advance(60_000)
    expect(rest(await client.get('/locations'))[1]).toBe('19')
  })

  it('is separate for each project', async () => {
    for (let spent = 0; spent < 20; spent++) await client.get('/locations')
    expect((await client.ask('GET', '/locations', undefined, client.simulator.projects[1]?.token)).status).toBe(200)
  })
})

describe('errors', () => {
  it.each(['/images/1', '/images/abc', '/servers/1', '/isos/1', '/actions/1', '/images/161547269/actions/1'])(
    'return an indented 404 with a charset for %s',
    async (path) => {
      const { status, text, headers } = await client.get(path)
      expect(status).toBe(404)
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(JSON.parse(text).error.code).toBe('not_found')
      expect(JSON.parse(text).error.details).toBeNull()
      expect(text).toMatch(/^\{\n {2}"error": \{\n/)
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f]{16}$/)
    },
  )

  it('returns not_found for an unknown path, even without a token', async () => {
    const { status, body } = await client.ask('GET', '/nonsense', undefined, null)
    expect(status).toBe(404)
    expect(body.error).toEqual({ code: 'not_found', message: 'api route not found', details: null })
  })

  it('refuses an unknown method, a body that is not JSON, and actions without IDs', async () => {
    const answers = [
      await client.ask('PATCH', '/images/161547269', {}),
      await client.ask('POST', '/ssh_keys', '{"name":'),
      await client.ask('POST', '/ssh_keys', '[]'),
      await client.get('/actions'),
    ]
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [405, 'method_not_allowed'],
      [400, 'json_error'],
      [400, 'json_error'],
      [410, 'deprecated_api_endpoint'],
    ])
  })
})

describe('faults in Hetzner’s format', () => {
  it('return 429 with its headers, and 503', async () => {
    client.simulator.faults.add({ times: 1, fault: { kind: 'status', status: 429 } })
    client.simulator.faults.add({ times: 1, after: 1, fault: { kind: 'status', status: 503 } })
    const [limited, down, fine] = [
      await client.get('/images'),
      await client.get('/images'),
      await client.get('/images'),
    ]
    expect(limited.status).toBe(429)
    expect(limited.body.error.code).toBe('rate_limit_exceeded')
    expect(limited.headers.get('ratelimit-remaining')).toBe('0')
    expect(limited.headers.get('ratelimit-reset')).toEqual(String(NOON / 1000 + 1))
    expect(down.status).toBe(503)
    expect(down.body.error.code).toBe('unavailable')
    expect(fine.status).toBe(200)
  })

  it('expire tokens', async () => {
    client.simulator.faults.add({ after: 1, times: 1, path: '/v1/images', fault: { kind: 'expire-token' } })
    expect((await client.get('/images')).status).toBe(200)
    expect((await client.get('/images?page=2')).status).toBe(401)
    expect((await client.get('/locations')).status).toBe(401)
  })

  it('change pages: loop, duplicate, odd-records, foreign-link, terminal-escapes', async () => {
    const once = async (
      fault: Parameters<typeof client.simulator.faults.add>[0]['fault'],
      path = '/images?type=snapshot&per_page=3&page=2',
    ) => {
      const id = client.simulator.faults.add({ fault })
      const first = fault.kind === 'duplicate' ? await client.get('/images?type=snapshot&per_page=3') : null
      const answer = await client.get(path)
      client.simulator.faults.remove(id)
      return { ...answer, first }
    }
    expect((await once({ kind: 'loop' })).body.meta.pagination).toMatchObject({
      page: 2,
      next_page: 2,
      total_entries: null,
    })
    const twice = await once({ kind: 'duplicate' })
    expect(twice.body.images.length).toBe(4)
    expect(twice.body.images[0]).toEqual(twice.first?.body.images[0])
    const odd = (await once({ kind: 'odd-records' })).body.images.slice(3)
    expect(odd).toMatchObject([
      { type: 'template', architecture: 'riscv' },
      { visibility: 'shared' },
      { image_size: 'large' },
      { id: 9_000_004, type: null },
      { type: 'snapshot' },
    ])
    expect(odd[4]).not.toHaveProperty('id')
    expect((await once({ kind: 'foreign-link', origin: 'http://evil.test' })).headers.get('link')).toContain(
      '<http://evil.test/v1/images?',
    )
    expect((await once({ kind: 'terminal-escapes' }, '/images?name=debian-13')).body.images[0].name).toBe(
      '\u001B[2J\u001B]0;owned\u0007\u001B[8mdebian-13',
    )
  })

  it('are logged with their requests, without tokens', async () => {
    await client.get('/images')
    expect(client.simulator.requests.all()).toMatchObject([{ method: 'GET', url: '/v1/images', hadCredential: true }])
    expect(JSON.stringify(client.simulator.requests.all())).not.toContain(client.simulator.token)
  })
})
