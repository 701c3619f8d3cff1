import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startHetzner, type Client } from './client.ts'

let client: Client
beforeEach(async () => {
  client = await startHetzner()
})
afterEach(() => client.simulator.close())

interface Image {
  readonly id: number
  readonly type: string
  readonly name: string | null
  readonly architecture: string
  readonly status: string
  readonly created: string
  readonly bound_to: number | null
  readonly labels: Readonly<Record<string, string>>
  readonly description: string
}

const list = async (query: string): Promise<readonly Image[]> =>
  (await client.get(`/images?per_page=50&${query}`)).body.images
const snapshot = async (selector: string): Promise<Image> => {
  const [first] = await list(`type=snapshot&label_selector=${encodeURIComponent(selector)}`)
  if (first === undefined) throw new Error(`no snapshot fits ${selector}`)
  return first
}

describe('image filters', () => {
  it('match several types at once', async () => {
    expect(new Set((await list('type=snapshot&type=backup')).map(({ type }) => type))).toEqual(
      new Set(['snapshot', 'backup']),
    )
    expect(new Set((await list('')).map(({ type }) => type))).toEqual(new Set(['system', 'app', 'snapshot', 'backup']))
    expect(await list('type=app')).not.toEqual([])
  })

  it('match a name exactly, in each architecture', async () => {
    expect((await list('name=ubuntu-24.04')).map(({ architecture }) => architecture)).toEqual(['x86', 'arm'])
    expect(await list('name=ubuntu-24')).toEqual([])
  })

  it('match architecture, status and bound_to', async () => {
    expect(new Set((await list('architecture=arm')).map(({ architecture }) => architecture))).toEqual(new Set(['arm']))
    expect((await list('status=unavailable')).map(({ description }) => description)).toEqual(['storage failure'])
    const [backup] = await list('type=backup')
    const bound = await list(`bound_to=${backup?.bound_to}`)
    expect(bound.length).toBe(3)
    expect(new Set(bound.map(({ bound_to }) => bound_to))).toEqual(new Set([backup?.bound_to]))
  })

  it('match a label selector', async () => {
    expect((await list('label_selector=role%3Dweb%2Cenv%21%3Dprod')).map(({ labels }) => labels['env'])).toEqual([
      'staging',
    ])
  })

  it('return deprecated images on request or by ID, and removed ones only by ID', async () => {
    expect(await list('name=debian-11')).toEqual([])
    const [debian] = await list('name=debian-11&include_deprecated=true')
    expect((await client.get(`/images/${debian?.id}`)).body.image).toMatchObject({
      name: 'debian-11',
      deprecation: { announced: '2026-09-03T00:00:00Z', unavailable_after: '2026-12-02T00:00:00Z' },
    })
    expect(await list('name=centos-7&include_deprecated=true')).toEqual([])
    expect((await client.get('/images/3')).body.image.name).toBe('centos-7')
    client.clock.advance(11 * 86_400_000)
    expect(await list('name=debian-11&include_deprecated=true')).toEqual([])
  })

  it.each([
    'type=nonsense',
    'status=gone',
    'architecture=riscv',
    'include_deprecated=yes',
    'sort=size',
    'sort=id:up',
    'sort=constructor',
    'page=0',
    'per_page=x',
    'label_selector=%3D',
  ])('refuse %s', async (query) => {
    const { status, body } = await client.get(`/images?${query}`)
    expect(status).toBe(422)
    expect(body.error.code).toBe('invalid_input')
    expect(body.error.details.fields[0].name).toEqual(query.split('=')[0])
  })
})

