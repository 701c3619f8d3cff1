import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  createManualClock,
  createOpenstackSimulator,
  type ManualClock,
  type OpenstackSimulator,
} from '@imago/simulator'
import { readFileSync } from 'node:fs'
import { logIn } from './client.ts'

type WireRecord = Readonly<Record<string, unknown>>

const recordedServers = (name: string): readonly WireRecord[] =>
  (
    JSON.parse(
      readFileSync(new URL(`../../../../schemas/openstack/fixtures/compute/zed/${name}.json`, import.meta.url), 'utf8'),
    ) as { readonly response: { readonly body: { readonly servers: readonly WireRecord[] } } }
  ).response.body.servers

let clock: ManualClock
let simulator: OpenstackSimulator
let token: string

beforeEach(async () => {
  clock = createManualClock(Date.UTC(2026, 10, 1))
  simulator = await createOpenstackSimulator({ clock: clock.now, snapshotMs: 1000 })
  token = await logIn(simulator, 'demo')
})
afterEach(() => simulator.close())

const ask = async (path: string, method = 'GET', body?: unknown): Promise<Response> =>
  fetch(`${simulator.url}${path}`, {
    method,
    headers: { 'x-auth-token': token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const servers = async (query = ''): Promise<readonly WireRecord[]> =>
  ((await (await ask(`/compute/v2.1/servers/detail${query}`)).json()) as { readonly servers: readonly WireRecord[] })
    .servers

const serverNamed = async (name: string): Promise<WireRecord> =>
  (await servers()).find((one) => one['name'] === name) ?? {}

const act = async (name: string, action: WireRecord): Promise<number> =>
  (await ask(`/compute/v2.1/servers/${String((await serverNamed(name))['id'])}/action`, 'POST', action)).status

const imageNamed = async (name: string): Promise<WireRecord | undefined> =>
  ((await (await ask(`/image/v2/images?name=${name}`)).json()) as { readonly images: readonly WireRecord[] }).images[0]

describe('Nova’s servers', () => {
  it('have only keys of real servers', async () => {
    const known = new Set(recordedServers('nova-servers-detail-2.1').flatMap((server) => Object.keys(server)))
    const keys = new Set((await servers()).flatMap((server) => Object.keys(server)))
    expect([...keys].filter((key) => !known.has(key))).toEqual([])
  })

  it('name the volume instead of an image if they boot from a volume', async () => {
    const { image, 'os-extended-volumes:volumes_attached': volumes } = await serverNamed('database')
    expect(image).toBe('')
    const [{ id } = { id: '' }] = volumes as readonly { readonly id: string }[]
    expect((await ask(`/volume/v3/volumes/${id}`)).status).toBe(200)
  })

  it('are found by image', async () => {
    const image = (await serverNamed('web-1'))['image'] as { readonly id: string }
    expect((await servers(`?image=${image.id}`)).map(({ name }) => name)).toEqual(['web-1', 'web-2', 'building'])
  })

  it('are listed in pages with links', async () => {
    const first = (await (await ask('/compute/v2.1/servers/detail?limit=3')).json()) as {
      readonly servers_links: readonly { readonly href: string }[]
    }
    const next = new URL(first.servers_links[0]?.href ?? '')
    expect((await servers(next.search)).map(({ name }) => name)).toEqual(['building'])
  })

  it('of all projects are listed for administrators only', async () => {
    expect((await ask('/compute/v2.1/servers/detail?all_tenants=1')).status).toBe(403)
  })
})

describe('shelved server', () => {
  beforeEach(async () => {
    expect(await act('web-1', { shelve: null })).toBe(202)
    clock.advance(1000)
  })

  it('names only its base image; its shelved image names the server', async () => {
    const server = await serverNamed('web-1')
    expect(server).toMatchObject({ status: 'SHELVED_OFFLOADED', image: (await serverNamed('web-2'))['image'] })
    expect(await imageNamed('web-1-shelved')).toMatchObject({ status: 'active', instance_uuid: server['id'] })
  })

  it('starts again from that image, which is then deleted', async () => {
    expect(await act('web-1', { unshelve: null })).toBe(202)
    expect((await serverNamed('web-1'))['status']).toBe('ACTIVE')
    expect(await imageNamed('web-1-shelved')).toBeUndefined()
  })

  it('is lost when that image is deleted, which Glance allows', async () => {
    const image = await imageNamed('web-1-shelved')
    expect((await ask(`/image/v2/images/${String(image?.['id'])}`, 'DELETE')).status).toBe(204)
    await act('web-1', { unshelve: null })
    expect(await serverNamed('web-1')).toMatchObject({
      status: 'ERROR',
      fault: { message: `Unshelve attempted but the image ${String(image?.['id'])} cannot be found.` },
    })
  })
})
