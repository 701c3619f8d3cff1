import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startHetzner, type Client } from './client.ts'

let client: Client
beforeEach(async () => {
  client = await startHetzner()
})
afterEach(() => client.simulator.close())

const findId = async (name: string): Promise<number> => (await client.get(`/servers?name=${name}`)).body.servers[0].id
const act = async (name: string, action: string, body: unknown = {}) =>
  client.ask('POST', `/servers/${await findId(name)}/actions/${action}`, body)

describe('a snapshot', () => {
  it('is creating while its action runs, by the clock, and available afterwards', async () => {
    const { status, body } = await act('web-1', 'create_image', { description: 'before', labels: { a: 'b' } })
    expect(status).toBe(201)
    expect(body.image).toMatchObject({
      status: 'creating',
      name: null,
      image_size: null,
      disk_size: 40,
      type: 'snapshot',
      created_from: { name: 'web-1' },
      labels: { a: 'b' },
    })
    expect(body.action).toMatchObject({ command: 'create_image', status: 'running', progress: 0, finished: null })
    client.clock.advance(1500)
    expect((await client.get(`/actions/${body.action.id}`)).body.action).toMatchObject({
      status: 'running',
      progress: 50,
    })
    client.clock.advance(1500)
    expect((await client.get(`/actions?id=${body.action.id}&id=1`)).body).toMatchObject({
      actions: [
        { status: 'success', progress: 100, started: '2026-11-22T12:00:00Z', finished: '2026-11-22T12:00:03Z' },
      ],
    })
    const { image } = (await client.get(`/images/${body.image.id}`)).body
    expect(image.status).toBe('available')
    expect(image.image_size > 0).toBe(true)
    expect(image.os_flavor).toBe('ubuntu')
    expect((await client.get(`/images/${image.id}/actions`)).body.actions).toHaveLength(1)
    expect((await client.get(`/images/actions/${body.action.id}`)).body.action.id).toBe(body.action.id)
  })

  it('is refused with 423 while the server has a running action, and cannot be deleted meanwhile', async () => {
    const { body } = await act('web-1', 'create_image')
    const second = await act('web-1', 'create_image')
    expect(second.status).toBe(423)
    expect(second.body.error.code).toBe('locked')
    expect((await client.get(`/servers/${await findId('web-1')}`)).body.server.locked).toBe(true)
    expect((await client.ask('DELETE', `/images/${body.image.id}`)).body.error.code).toBe('locked')
    client.clock.advance(3000)
    expect((await act('web-1', 'create_image')).status).toBe(201)
  })

  it('has a default description; an empty one stays empty', async () => {
    expect((await act('web-1', 'create_image')).body.image.description).toBe(
      'snapshot image created at 2026-11-22 12:00:00',
    )
    expect((await act('db-1', 'create_image', { description: '' })).body.image.description).toBe('')
  })

  it('fails after failNextAction', async () => {
    client.simulator.projects[0]?.failNextAction('create_image', { code: 'no_space', message: 'no space left' })
    const { body } = await act('web-1', 'create_image')
    client.clock.advance(3000)
    expect((await client.get(`/actions/${body.action.id}`)).body.action).toMatchObject({
      status: 'error',
      error: { code: 'no_space', message: 'no space left' },
    })
    expect((await client.get(`/images/${body.image.id}`)).status).toBe(404)
    expect((await act('web-1', 'create_image')).status).toBe(201)
  })

  it('of type backup requires backups, has seven slots, and is deleted with its server', async () => {
    expect((await act('db-1', 'create_image', { type: 'backup' })).status).toBe(422)
    const id = await findId('web-1')
    const backups = async (): Promise<readonly { readonly id: number }[]> =>
      (await client.get(`/images?bound_to=${id}`)).body.images
    const before = await backups()
    for (let round = 0; round < 5; round++) {
      await act('web-1', 'create_image', { type: 'backup' })
      client.clock.advance(3000)
    }
    const after = await backups()
    expect(before.length).toBe(3)
    expect(after.length).toBe(7)
    expect(after.some((image) => image.id === before[0]?.id)).toBe(false)
    await client.ask('DELETE', `/servers/${id}`)
    client.clock.advance(500)
    expect(await backups()).toEqual([])
    expect((await client.get(`/servers/${id}`)).status).toBe(404)
  })
})