describe('images of the Hetzner simulator', () => {
  it('sorts by ID by default; images without a name come last', async () => {
    const ids = (await list('')).map(({ id }) => id)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    const names = (await list('sort=name:desc&sort=id:desc')).map(({ name }) => name)
    expect(names.slice(0, 4)).toEqual(['wordpress', 'wordpress', 'wireguard', 'wireguard'])
    expect(names.at(-1)).toBeNull()
    const dates = (await list('sort=created')).map(({ created }) => created)
    expect(dates).toEqual([...dates].sort())
  })

  describe('image pages', () => {
    it('have 25 images by default and at most 50, with a Link header', async () => {
      const { body, headers } = await client.get('/images?type=snapshot&type=backup&per_page=5&page=2')
      expect(body.images).toHaveLength(5)
      expect(body.meta.pagination).toEqual({
        page: 2,
        per_page: 5,
        previous_page: 1,
        next_page: 3,
        last_page: 3,
        total_entries: 12,
      })
      const url = `${client.simulator.url}/images?type=snapshot&type=backup&per_page=5&page=`
      expect(headers.get('link')).toBe(`<${url}1>; rel="prev", <${url}3>; rel="next", <${url}3>; rel="last"`)
      expect((await client.get('/images')).body.meta.pagination.per_page).toBe(25)
      expect((await client.get('/images?per_page=500&include_deprecated=true')).body.images).toHaveLength(50)
    })

    it('contain each image once; the page after the last is empty', async () => {
      const simulator = await startHetzner({ extraSnapshots: 130 })
      const ids: number[] = []
      let next: number | null = 1
      while (next !== null) {
        const { body } = await simulator.get(`/images?type=snapshot&per_page=50&page=${next}`)
        ids.push(...body.images.map(({ id }: Image) => id))
        next = body.meta.pagination.next_page
      }
      expect(ids.length).toBe(138)
      expect(new Set(ids).size).toBe(138)
      expect((await simulator.get('/images?type=snapshot&page=99')).body).toMatchObject({
        images: [],
        meta: { pagination: { next_page: null, last_page: 6 } },
      })
      await simulator.simulator.close()
    })
  })

  describe('image changes', () => {
    it('replace all labels; a description alone keeps them', async () => {
      const { id } = await snapshot('role=db')
      expect((await client.ask('PUT', `/images/${id}`, { description: 'new' })).body.image).toMatchObject({
        description: 'new',
        labels: { role: 'db', keep: 'true' },
      })
      expect((await client.ask('PUT', `/images/${id}`, { labels: { one: '' } })).body.image.labels).toEqual({ one: '' })
    })

    it('convert a backup to a snapshot without bound_to', async () => {
      const [backup] = await list('type=backup')
      expect((await client.ask('PUT', `/images/${backup?.id}`, { type: 'snapshot' })).body.image).toMatchObject({
        type: 'snapshot',
        bound_to: null,
      })
      expect((await client.ask('PUT', `/images/${backup?.id}`, { type: 'backup' })).status).toBe(422)
    })

    it.each([
      [{ labelkey: 'x' }, "invalid input: unknown field name 'labelkey'"],
      [
        { labels: { 'bad key': 'x' } },
        "invalid input in field 'labels': must be an object of valid label keys and values",
      ],
      [{ labels: { key: 1 } }, "invalid input in field 'labels': must be an object of valid label keys and values"],
      [{ description: null }, "invalid input in field 'description': must be a string"],
    ])('refuse %j', async (body, message) => {
      const answer = await client.ask('PUT', `/images/${(await snapshot('role=db')).id}`, body)
      expect(answer.status).toBe(422)
      expect(answer.body.error.code).toBe('invalid_input')
      expect(answer.body.error.message).toEqual(message)
    })

    it('are refused for public images', async () => {
      const answers = await Promise.all([
        client.ask('PUT', '/images/161547269', { description: 'mine' }),
        client.ask('DELETE', '/images/161547269'),
        client.ask('POST', '/images/40093140/actions/change_protection', { delete: true }),
      ])
      expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
        [403, 'forbidden'],
        [403, 'forbidden'],
        [403, 'forbidden'],
      ])
    })

    it('delete an image from lists and by ID', async () => {
      const { id } = await snapshot('env=staging')
      expect((await client.ask('DELETE', `/images/${id}`)).status).toBe(204)
      expect((await client.get(`/images/${id}`)).status).toBe(404)
      expect(await list('label_selector=env%3Dstaging')).toEqual([])
      expect((await client.ask('DELETE', `/images/${id}`)).status).toBe(404)
    })

    it('delete a protected image only after the protection is removed; backups cannot be protected', async () => {
      const { id } = await snapshot('keep')
      const refused = await client.ask('DELETE', `/images/${id}`)
      expect(refused.status).toBe(423)
      expect(refused.body.error.code).toBe('protected')
      const lifted = await client.ask('POST', `/images/${id}/actions/change_protection`, { delete: false })
      expect(lifted.status).toBe(201)
      expect(lifted.body.action).toMatchObject({
        command: 'change_protection',
        status: 'success',
        progress: 100,
        error: null,
        resources: [{ id, type: 'image' }],
      })
      expect((await client.get(`/images/${id}`)).body.image.protection).toEqual({ delete: false })
      expect((await client.ask('DELETE', `/images/${id}`)).status).toBe(204)
      const [backup] = await list('type=backup')
      expect(
        (await client.ask('POST', `/images/${backup?.id}/actions/change_protection`, { delete: true })).status,
      ).toBe(422)
    })
  })

  it('has `deprecated`, and dates with an offset, in 2024', async () => {
    const old = await startHetzner({ era: '2024' })
    const { body } = await old.get('/images?name=debian-11&include_deprecated=true')
    expect(body.images[0]).toMatchObject({
      created: '2021-08-16T11:12:01+00:00',
      deprecated: '2026-09-03T00:00:00+00:00',
    })
    expect(body.images[0]).not.toHaveProperty('deprecation')
    expect((await client.get('/images/161547269')).body.image).not.toHaveProperty('deprecated')
    await old.simulator.close()
  })
})
