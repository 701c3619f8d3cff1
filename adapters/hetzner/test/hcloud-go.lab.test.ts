import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { listAll, type Image } from '@imago/core/provider'
import { buildGoClient, callGoClient, missingGo, type GoResult } from '@imago/lab'
import { createTransport, systemTiming } from '@imago/http'
import { createHetznerSimulator, type Fault, type HetznerSimulator } from '@imago/simulator'
import { createHetznerSource } from '../src/index.ts'
import { BYTES_PER_GB } from '../src/map-image/size.ts'
import { getValue } from './local-api.ts'

// Compares imago with hcloud-go, the library of Hetzner's command and its Terraform provider.
// Skipped where Go is not installed, or older than the client requires.
const missing = missingGo(process.env)
const withGo = missing === null ? describe : describe.skip
const GO_ZERO_TIME = '0001-01-01T00:00:00Z'

/** An image as hcloud-go decodes it. */
interface GoImage {
  readonly ID: number
  readonly Name: string
  readonly Type: string
  readonly Status: string
  readonly Description: string
  readonly ImageSize: number
  readonly DiskSize: number
  readonly Created: string
  readonly CreatedFrom: { readonly ID: number; readonly Name: string } | null
  readonly BoundTo: { readonly ID: number } | null
  readonly RapidDeploy: boolean
  readonly OSFlavor: string
  readonly OSVersion: string
  readonly Architecture: string
  readonly Protection: { readonly Delete: boolean }
  readonly Labels: Readonly<Record<string, string>>
  readonly Deleted: string
  readonly Deprecation: { readonly Announced: string; readonly UnavailableAfter: string } | null
}

interface GoPage {
  readonly Items: readonly GoImage[]
  readonly Meta: {
    readonly Pagination: Readonly<Record<string, number>>
    readonly Ratelimit: { readonly Limit: number; readonly Remaining: number; readonly Reset: string }
  }
}

