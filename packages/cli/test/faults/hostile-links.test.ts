import { afterEach, describe, expect, it } from '@jest/globals'
import type { FaultRule } from '@imago/simulator'
import { api } from '../../src/commands/api/run.ts'
import { checkClouds } from '../../src/commands/clouds/check.ts'
import { create } from '../../src/commands/create/run.ts'
import { show } from '../../src/commands/show/run.ts'
import { getCloud, idsIn, LOGIN, PROVIDERS, simulatedClouds } from './clouds.ts'

const clouds = simulatedClouds()
const { list, strike, run, stranger, openstack } = clouds

/** No test connects to the stranger, not even without a credential. */
afterEach(() => expect(stranger().heard()).toEqual([]))

describe('redirects to another host', () => {
  const rows = PROVIDERS.flatMap((provider) => [301, 302, 303, 307, 308].map((status) => [provider, status] as const))

  it.each(rows)('%s: a list, by %d: fails with the target of the redirect', async (provider, status) => {
    const location = `${stranger().origin}/v2/images?token=${'s'.repeat(30)}`
    strike(provider, { kind: 'redirect', location, status })
    const { code, stdout, stderr } = await list([getCloud(provider)])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(
        `^imago: ${provider}/${getCloud(provider)}: list images: the server redirects to ${stranger().origin}/v2/images, which was not followed`,
      ),
    )
    expect(stderr).not.toContain('sss')
  })

  it.each([301, 302, 307, 308])('a login, by %d: does not send the password elsewhere', async (status) => {
    openstack().faults.add({
      ...LOGIN,
      fault: { kind: 'redirect', location: `${stranger().origin}/v3/auth/tokens`, status },
    })
    const { code, stderr } = await list(['lab'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/redirects to http:\S+\/v3\/auth\/tokens, which was not followed/)
  })

  it.each(PROVIDERS)('%s: an image, a page and a request of imago api: are not followed', async (provider) => {
    const cloud = getCloud(provider)
    const fault: FaultRule['fault'] = {
      kind: 'redirect',
      location: `//${new URL(stranger().origin).host}/x`,
      status: 307,
    }
    const [id = ''] = idsIn((await list([cloud])).stdout)
    strike(provider, fault, { after: 1 })
    expect(await list([cloud])).toMatchObject({ code: 1, stderr: expect.stringContaining('which was not followed') })
    clouds.simulator(provider).faults.clear()
    strike(provider, fault, { path: '**/images/*' })
    expect(await run((live) => show([`${cloud}:id:${id}`], { output: 'json' }, live))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('which was not followed'),
    })
    const path = provider === 'hetzner' ? `/images/${id}` : `/v2/images/${id}`
    expect(await run((live) => api(cloud, [path], {}, live))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('which was not followed'),
    })
  })

  it('a write request: is not followed', async () => {
    openstack().faults.add({
      method: 'POST',
      path: '/image/v2/images',
      fault: { kind: 'redirect', location: `${stranger().origin}/v2/images`, status: 308 },
    })
    expect(await run((live) => create('lab:new', { diskFormat: 'raw', output: 'json' }, live))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('which was not followed'),
    })
  })
})

describe('links in a response', () => {
  it.each(PROVIDERS)(
    '%s: requests the next page from its own host, whatever the host of the link',
    async (provider) => {
      const { stdout: expected } = await list([getCloud(provider)])
      // The fault applies to one page only: on the last page, it would add a link to a missing page.
      strike(provider, { kind: 'foreign-link', origin: stranger().origin }, { times: 1 })
      const { code, stdout, stderr } = await list([getCloud(provider)])
      expect({ code, stderr, ids: idsIn(stdout) }).toEqual({ code: 0, stderr: '', ids: idsIn(expected) })
    },
  )

  it.each([
    '//HOST/v2/images?marker=ID',
    'http://HOST/v2/images?marker=ID',
    'http:\\\\HOST\\?marker=ID',
    '/v2/../../../../?marker=ID',
    'javascript:?marker=ID',
    '/v2/images?marker=http://HOST/',
    '?marker=..%2f..%2f&x',
  ])('does not follow Glance’s next to other paths: %s', async (template) => {
    const id = '5d7eb3a5-05ec-4ff8-9a1c-dd2f5e9d4d01'
    const next = template.replace('HOST', new URL(stranger().origin).host).replace('ID', id)
    strike('openstack', { kind: 'status', status: 200, body: JSON.stringify({ images: [{ id }], next }) }, { times: 1 })
    await list(['lab'])
    // Whatever the link, all requests go to the list of images.
    for (const { url } of openstack().requests.all()) expect(url).toMatch(/^\/(?:identity|image\/v2\/images(?:\?|$))/)
  })

  it('treats direct_url, locations, file and self of an image as data', async () => {
    const [id = ''] = idsIn((await list(['lab'])).stdout)
    const { origin } = stranger()
    const body = JSON.stringify({
      id,
      status: 'active',
      direct_url: `${origin}/d?sig=abc`,
      locations: [{ url: `${origin}/l`, metadata: {} }],
      file: `${origin}/f`,
      self: `${origin}/s`,
      schema: `${origin}/schema`,
    })
    strike('openstack', { kind: 'status', status: 200, body }, { path: '/image/v2/images/*' })
    const { code, stdout } = await run((live) => show([`lab:id:${id}`], { output: 'json' }, live))
    expect(code).toBe(0)
    expect(stdout).toContain(origin)
    expect(stdout).not.toContain('sig=abc')
  })

  it('refuses absolute URLs in imago api', async () => {
    for (const provider of PROVIDERS) {
      for (const address of [`${stranger().origin}/v2/images`, `//${new URL(stranger().origin).host}/v1/images`]) {
        const { code, stderr } = await run((live) => api(getCloud(provider), [address], {}, live))
        expect(code).not.toBe(0)
        expect(stderr).toMatch(/^imago: /)
      }
    }
  })
})

