import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Image, ImageSource } from '@imago/core/provider'
import { createTransport } from '@imago/http'
import { buildGoClient, callGoClient, missingGo, runningLabs, type GoResult } from '@imago/lab'
import { createOpenstackSimulator, type Fault, type OpenstackSimulator } from '@imago/simulator'
import { createOpenstackSource } from '../src/index.ts'
import { toSourceOptions, servedImage, getValue, type Account } from './cloud.ts'

// gophercloud, the library of OpenStack's Terraform provider, at the simulator and at the real Glance: both are to be the same to it, and to
// imago.
// Skipped where Go is not installed, or older than the client requires.
const missing = missingGo(process.env)
const withGo =
  missing === null
    ? describe.each(['the simulator', 'the lab'] as const)
    : describe.skip.each(['the simulator and the lab'] as const)
const GO_ZERO_TIME = '0001-01-01T00:00:00Z'

type Who = 'demo' | 'other' | 'admin' | 'reader' | 'credential'

interface Target {
  readonly cloudsYaml: string
  readonly clouds: Readonly<Record<Who, string>>
  readonly account: Account
  readonly projects: { readonly demo: string; readonly other: string }
  readonly faults: OpenstackSimulator['faults'] | null
  readonly close: () => Promise<void>
}

const folder = mkdtempSync(join(tmpdir(), 'imago-gophercloud-'))
afterAll(() => rmSync(folder, { recursive: true }))

const simulated = async (): Promise<Target> => {
  const simulator = await createOpenstackSimulator({ importMs: 100, snapshotMs: 100 })
  const cloudsYaml = join(folder, 'simulator.yaml')
  writeFileSync(cloudsYaml, simulator.cloudsYaml)
  const project = (name: string): string => simulator.projects.find((one) => one.name === name)?.id ?? ''
  const demo = simulator.users.find(({ name }) => name === 'demo')
  return {
    cloudsYaml,
    clouds: {
      demo: 'simulator',
      other: 'simulator-other',
      admin: 'simulator-admin',
      reader: 'simulator-reader',
      credential: 'simulator-application-credential',
    },
    account: {
      authUrl: simulator.authUrl,
      region: 'RegionOne',
      userId: demo?.id ?? '',
      password: demo?.password ?? '',
      project: project('demo'),
    },
    projects: { demo: project('demo'), other: project('other') },
    faults: simulator.faults,
    close: simulator.close,
  }
}

const real = (): Promise<Target> => {
  const [{ cloudsYaml, authUrl, region, users, projects }] = runningLabs(process.env)
  return Promise.resolve({
    cloudsYaml,
    clouds: { demo: 'demo', other: 'other', admin: 'admin', reader: 'demo-reader', credential: 'demo-appcred' },
    account: { authUrl, region, userId: users.demo.id, password: users.demo.password, project: projects.demo },
    projects,
    faults: null,
    close: () => Promise.resolve(),
  })
}

/** The fields of an image that gophercloud decodes. */
interface GoImage {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly tags: readonly string[] | null
  readonly container_format: string
  readonly disk_format: string
  readonly min_disk: number
  readonly min_ram: number
  readonly owner: string
  readonly protected: boolean
  readonly visibility: string
  readonly os_hidden: boolean
  readonly checksum: string
  readonly virtual_size: number
  readonly created_at: string
  readonly updated_at: string
}

interface GoList {
  readonly Images: readonly GoImage[]
  readonly Pages: readonly number[]
}

