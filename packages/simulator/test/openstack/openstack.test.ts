import { describe, afterAll, beforeAll, expect, test } from '@jest/globals'
import { createManualClock, createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import { logIn } from './client.ts'

const START = Date.UTC(2026, 10, 22)
const clock = createManualClock(START)
let simulator: OpenstackSimulator
let token = ''

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ clock: clock.now, generatedImages: 30, snapshotMs: 1000 })
  token = await logIn(simulator, 'demo')
})

afterAll(() => simulator.close())

const ask = (
  path: string,
  init: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Response> =>
  fetch(`${simulator.url}${path}`, {
    ...init,
    headers: { 'X-Auth-Token': token, Accept: 'application/json', ...init.headers },
  })

const authenticate = (identity: unknown, scope?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${simulator.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ auth: { identity, ...(scope === undefined ? {} : { scope }) } }),
  })

interface Page {
  readonly images: readonly { readonly id: string; readonly name: string | null; readonly status: string }[]
  readonly next?: string
}

const page = async (path: string): Promise<Page> => (await ask(`/image${path}`)).json() as Promise<Page>

describe('the OpenStack simulator', () => {
  test('pages link to the end, and contain each record once', async () => {
    const seen: string[] = []
    for (let next: string | undefined = '/v2/images?limit=7'; next !== undefined;) {
      const got: Page = await page(next)
      seen.push(...got.images.map(({ id }) => id))
      next = got.next
    }
    const whole = await page('/v2/images?limit=1000')
    expect(seen).toEqual(whole.images.map(({ id }) => id))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(50)
  })

  test('the link to the next page keeps only the last of two tags', async () => {
    const { images, next } = await page('/v2/images?tag=ubuntu&tag=batch-0&limit=1')
    expect(images).toHaveLength(1)
    expect(next).toMatch(/^\/v2\/images\?tag=batch-0&limit=1&marker=/)
  })

  test('a partial multifactor login returns a receipt, and the second part a token', async () => {
    const user = { name: 'mfa', domain: { id: 'default' } }
    const half = await authenticate({
      methods: ['password'],
      password: { user: { ...user, password: 'mfa-password' } },
    })
    const receipt = half.headers.get('openstack-auth-receipt') ?? ''
    expect(half.status).toBe(401)
    expect(((await half.json()) as { readonly required_auth_methods: unknown }).required_auth_methods).toEqual([
      ['password', 'totp'],
    ])
    const whole = await authenticate(
      { methods: ['totp'], totp: { user: { ...user, passcode: '123456' } } },
      undefined,
      {
        'openstack-auth-receipt': receipt,
      },
    )
    expect(whole.status).toBe(201)
    expect(whole.headers.get('x-subject-token')).not.toBeNull()
  })

  test('a snapshot is queued, saving, then active by the clock; createImage returns its ID in a header and, since 2.45, in the body', async () => {
    const { servers } = (await (await ask('/compute/v2.1/servers')).json()) as {
      readonly servers: readonly { readonly id: string; readonly name: string }[]
    }
    const path = `/compute/v2.1/servers/${servers.find(({ name }) => name === 'web-1')?.id}/action`
    const body = JSON.stringify({ createImage: { name: 'snap' } })
    const old = await ask(path, { method: 'POST', body })
    expect(old.status).toBe(202)
    expect(old.headers.get('location')).toEqual(expect.stringMatching(/\/image\/\/images\/[\da-f-]{36}$/))
    const recent = await ask(path, { method: 'POST', body, headers: { 'OpenStack-API-Version': 'compute 2.45' } })
    const { image_id: id } = (await recent.json()) as { readonly image_id: string }
    const status = async (): Promise<string> =>
      ((await (await ask(`/image/v2/images/${id}`)).json()) as { readonly status: string }).status
    const statuses = [await status()]
    for (const ms of [500, 500]) {
      clock.advance(ms)
      statuses.push(await status())
    }
    expect(statuses).toEqual(['queued', 'saving', 'active'])
  })

  test('the precomputed digests of large images match their bytes', async () => {
    const [image] = (await page('/v2/images?name=cirros-0.6.2-x86_64-disk')).images as unknown as readonly {
      readonly id: string
      readonly checksum: string
      readonly size: number
    }[]
    const { createHash } = await import('node:crypto')
    const bytes = Buffer.from(await (await ask(`/image/v2/images/${image?.id}/file`)).arrayBuffer())
    expect(bytes.length).toEqual(image?.size)
    expect(createHash('md5').update(bytes).digest('hex')).toEqual(image?.checksum)
  })

  test('faults use the error format of each service, link a page to itself, and revoke tokens', async () => {
    simulator.faults.add({ path: '/image/**', times: 1, fault: { kind: 'status', status: 503 } })
    expect(await (await ask('/image/v2/images')).json()).toMatchObject({ code: '503 Service Unavailable' })
    simulator.faults.add({ path: '/identity/**', times: 1, fault: { kind: 'status', status: 503 } })
    expect(await (await ask('/identity/v3')).json()).toMatchObject({ error: { code: 503 } })
    simulator.faults.add({ times: 1, fault: { kind: 'loop' } })
    expect((await page('/v2/images?limit=2')).next).toBe('/v2/images?limit=2')
    simulator.faults.add({ times: 1, fault: { kind: 'expire-token' } })
    expect((await ask('/image/v2/images')).status).toBe(401)
    token = await logIn(simulator, 'demo')
    expect((await ask('/image/v2/images')).status).toBe(200)
  })

  test('a token expires by the clock', async () => {
    clock.advance(3_600_000)
    expect((await ask('/image/v2/images')).status).toBe(401)
  })
})