withGo(`hcloud-go${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let program: string
  let simulator: HetznerSimulator
  let transport: ReturnType<typeof createTransport>
  beforeAll(async () => {
    program = await buildGoClient('hcloud', process.env)
    transport = createTransport()
  }, 600_000)
  beforeEach(async () => {
    simulator = await createHetznerSimulator({ extraSnapshots: 120, actionMs: 200 })
  })
  afterEach(() => simulator.close())
  afterAll(() => transport.close())

  const call = (name: string, options: unknown = {}, token = simulator.token): Promise<GoResult> =>
    callGoClient(program, name, options, { HCLOUD_TOKEN: token, HCLOUD_ENDPOINT: simulator.url })

  const result = async <T>(name: string, options: unknown = {}): Promise<T> => {
    const { result: value, error } = await call(name, options)
    expect(error).toBeUndefined()
    return value as T
  }

  const images = (options: unknown = {}): Promise<readonly GoImage[]> => result('image.all', options)
  const descriptions = async (options: unknown): Promise<readonly string[]> =>
    (await images(options)).map(({ Description }) => Description)
  const source = () =>
    createHetznerSource({
      name: 'prod',
      endpoint: simulator.url,
      token: simulator.token,
      connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming },
    })
  const ownImages = async (): Promise<readonly Image[]> => (await getValue(listAll(source()))).items

  describe('images', () => {
    /** An image of imago in hcloud-go's form, with Go's zeros for unknown values. */
    const toGo = (image: Image): Readonly<Record<string, unknown>> => {
      const { raw, size } = image as Image<{ readonly os_flavor: string }>
      const origin = (relation: string): number | null => {
        const found = image.origins.find((one) => one.relation === relation)
        return found === undefined ? null : Number(found.id)
      }
      return {
        ID: Number(image.ref.id),
        Name: image.name ?? '',
        Description: image.description ?? '',
        Type: image.kind,
        Status: image.providerStatus,
        Architecture: image.architecture === 'aarch64' ? 'arm' : 'x86',
        Created: image.createdAt,
        Deleted: image.deletedAt ?? GO_ZERO_TIME,
        RapidDeploy: image.rapidDeploy,
        Protected: image.protected,
        Labels: image.labels,
        Deprecation: image.deprecatedAt === null ? null : [image.deprecatedAt, image.unavailableAfter],
        createdFrom: origin('created-from'),
        boundTo: origin('bound-to'),
        OSFlavor: raw.os_flavor,
        stored: size.stored ?? 0,
        virtual: size.virtual,
      }
    }
    const seen = (image: GoImage): Readonly<Record<string, unknown>> => ({
      ID: image.ID,
      Name: image.Name,
      Description: image.Description,
      Type: image.Type,
      Status: image.Status,
      Architecture: image.Architecture,
      Created: image.Created,
      Deleted: image.Deleted,
      RapidDeploy: image.RapidDeploy,
      Protected: image.Protection.Delete,
      Labels: image.Labels,
      Deprecation:
        image.Deprecation === null ? null : [image.Deprecation.Announced, image.Deprecation.UnavailableAfter],
      createdFrom: image.CreatedFrom?.ID ?? null,
      boundTo: image.BoundTo?.ID ?? null,
      OSFlavor: image.OSFlavor,
      stored: image.ImageSize * BYTES_PER_GB,
      virtual: image.DiskSize * BYTES_PER_GB,
    })

    it('are equal to those of imago, field by field', async () => {
      const all = await images({ IncludeDeprecated: true, Sort: ['id:asc'] })
      expect(all.length).toBeGreaterThan(150)
      const own = (await ownImages()).map(toGo)
      // hcloud-go stores gigabytes as float32.
      all.map(seen).forEach(({ stored, virtual }, index) => {
        expect(Number(stored) / Number(own[index]?.['stored'] || 1)).toBeCloseTo(stored === 0 ? 0 : 1, 6)
        expect(virtual).toBe(own[index]?.['virtual'])
      })
      const withoutSizes = (image: Readonly<Record<string, unknown>>): unknown =>
        Object.fromEntries(Object.entries(image).filter(([field]) => field !== 'stored' && field !== 'virtual'))
      expect(all.map(seen).map(withoutSizes)).toEqual(own.map(withoutSizes))
    })

    it('are returned in pages', async () => {
      const { Items, Meta } = await result<GoPage>('image.list', {
        Page: 2,
        PerPage: 7,
        Type: ['snapshot'],
        Sort: ['id:asc'],
      })
      const all = await images({ Type: ['snapshot'], Sort: ['id:asc'] })
      expect(Items).toEqual(all.slice(7, 14))
      expect(Meta.Pagination).toMatchObject({
        Page: 2,
        PerPage: 7,
        PreviousPage: 1,
        NextPage: 3,
        LastPage: Math.ceil(all.length / 7),
        TotalEntries: all.length,
      })
      expect(Meta.Ratelimit).toMatchObject({ Limit: 3600 })
      const beyond = await result<GoPage>('image.list', { Page: 100, PerPage: 50 })
      expect(beyond.Items).toEqual([])
    })

    it('are filtered and sorted', async () => {
      const server = await result<{ readonly ID: number }>('server.get', { IDOrName: 'web-1' })
      expect(new Set((await images({ Type: ['backup', 'app'] })).map(({ Type }) => Type))).toEqual(
        new Set(['backup', 'app']),
      )
      const bound = await images({ BoundTo: { ID: server.ID } })
      expect(bound.map(({ BoundTo }) => BoundTo?.ID)).toEqual([server.ID, server.ID, server.ID])
      expect(await descriptions({ LabelSelector: 'role in (db,ci),keep!=true' })).toEqual(['ci runner'])
      expect(await descriptions({ LabelSelector: 'batch=3', Sort: ['created:desc'] })).toEqual(
        Array.from({ length: 12 }, (_, index) => `nightly ${3 + 10 * index}`),
      )
      expect(
        new Set((await images({ Architecture: ['arm'], Type: ['system'] })).map(({ Architecture }) => Architecture)),
      ).toEqual(new Set(['arm']))
      expect(await images({ Status: ['creating'] })).toEqual([])
      expect(await images({ Name: 'no such image' })).toEqual([])
    })

    it('are found by ID and name, including deprecated ones', async () => {
      expect(await result('image.get', { ID: 350_000_001 })).toMatchObject({
        ID: 350_000_001,
        Type: 'snapshot',
        Labels: { role: 'db', keep: 'true' },
        Protection: { Delete: true },
      })
      expect(await result('image.get', { ID: 1 })).toBeNull()
      expect(await result('image.getForArchitecture', { IDOrName: 'ubuntu-24.04', Architecture: 'arm' })).toMatchObject(
        { Name: 'ubuntu-24.04', Architecture: 'arm', OSFlavor: 'ubuntu', OSVersion: '24.04' },
      )
      expect(await result('image.getForArchitecture', { IDOrName: 'debian-11', Architecture: 'x86' })).toMatchObject({
        Name: 'debian-11',
        Deprecation: { Announced: expect.any(String) },
      })
      expect(await result('image.getForArchitecture', { IDOrName: 'no such image', Architecture: 'x86' })).toBeNull()
    })

    it('are updated, and imago reads the changes', async () => {
      expect(
        await result('image.update', { ID: 350_000_002, Description: 'by Go', Labels: { only: 'this' } }),
      ).toMatchObject({ Description: 'by Go', Labels: { only: 'this' } })
      expect(await result('image.update', { ID: 350_000_002, Labels: {} })).toMatchObject({
        Description: 'by Go',
        Labels: {},
      })
      const own = await getValue(source().get('350000002'))
      expect(own).toMatchObject({ description: 'by Go', labels: {} })
      const [backup] = await images({ Type: ['backup'] })
      expect(await result('image.update', { ID: backup?.ID, Type: 'snapshot' })).toMatchObject({
        Type: 'snapshot',
        BoundTo: null,
      })
    })

    it('are protected, refuse to be deleted, and are deleted', async () => {
      const ID = 350_000_002
      expect(await result('image.changeProtection', { ID, Delete: true })).toMatchObject({
        Command: 'change_protection',
        Status: 'success',
        Progress: 100,
        Resources: [{ ID, Type: 'image' }],
      })
      expect((await call('image.delete', { ID })).error).toMatchObject({
        type: 'hcloud.Error',
        code: 'protected',
        status: 423,
      })
      await result('image.changeProtection', { ID, Delete: false })
      expect(await result<readonly unknown[]>('image.actions', { ID, Sort: ['id:asc'] })).toMatchObject([
        { Command: 'change_protection' },
        { Command: 'change_protection' },
      ])
      await result('image.delete', { ID })
      expect(await result('image.get', { ID })).toBeNull()
      expect((await call('image.delete', { ID })).error).toMatchObject({ code: 'not_found', status: 404 })
    })
  })

  describe('actions', () => {
    const server = async (): Promise<number> =>
      (await result<{ readonly ID: number }>('server.get', { IDOrName: 'web-1' })).ID

    it('of a snapshot can be awaited', async () => {
      const { Before, Action, Progress, After } = await result<{
        readonly Before: GoImage
        readonly Action: { readonly Status: string; readonly Command: string }
        readonly Progress: readonly number[]
        readonly After: GoImage
      }>('server.createImage', { ID: await server(), Description: 'by Go', Type: 'snapshot', Labels: { made: 'go' } })
      expect(Before).toMatchObject({ Status: 'creating', Description: 'by Go', ImageSize: 0 })
      expect(Action).toMatchObject({ Status: 'running', Command: 'create_image' })
      expect(Progress.at(-1)).toBe(100)
      expect(Progress).toEqual(Progress.toSorted((a, b) => a - b))
      expect(After).toMatchObject({
        ID: Before.ID,
        Status: 'available',
        Labels: { made: 'go' },
        CreatedFrom: { Name: 'web-1' },
      })
    })

    it('that fail are errors of WaitFor', async () => {
      simulator.projects[0]?.failNextAction('create_image', { code: 'no_space', message: 'no space left' })
      expect((await call('server.createImage', { ID: await server(), Type: 'snapshot' })).error).toEqual({
        type: 'hcloud.ActionError',
        code: 'no_space',
        message: 'no space left',
      })
    })

    it('that do not exist are not found by ID and by WaitFor', async () => {
      expect(await result('action.get', { ID: 1 })).toBeNull()
      expect((await call('action.waitFor', { IDs: [1] })).error?.message).toMatch(/actions not found: \[1\]/)
    })

    it('rebuild a server and attach an ISO', async () => {
      const ID = await server()
      const image = await result<GoImage>('image.getForArchitecture', { IDOrName: 'debian-12', Architecture: 'x86' })
      expect(await result('server.rebuild', { ID, Image: image.ID })).toMatchObject({
        Status: 'success',
        Command: 'rebuild_server',
      })
      const iso = await result<{ readonly ID: number }>('iso.get', { IDOrName: 'netboot.xyz.iso' })
      expect(await result('server.attachISO', { ID, ISO: iso.ID })).toMatchObject({
        Status: 'success',
        Command: 'attach_iso',
      })
      expect(await result('server.get', { IDOrName: String(ID) })).toMatchObject({
        Image: { Name: 'debian-12' },
        ISO: { Name: 'netboot.xyz.iso' },
      })
    })
  })

  it('servers, ISOs, locations, types, keys and prices are decoded', async () => {
    expect(await result('server.all', { Name: 'web-1' })).toMatchObject([
      {
        Name: 'web-1',
        Status: 'running',
        Location: { Name: expect.any(String) },
        ServerType: { Name: expect.any(String) },
        PublicNet: { IPv4: { IP: expect.any(String) } },
      },
    ])
    const isos = await result<
      readonly { readonly Name: string; readonly Type: string; readonly Architecture: string | null }[]
    >('iso.all', { Architecture: ['arm'] })
    expect(new Set(isos.map(({ Architecture }) => Architecture))).toEqual(new Set(['arm']))
    const locations = await result<readonly { readonly Name: string }[]>('location.all')
    expect(locations.map(({ Name }) => Name)).toEqual(['fsn1', 'nbg1', 'hel1', 'ash', 'hil', 'sin'])
    expect(await result('location.all', { Name: 'ash' })).toMatchObject([
      { Name: 'ash', Country: 'US', NetworkZone: 'us-east' },
    ])
    expect(await result('serverType.get', { IDOrName: 'cax11' })).toMatchObject({
      Name: 'cax11',
      Architecture: 'arm',
      Cores: 2,
      Memory: 4,
    })
    expect(await result('sshKey.all', {})).toMatchObject([{ Name: 'ops' }])
    expect(await result('pricing.get')).toMatchObject({
      Image: { PerGBMonth: { Currency: 'EUR', Net: expect.any(String) } },
    })
  })

  describe('errors', () => {
    const getError = async (fault: Fault): Promise<unknown> => {
      simulator.faults.add({ times: 10, fault })
      return (await call('image.list', { Type: ['backup'] })).error
    }

    it('are returned for an unknown and a read-only token', async () => {
      expect((await call('image.all', {}, 'wrong')).error).toMatchObject({
        type: 'hcloud.Error',
        code: 'unauthorized',
        status: 401,
      })
      expect((await call('image.delete', { ID: 350_000_003 }, simulator.readOnlyToken)).error).toMatchObject({
        type: 'hcloud.Error',
        code: 'forbidden',
        status: 403,
      })
    })

    it('are returned for changes of system images', async () => {
      expect((await call('image.delete', { ID: 161_547_269 })).error).toMatchObject({ code: 'forbidden', status: 403 })
      expect((await call('image.update', { ID: 161_547_269, Description: 'mine' })).error).toMatchObject({
        code: 'forbidden',
        status: 403,
      })
    })

    it('name invalid fields', async () => {
      expect((await call('image.update', { ID: 350_000_002, Labels: { 'not a key!': 'x' } })).error).toMatchObject({
        code: 'invalid_input',
        details: { Fields: [{ Name: 'labels', Messages: [expect.any(String)] }] },
      })
      expect((await call('image.list', { Sort: ['nonsense'] })).error).toMatchObject({
        code: 'invalid_input',
        details: { Fields: [{ Name: 'sort', Messages: [expect.any(String)] }] },
      })
    })

    it('are returned for a locked server', async () => {
      const slow = await createHetznerSimulator({ actionMs: 60_000 })
      const atSlow = (name: string, options: unknown): Promise<GoResult> =>
        callGoClient(program, name, options, { HCLOUD_TOKEN: slow.token, HCLOUD_ENDPOINT: slow.url })
      const { ID } = (await atSlow('server.get', { IDOrName: 'web-1' })).result as { readonly ID: number }
      const headers = { authorization: `Bearer ${slow.token}`, 'content-type': 'application/json' }
      expect(
        (
          await fetch(`${slow.url}/servers/${ID}/actions/create_image`, {
            method: 'POST',
            headers,
            body: '{"type":"snapshot"}',
          })
        ).status,
      ).toBe(201)
      expect((await atSlow('server.createImage', { ID, Type: 'snapshot' })).error).toMatchObject({
        type: 'hcloud.Error',
        code: 'locked',
        status: 423,
      })
      await slow.close()
    })

    it('are returned for the removed endpoint of data centers', async () => {
      expect((await call('datacenter.all')).error).toMatchObject({
        type: 'hcloud.Error',
        code: 'deprecated_api_endpoint',
        status: 410,
        details: { Announcement: expect.stringMatching(/^https:/) },
      })
    })

    it('are retried for a conflict and the rate limit', async () => {
      simulator.faults.add({
        times: 1,
        fault: { kind: 'status', status: 409, body: '{"error":{"code":"conflict","message":"changed meanwhile"}}' },
      })
      simulator.faults.add({ after: 1, times: 1, fault: { kind: 'status', status: 429 } })
      expect(await images({ Type: ['backup'] })).toHaveLength(4)
      expect(simulator.requests.all()).toHaveLength(3)
    })

    it.each<[Fault, Readonly<Record<string, unknown>>]>([
      [
        { kind: 'status', status: 429 },
        { type: 'hcloud.Error', code: 'rate_limit_exceeded', status: 429 },
      ],
      [
        { kind: 'status', status: 503 },
        { type: 'hcloud.Error', code: 'unavailable', status: 503 },
      ],
      [{ kind: 'html', status: 502 }, { type: 'hcloud.ErrStatusCode' }],
      [{ kind: 'expire-token' }, { type: 'hcloud.Error', code: 'unauthorized', status: 401 }],
      [
        { kind: 'truncate', atByte: 100 },
        { message: expect.stringMatching(/unexpected end of JSON input|unexpected EOF/) },
      ],
      [{ kind: 'odd-records' }, { message: expect.stringMatching(/cannot parse "yesterday|cannot unmarshal/) }],
    ])('are returned for the fault %j', async (fault, expected) => {
      expect(await getError(fault)).toMatchObject(expected)
    })
  })
})