withGo(`gophercloud at %s${missing === null ? '' : ` (skipped: ${missing})`}`, (where) => {
  let program: string
  let target: Target
  let transport: ReturnType<typeof createTransport>
  const mark = `gophercloud-${process.pid}`
  const made: string[] = []

  beforeAll(async () => {
    program = await buildGoClient('gophercloud', process.env)
    transport = createTransport()
    target = await (where === 'the lab' ? real() : simulated())
  }, 600_000)

  const call = (
    name: string,
    options: unknown = {},
    who: Who = 'demo',
    more: Readonly<Record<string, string>> = {},
  ): Promise<GoResult> =>
    callGoClient(program, name, options, {
      OS_CLIENT_CONFIG_FILE: target.cloudsYaml,
      OS_CLOUD: target.clouds[who],
      ...more,
    })

  const result = async <T>(name: string, options: unknown = {}, who: Who = 'demo'): Promise<T> => {
    const { result: value, error } = await call(name, options, who)
    expect(error).toBeUndefined()
    return value as T
  }

  const fetchStatus = async (name: string, options: unknown = {}, who: Who = 'demo'): Promise<number | undefined> => {
    const { error } = await call(name, options, who)
    expect(error?.type).toBe('gophercloud.ErrUnexpectedResponseCode')
    return error?.status
  }

  const create = async (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const { id } = await result<GoImage>('images.create', {
      Name: name,
      Tags: [mark],
      container_format: 'bare',
      disk_format: 'raw',
      ...more,
    })
    made.push(id)
    return id
  }

  const bytes = Buffer.from('data of an image '.repeat(10_000))
  const file = join(folder, 'image.raw')
  const filled = async (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const id = await create(name, more)
    writeFileSync(file, bytes)
    await result('imagedata.upload', { ID: id, File: file })
    return id
  }

  const source = (): ImageSource => createOpenstackSource(toSourceOptions(target.account, transport))
  const own = async (id: string): Promise<Image> => getValue(source().get(id))
  const names = async (options: unknown, who: Who = 'demo'): Promise<readonly string[]> =>
    (await result<GoList>('images.list', { Tags: [mark], Sort: 'name:asc', ...(options as object) }, who)).Images.map(
      ({ name }) => name,
    )

  afterAll(async () => {
    for (const id of made) {
      await call('images.update', { ID: id, Changes: [{ Protected: false }] })
      await call('images.delete', { ID: id })
    }
    await target.close()
    transport.close()
  })

  it('logs in with password and application credential', async () => {
    const byPassword = await result<{
      readonly Project: unknown
      readonly Services: readonly string[]
      readonly Endpoint: string
    }>('token')
    expect(byPassword).toMatchObject({
      Project: { id: target.projects.demo, name: 'demo' },
      User: { id: target.account.userId, name: 'demo' },
    })
    expect(byPassword.Services).toEqual(expect.arrayContaining(['identity', 'image']))
    expect(byPassword.Endpoint).toMatch(/\/v2\/$/)
    expect(await result('token', {}, 'credential')).toMatchObject({
      Project: { id: target.projects.demo },
      User: { id: target.account.userId },
    })
    expect(await result('token.get', {}, 'demo')).toMatchObject({ expires_at: expect.stringMatching(/^20/) })
  })

  describe('images', () => {
    it('created with gophercloud are equal in imago', async () => {
      const properties = {
        os_distro: 'debian',
        hw_qemu_guest_agent: 'yes',
        'a b/c~d': 'ä',
        properties: 'a property of that name',
        owner_specified: '',
      }
      const id = await create('made by Go ä', {
        visibility: 'private',
        min_disk: 3,
        min_ram: 512,
        protected: true,
        Properties: properties,
      })
      const image = await result<GoImage>('images.get', { ID: id })
      expect(image).toMatchObject({
        id,
        name: 'made by Go ä',
        status: 'queued',
        tags: [mark],
        container_format: 'bare',
        disk_format: 'raw',
        min_disk: 3,
        min_ram: 512,
        owner: target.projects.demo,
        protected: true,
        visibility: 'private',
        os_hidden: false,
        checksum: '',
        SizeBytes: 0,
        virtual_size: 0,
        Properties: properties,
      })
      expect(await own(id)).toMatchObject({
        name: image.name,
        providerStatus: image.status,
        tags: image.tags,
        format: { container: image.container_format, disk: image.disk_format },
        size: { stored: null, virtual: null, minDisk: 3 * 1024 ** 3, minRam: 512 * 1024 ** 2 },
        owner: image.owner,
        protected: image.protected,
        visibility: image.visibility,
        hidden: image.os_hidden,
        digests: [],
        createdAt: image.created_at,
        updatedAt: image.updated_at,
        properties,
      })
    })

    it('return the same data to all three after an upload', async () => {
      const id = await filled('with data')
      const hash = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
      const downloaded = await result<{ readonly ContentLength: string }>('imagedata.download', { ID: id })
      expect(downloaded).toMatchObject({
        Bytes: bytes.length,
        MD5: hash('md5'),
        SHA256: hash('sha256'),
        SHA512: hash('sha512'),
        ContentMD5: hash('md5'),
      })
      // Glance sends chunks while it fills its cache.
      expect(['', String(bytes.length)]).toContain(downloaded.ContentLength)
      expect(await result('images.get', { ID: id })).toMatchObject({
        status: 'active',
        checksum: hash('md5'),
        SizeBytes: bytes.length,
        virtual_size: bytes.length,
        Properties: { os_hash_algo: 'sha512', os_hash_value: hash('sha512') },
      })
      const image = await own(id)
      expect(image).toMatchObject({ status: 'available', size: { stored: bytes.length, virtual: bytes.length } })
      expect(image.digests.map(({ algorithm, value }) => [algorithm, value])).toEqual(
        expect.arrayContaining([
          ['md5', hash('md5')],
          ['sha512', hash('sha512')],
        ]),
      )
    })

    it('are listed in pages, filtered and sorted', async () => {
      await create('list a', { disk_format: 'qcow2' })
      await create('list b', { Properties: { os_distro: 'debian' } })
      const c = await filled('list c')
      await create('list d', { visibility: 'community' })
      const { Images, Pages } = await result<GoList>('images.list', {
        Tags: [mark],
        Name: 'in:"list a","list b","list c"',
        Limit: 2,
        SortKey: 'name',
        SortDir: 'desc',
      })
      expect(Images.map(({ name }) => name)).toEqual(['list c', 'list b', 'list a'])
      expect(Pages).toEqual([2, 1])
      expect(await names({ DiskFormat: 'qcow2' })).toEqual(['list a'])
      expect(await names({ Name: 'list b' })).toEqual(['list b'])
      expect(await names({ ID: c })).toEqual(['list c'])
      expect(await names({ Name: 'in:"list b","list c"', Status: 'active' })).toEqual(['list c'])
      // gophercloud 2.16 sends neither SizeMin nor SizeMax: its BuildQueryString supports `int`, not `int64`.
      expect(await names({ Name: 'list c', SizeMin: bytes.length + 1 })).toEqual(['list c'])
      expect(await names({ Visibility: 'community' })).toEqual(['list d'])
      expect(await names({ Owner: target.projects.other })).toEqual([])
      const { created_at: createdAt } = await result<GoImage>('images.get', { ID: c })
      expect(await names({ Name: 'list c', CreatedAtQuery: { Date: createdAt, Filter: 'gte' } })).toEqual(['list c'])
      expect(await names({ Name: 'list c', CreatedAtQuery: { Date: createdAt, Filter: 'lt' } })).toEqual([])
    })

    it('change name, tags, sizes, properties, visibility and hidden', async () => {
      const id = await create('change', { Properties: { keep: 'a', drop: 'b' } })
      const changes = [
        { Name: 'changed' },
        { Tags: [mark, 'more'] },
        { MinDisk: 7 },
        { MinRAM: 64 },
        { Op: 'replace', Property: 'keep', Value: 'c' },
        { Op: 'remove', Property: 'drop' },
        { Op: 'add', Property: 'a~1b~0c', Value: 'd' },
        { Visibility: 'shared' },
        { Hidden: true },
      ]
      expect(await result('images.update', { ID: id, Changes: changes })).toMatchObject({
        name: 'changed',
        tags: expect.arrayContaining([mark, 'more']),
        min_disk: 7,
        min_ram: 64,
        visibility: 'shared',
        os_hidden: true,
        Properties: { keep: 'c', 'a/b~c': 'd' },
      })
      expect(await names({ Name: 'changed' })).toEqual([])
      expect(await names({ Name: 'changed', Hidden: true })).toEqual(['changed'])
      expect(await own(id)).toMatchObject({
        name: 'changed',
        tags: [mark, 'more'],
        visibility: 'shared',
        hidden: true,
        properties: { keep: 'c', 'a/b~c': 'd' },
      })
    })

    it('reject deletion while protected, and are deleted otherwise', async () => {
      const id = await create('protect')
      await result('images.update', { ID: id, Changes: [{ Protected: true }] })
      expect(await fetchStatus('images.delete', { ID: id })).toBe(403)
      await result('images.update', { ID: id, Changes: [{ Protected: false }] })
      await result('images.delete', { ID: id })
      expect(await fetchStatus('images.get', { ID: id })).toBe(404)
      expect(await fetchStatus('images.delete', { ID: id })).toBe(404)
    })
  })

  it('are shared and accepted by the member', async () => {
    const id = await filled('share', { visibility: 'shared' })
    const member = { ID: id, Member: target.projects.other }
    expect(await result('members.create', member)).toMatchObject({
      image_id: id,
      member_id: target.projects.other,
      status: 'pending',
      created_at: expect.not.stringContaining(GO_ZERO_TIME),
    })
    expect(await fetchStatus('members.create', member)).toBe(409)
    expect(await names({ Name: 'share' }, 'other')).toEqual([])
    expect(await names({ Name: 'share', Visibility: 'shared', MemberStatus: 'pending' }, 'other')).toEqual(['share'])
    expect(await fetchStatus('members.update', { ...member, Status: 'accepted' })).toBe(403)
    expect(await result('members.update', { ...member, Status: 'accepted' }, 'other')).toMatchObject({
      status: 'accepted',
    })
    expect(await names({ Name: 'share' }, 'other')).toEqual(['share'])
    expect(await result('members.list', { ID: id })).toMatchObject([
      { member_id: target.projects.other, status: 'accepted' },
    ])
    expect(await fetchStatus('images.delete', { ID: id }, 'other')).toBe(403)
    await result('members.delete', member)
    expect(await fetchStatus('members.get', member)).toBe(404)
  })

  describe('imports', () => {
    let served: Awaited<ReturnType<typeof servedImage>>
    beforeAll(async () => {
      served = await servedImage()
    })
    afterAll(() => served.close())

    it('start from a URL, with a task that an administrator can list', async () => {
      expect(await result('imageimport.get')).toMatchObject({
        'import-methods': { value: expect.arrayContaining(['glance-direct', 'web-download']) },
      })
      const id = await create('import')
      await result('imageimport.create', { ID: id, name: 'web-download', uri: served.url })
      expect(await result('images.waitFor', { ID: id, Status: 'active' })).toMatchObject({ SizeBytes: 70_000 })
      const tasks = await result<readonly { readonly id: string }[]>(
        'tasks.list',
        { Type: 'api_image_import', Limit: 100, SortKey: 'created_at', SortDir: 'desc' },
        'admin',
      )
      const found = await Promise.all(
        tasks
          .slice(0, 10)
          .map(({ id: task }) =>
            result<{ readonly input: { readonly image_id: string } }>('tasks.get', { ID: task }, 'admin'),
          ),
      )
      expect(found.filter(({ input }) => input.image_id === id)).toMatchObject([
        {
          type: 'api_image_import',
          status: 'success',
          owner: target.projects.demo,
          input: { import_req: { method: { name: 'web-download', uri: served.url } } },
        },
      ])
      expect(await fetchStatus('tasks.list')).toBe(403)
    })

    it('start from staged data', async () => {
      const id = await create('staged')
      writeFileSync(file, bytes)
      await result('imagedata.stage', { ID: id, File: file })
      expect(await result('images.get', { ID: id })).toMatchObject({ status: 'uploading' })
      await result('imageimport.create', { ID: id, name: 'glance-direct' })
      expect(await result('images.waitFor', { ID: id, Status: 'active' })).toMatchObject({ SizeBytes: bytes.length })
    })

    it('start from a user-created task', async () => {
      const task = await result<{ readonly id: string; readonly status: string }>(
        'tasks.create',
        {
          Type: 'import',
          Input: {
            import_from: served.url,
            import_from_format: 'raw',
            image_properties: { name: 'by task', disk_format: 'raw', container_format: 'bare' },
          },
        },
        'admin',
      )
      let now: { readonly status: string; readonly result?: { readonly image_id?: string }; readonly message: string } =
        { status: task.status, message: '' }
      for (let asked = 0; asked < 200 && !['success', 'failure'].includes(now.status); asked++)
        now = await result('tasks.get', { ID: task.id }, 'admin')
      expect(now).toMatchObject({ status: 'success', message: '', result: { image_id: expect.any(String) } })
      const id = now.result?.image_id
      expect(await result('images.get', { ID: id }, 'admin')).toMatchObject({
        name: 'by task',
        status: 'active',
        SizeBytes: 70_000,
      })
      await result('images.delete', { ID: id }, 'admin')
    })
  })

  describe('errors', () => {
    const NO_LOGIN = '00000000-0000-4000-8000-000000000000'

    it.each<[string, number, string, unknown, Who]>([
      ['an unknown image', 404, 'images.get', { ID: NO_LOGIN }, 'demo'],
      ['data of an unknown image', 404, 'imagedata.download', { ID: NO_LOGIN }, 'demo'],
      ['a create by a reader', 403, 'images.create', { Name: 'x' }, 'reader'],
      ['a public image by a member', 403, 'images.create', { Name: 'x', Visibility: 'public' }, 'demo'],
      ['an unknown sort key', 400, 'images.list', { SortKey: 'nonsense' }, 'demo'],
      ['an unknown marker', 400, 'images.list', { Marker: NO_LOGIN }, 'demo'],
      ['an unknown format', 400, 'images.create', { Name: 'x', disk_format: 'nonsense' }, 'demo'],
      ['an unknown task', 404, 'tasks.get', { ID: NO_LOGIN }, 'admin'],
    ])('return the expected status: %s: %d', async (_, status, name, options, who) => {
      expect(await fetchStatus(name, options, who)).toBe(status)
    })

    it('return 404 for an image of another project', async () => {
      const id = await create('mine')
      expect(await fetchStatus('images.get', { ID: id }, 'other')).toBe(404)
    })

    it('return 409 for an upload to an active image', async () => {
      const id = await filled('twice')
      expect(await fetchStatus('imagedata.upload', { ID: id, File: file })).toBe(409)
    })

    it('return 401 for a revoked token', async () => {
      const { error } = await call('images.list', {}, 'demo', { IMAGO_LAB_TOKEN: 'wrong' })
      expect(error).toMatchObject({ type: 'gophercloud.ErrUnexpectedResponseCode', status: 401 })
    })

    it('return 401 from Keystone for a wrong password', async () => {
      const wrong = join(folder, 'wrong.yaml')
      writeFileSync(wrong, readFileSync(target.cloudsYaml, 'utf8').replaceAll(/(\spassword: ).*/g, '$1wrong'))
      const { error } = await call('token', {}, 'demo', { OS_CLIENT_CONFIG_FILE: wrong })
      expect(error).toMatchObject({
        status: 401,
        message: expect.stringContaining('The request you have made requires authentication.'),
      })
    })
  })

  if (where === 'the simulator') {
    it('creates a snapshot of a server and reads its ID from header and body', async () => {
      const [server] = await result<readonly { readonly id: string }[]>('servers.list', { Name: 'web-1' })
      for (const Microversion of ['', '2.45']) {
        const id = await result<string>('servers.createImage', {
          ID: server?.id,
          Name: `snap ${Microversion}`,
          Metadata: { made: 'go' },
          Microversion,
        })
        expect(await result('images.waitFor', { ID: id, Status: 'active' })).toMatchObject({
          Properties: { made: 'go', image_type: 'snapshot' },
        })
        expect(await own(id)).toMatchObject({
          kind: 'snapshot',
          origins: expect.arrayContaining([expect.objectContaining({ relation: 'created-from', id: server?.id })]),
        })
      }
    })

    it.each<[Fault, Readonly<Record<string, unknown>>]>([
      [{ kind: 'status', status: 429 }, { status: 429 }],
      [{ kind: 'status', status: 503 }, { status: 503 }],
      [{ kind: 'html', status: 502 }, { status: 502 }],
      [{ kind: 'expire-token' }, { status: 401 }],
      [{ kind: 'truncate', atByte: 100 }, { message: expect.stringMatching(/unexpected (?:end of JSON input|EOF)/) }],
    ])('handles %j', async (fault, expected) => {
      target.faults?.clear()
      target.faults?.add({ path: '/image/v2/images', times: 10, fault })
      expect((await call('images.list')).error).toMatchObject(expected)
      target.faults?.clear()
    })
  }
})