describe('URLs in the service catalog and in version documents', () => {
  /** Logs in with a valid token and a changed catalog. */
  const loginWith = async (change: (catalog: readonly CatalogEntry[]) => readonly CatalogEntry[]): Promise<void> => {
    const answer = await fetch(`${openstack().authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: 'demo', domain: { name: 'Default' }, password: 'demo-password' } },
          },
          scope: { project: { name: 'demo', domain: { name: 'Default' } } },
        },
      }),
    })
    const { token } = (await answer.json()) as { readonly token: { readonly catalog: readonly CatalogEntry[] } }
    const body = JSON.stringify({ token: { ...token, catalog: change(token.catalog) } })
    openstack().faults.add({
      ...LOGIN,
      fault: {
        kind: 'status',
        status: 201,
        body,
        headers: { 'x-subject-token': answer.headers.get('x-subject-token') ?? '' },
      },
    })
  }

  it('sends no request to services of the catalog that are not needed', async () => {
    const url = stranger().origin
    const at = (region: string, side: string): CatalogEndpoint => ({ interface: side, region, region_id: region, url })
    await loginWith((catalog) => [
      { type: 'object-store', name: 'swift', endpoints: [at('RegionOne', 'public')] },
      { type: 'volumev3', name: 'cinder', endpoints: [at('RegionOne', 'public')] },
      // Endpoints of another region and interface, before the valid ones.
      {
        type: 'image',
        name: 'glance',
        endpoints: [at('Elsewhere', 'public'), at('RegionOne', 'admin'), at('RegionOne', 'internal')],
      },
      ...catalog.map((entry) =>
        entry.type === 'identity' ? { ...entry, endpoints: [at('RegionOne', 'public')] } : entry,
      ),
    ])
    const { code, stdout } = await list(['lab'])
    expect({ code, many: idsIn(stdout).length > 100 }).toEqual({ code: 0, many: true })
    expect(await run((live) => checkClouds(['lab'], { output: 'json' }, live))).toMatchObject({ code: 0 })
    // Requests to Keystone go to the configured URL, whatever the catalog contains.
    expect(await run((live) => api('lab', ['/users'], { service: 'identity' }, live))).toMatchObject({
      stdout: expect.any(String),
    })
  })

  it.each([
    ['is not a URL', 'not a url'],
    ['is a file URL', 'file:///etc/passwd'],
    ['has a user and password', 'http://user:hunter2@HOST/'],
    ['has another scheme', 'gopher://HOST/'],
  ])('fails if the URL of the image service %s', async (_, template) => {
    await loginWith((catalog) =>
      catalog.map((entry) =>
        entry.type === 'image'
          ? {
              ...entry,
              endpoints: entry.endpoints.map((one) => ({
                ...one,
                url: template.replace('HOST', new URL(stranger().origin).host),
              })),
            }
          : entry,
      ),
    )
    const { code, stdout, stderr } = await list(['lab'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^imago: openstack\/lab: list images: the address of the image service in the catalog (?:is not|contains a)/,
    )
    expect(stderr).not.toContain('hunter2')
  })

  it('uses only the paths of versions at other hosts', async () => {
    const links = [{ rel: 'self', href: `${stranger().origin}/v2/` }]
    const body = JSON.stringify({
      versions: [
        { id: 'v2.16', status: 'CURRENT', links },
        { id: 'v3.14', status: 'stable', links },
      ],
    })
    for (const path of ['/image/', '/image', '/compute/', '/compute', '/identity/', '/identity'])
      openstack().faults.add({
        method: 'GET',
        path,
        fault: { kind: 'status', status: 300, body, headers: { location: `${stranger().origin}/v2/` } },
      })
    const { code, stdout } = await run((live) => checkClouds(['lab'], { output: 'json' }, live))
    expect(code).toBe(0)
    expect(stdout).toContain('v2.16')
    const { stdout: listed } = await list(['lab'])
    expect(idsIn(listed).length).toBeGreaterThan(100)
  })

  it('does not follow a missing Keystone’s link to another host', async () => {
    openstack().faults.add({ ...LOGIN, fault: { kind: 'status', status: 404, body: '{}' } })
    const links = [{ rel: 'self', href: `${stranger().origin}/v3/` }]
    openstack().faults.add({
      method: 'GET',
      path: '/identity',
      fault: {
        kind: 'status',
        status: 300,
        body: JSON.stringify({ versions: { values: [{ id: 'v3.14', status: 'stable', links }] } }),
      },
    })
    openstack().faults.add({
      method: 'GET',
      path: '/identity/',
      fault: {
        kind: 'status',
        status: 300,
        body: JSON.stringify({ versions: { values: [{ id: 'v3.14', status: 'stable', links }] } }),
      },
    })
    const { code, stdout, stderr } = await list(['lab'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^imago: openstack\/lab: list images: /)
  })
})

interface CatalogEndpoint {
  readonly interface: string
  readonly region: string
  readonly region_id: string
  readonly url: string
}

interface CatalogEntry {
  readonly type: string
  readonly name: string
  readonly endpoints: readonly CatalogEndpoint[]
}