describe('a server', () => {
  const order = (fields: object): ReturnType<Client['ask']> =>
    client.ask('POST', '/servers', { name: 'new', server_type: 'cx23', image: 'debian-12', ...fields })

  it('is created from the image for its architecture, and started', async () => {
    const { status, body } = await order({ server_type: 'cax11', location: 'hel1' })
    expect(status).toBe(201)
    expect(body.server).toMatchObject({
      status: 'initializing',
      image: { name: 'debian-12', architecture: 'arm' },
      location: { name: 'hel1' },
    })
    expect(body.action.command).toBe('create_server')
    expect(body.next_actions[0].command).toBe('start_server')
    expect(body.root_password.length).toBe(20)
    const status$ = async (): Promise<string> => (await client.get(`/servers/${body.server.id}`)).body.server.status
    client.clock.advance(1500)
    expect(await status$()).toBe('starting')
    client.clock.advance(500)
    expect(await status$()).toBe('running')
  })

  it('is created from the current one of two images with the same name', async () => {
    expect(
      (await client.get('/images?name=docker-ce&architecture=x86&include_deprecated=true')).body.images,
    ).toMatchObject([{ id: 15_559_586 }, { id: 40_093_140, deprecation: null }])
    expect((await order({ image: 'docker-ce' })).body.server.image.id).toBe(40_093_140)
  })

  it('stays off on request, and has no password if it has keys', async () => {
    const { body } = await order({ start_after_create: false, ssh_keys: ['ops'], image: 114_690_387 })
    expect(body.next_actions).toEqual([])
    expect(body.root_password).toBeNull()
    client.clock.advance(1500)
    expect((await client.get(`/servers/${body.server.id}`)).body.server.status).toBe('off')
  })

  it.each([
    ['name', { name: 'no name' }],
    ['image', { image: 'nonsense' }],
    ['image', { image: 114_690_389 }],
    ['image', { image: 'centos-7' }],
    ['server_type', { server_type: 'huge' }],
    ['location', { location: 'moon' }],
    ['ssh_keys', { ssh_keys: ['nobody'] }],
    ['start', { start: true }],
  ])('is refused with a wrong %s', async (field, fields) => {
    const { status, body } = await order(fields)
    expect(status).toBe(422)
    expect(body.error.code).toBe('invalid_input')
    expect(body.error.details.fields[0].name).toEqual(field)
  })

  it('has a unique name', async () => {
    const { status, body } = await order({ name: 'web-1' })
    expect(status).toBe(409)
    expect(body.error.code).toBe('uniqueness_error')
  })

  it('requires a disk that is large enough for the snapshot', async () => {
    const [image] = (await client.get('/images?type=snapshot&label_selector=keep')).body.images
    expect((await order({ image: image.id })).status).toBe(422)
    expect((await order({ image: String(image.id), server_type: 'cpx22' })).status).toBe(201)
  })

  it('shows a deleted image with its time of deletion', async () => {
    const [image] = (await client.get('/images?type=snapshot&label_selector=env%3Dstaging')).body.images
    const { body } = await order({ image: image.id })
    await client.ask('DELETE', `/images/${image.id}`)
    expect((await client.get(`/servers/${body.server.id}`)).body.server.image).toMatchObject({
      id: image.id,
      deleted: '2026-11-22T12:00:00Z',
    })
  })

  it('supports power, rebuild, ISO and rescue actions', async () => {
    const id = await findId('db-1')
    const server = async () => (await client.get(`/servers/${id}`)).body.server
    const step = async (action: string, body?: unknown) => {
      const answer = await client.ask('POST', `/servers/${id}/actions/${action}`, body)
      client.clock.advance(2000)
      return answer
    }
    await step('enable_rescue', { type: 'linux64', ssh_keys: [24_000_001] })
    expect(await server()).toMatchObject({ status: 'off', rescue_enabled: true })
    await step('poweron')
    expect(await server()).toMatchObject({ status: 'running', rescue_enabled: false })
    await step('shutdown', {})
    expect((await server()).status).toBe('off')
    await step('enable_rescue')
    client.clock.advance(3_600_000)
    expect((await server()).rescue_enabled).toBe(false)
    expect((await step('rebuild', { image: 'fedora-43' })).body.root_password).toHaveLength(20)
    // The old content of its disk is deleted first, in real time.
    for (let round = 0; round < 200 && (await server()).locked; round++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await server()).toMatchObject({ status: 'running', image: { name: 'fedora-43' } })
    await step('attach_iso', { iso: 'netboot.xyz.iso' })
    expect((await server()).iso.name).toBe('netboot.xyz.iso')
    expect((await step('attach_iso', { iso: 8637 })).status).toBe(422)
    await step('detach_iso')
    expect((await server()).iso).toBeNull()
    await step('change_protection', { delete: true, rebuild: true })
    expect((await client.ask('DELETE', `/servers/${id}`)).body.error.code).toBe('protected')
    expect((await step('rebuild', { image: 'fedora-43' })).body.error.code).toBe('protected')
    expect(
      (await client.get(`/servers/${id}/actions?sort=command:desc&status=success`)).body.actions.map(
        ({ command }: { readonly command: string }) => command,
      ),
    ).toEqual([
      'start_server',
      'shutdown_server',
      'rebuild_server',
      'enable_rescue',
      'enable_rescue',
      'detach_iso',
      'change_protection',
      'attach_iso',
    ])
  })
})

describe('servers of the Hetzner simulator', () => {
  it('SSH keys can be created, changed and deleted', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl someone@example.test'
    const made = await client.ask('POST', '/ssh_keys', { name: 'mine', public_key: key, labels: { a: '' } })
    expect(made.status).toBe(201)
    expect(made.body.ssh_key).toMatchObject({
      name: 'mine',
      fingerprint: '65:96:2d:fc:e8:d5:a9:11:64:0c:0f:ea:00:6e:5b:bd',
      public_key: key,
    })
    const { id, fingerprint } = made.body.ssh_key
    expect((await client.get(`/ssh_keys?fingerprint=${fingerprint}`)).body.ssh_keys).toHaveLength(1)
    expect((await client.ask('POST', '/ssh_keys', { name: 'again', public_key: key })).body.error).toMatchObject({
      code: 'uniqueness_error',
    })
    expect((await client.ask('POST', '/ssh_keys', { name: 'other', public_key: 'nonsense' })).status).toBe(422)
    expect((await client.ask('PUT', `/ssh_keys/${id}`, { name: 'ops' })).status).toBe(409)
    expect((await client.ask('PUT', `/ssh_keys/${id}`, { name: 'renamed' })).body.ssh_key).toMatchObject({
      name: 'renamed',
      labels: { a: '' },
    })
    expect((await client.ask('DELETE', `/ssh_keys/${id}`)).status).toBe(204)
    expect((await client.get(`/ssh_keys/${id}`)).status).toBe(404)
  })

  it('the API refuses invalid requests, and completes others at once', async () => {
    const [server] = (await client.get('/servers')).body.servers
    const act = (name: string, body: unknown = {}) => client.ask('POST', `/servers/${server.id}/actions/${name}`, body)
    expect(server).not.toHaveProperty('datacenter')
    expect((await act('detach_iso')).body.action).toMatchObject({ status: 'success', progress: 100 })
    expect(await act('change_protection', { delete: true, rebuild: false })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_input' } },
    })
    expect(await act('change_protection', { delete: true })).toMatchObject({ status: 422 })
    expect(await act('enable_backup', { backup_hour: 3 })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_input' } },
    })
    expect(
      await client.ask('POST', '/servers', {
        name: 'new',
        server_type: 'cx22',
        image: 'debian-12',
        datacenter: 'fsn1-dc14',
      }),
    ).toMatchObject({ status: 422 })
  })

  it('no Arm image is older than Hetzner’s first Arm servers', async () => {
    const arm = (await client.get('/images?architecture=arm&per_page=50&include_deprecated=true')).body
      .images as readonly { readonly type: string; readonly created: string }[]
    const offered = arm.filter(({ type }) => type === 'system' || type === 'app')
    expect(offered.length).toBeGreaterThan(10)
    expect(offered.filter(({ created }) => created < '2023-03-01')).toEqual([])
  })

  it('read-only resources can be listed', async () => {
    const names = async (path: string): Promise<readonly string[]> =>
      Object.values((await client.get(path)).body as object).flatMap((value) =>
        Array.isArray(value) ? value.map(({ name }) => name) : [],
      )
    expect(await names('/locations')).toEqual(['fsn1', 'nbg1', 'hel1', 'ash', 'hil', 'sin'])
    expect(await names('/server_types?name=cax11')).toEqual(['cax11'])
    expect(await names('/isos?architecture=arm')).not.toContain('netboot.xyz.iso')
    expect(await names('/isos?architecture=arm&include_architecture_wildcard=true')).toContain('netboot.xyz.iso')
    expect((await client.get('/isos/124000')).body.iso).toMatchObject({ name: null, type: 'private' })
    expect(await client.get('/datacenters/2')).toMatchObject({
      status: 410,
      body: { error: { code: 'deprecated_api_endpoint' } },
    })
    expect((await client.get('/pricing')).body.pricing.image.price_per_gb_month.net).toMatch(/^\d+\.\d+$/)
  })
})
