import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createManualClock,
  createOpenstackSimulator,
  type ManualClock,
  type OpenstackSimulator,
} from '@imago/simulator'
import { readFileSync } from 'node:fs'
import { logIn } from './client.ts'
import { toShape } from './recorded.ts'

type WireRecord = Readonly<Record<string, unknown>>

const recorded = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../../../schemas/openstack/fixtures/compute/zed/${name}.json`, import.meta.url), 'utf8'),
  )

const SNAPSHOT_MS = 1000
let clock: ManualClock
let simulator: OpenstackSimulator
let token: string

beforeAll(async () => {
  clock = createManualClock(Date.UTC(2026, 10, 1))
  simulator = await createOpenstackSimulator({ clock: clock.now, snapshotMs: SNAPSHOT_MS })
  token = await logIn(simulator, 'demo')
})

afterAll(async () => {
  await simulator.close()
})

const ask = (
  path: string,
  init: { readonly method?: string; readonly body?: string; readonly version?: string } = {},
) =>
  fetch(`${simulator.url}${path}`, {
    method: init.method ?? 'GET',
    ...(init.body === undefined ? {} : { body: init.body }),
    headers: {
      'x-auth-token': token,
      ...(init.version === undefined ? {} : { 'openstack-api-version': `compute ${init.version}` }),
    },
  })

const serverNamed = async (name: string): Promise<string> => {
  const { servers } = (await (await ask('/compute/v2.1/servers')).json()) as {
    readonly servers: readonly { readonly id: string; readonly name: string }[]
  }
  return servers.find((server) => server.name === name)?.id ?? ''
}

const imageAt = async (id: string): Promise<WireRecord> =>
  (await (await ask(`/image/v2/images/${id}`)).json()) as WireRecord

/** Calls createImage with the metadata of the recordings. */
const snapshot = async (server: string, version: string) =>
  ask(`/compute/v2.1/servers/${await serverNamed(server)}/action`, {
    method: 'POST',
    body: JSON.stringify({ createImage: { name: 'snap', metadata: { lab: 'yes' } } }),
    version,
  })

/** Returns the shape of an image: the recorded number of bytes may be absent in the simulator. */
const shapeOfImage = (image: unknown): unknown => {
  const { virtual_size: _, ...rest } = image as WireRecord
  return toShape(rest)
}

interface State {
  readonly image: WireRecord | null
}

describe('snapshot of a server with its disk on the host', () => {
  const states = recorded('transitions-web-2-snap') as readonly State[]
  const recordedImage = (status: string): WireRecord | null | undefined =>
    states.findLast(({ image }) => image?.['status'] === status)?.image

  it('has the recorded keys and types while queued, saving and active', async () => {
    const { image_id: id } = (await (await snapshot('web-1', '2.45')).json()) as { readonly image_id: string }
    expect(shapeOfImage(await imageAt(id))).toEqual(shapeOfImage(states[0]?.image))
    clock.advance(SNAPSHOT_MS / 2)
    expect(shapeOfImage(await imageAt(id))).toEqual(shapeOfImage(recordedImage('saving')))
    clock.advance(SNAPSHOT_MS / 2)
    expect(shapeOfImage(await imageAt(id))).toEqual(shapeOfImage(recordedImage('active')))
  })
})

describe('snapshot of a server that boots from a volume', () => {
  const { response } = recorded('glance-image-vol-1-snap') as { readonly response: { readonly body: WireRecord } }

  it('is active at once without data, with the recorded keys and types', async () => {
    const { image_id: id } = (await (await snapshot('database', '2.45')).json()) as { readonly image_id: string }
    const image = await imageAt(id)
    expect(shapeOfImage(image)).toEqual(shapeOfImage(response.body))
    expect(image).toMatchObject({ status: 'active', size: 0, base_image_ref: '', bdm_v2: 'True' })
  })

  it('names its disks like Nova', async () => {
    const { image_id: id } = (await (await snapshot('database', '2.45')).json()) as { readonly image_id: string }
    const parseDevices = (image: WireRecord): unknown => JSON.parse(String(image['block_device_mapping']))
    expect(toShape(parseDevices(await imageAt(id)))).toEqual(toShape(parseDevices(response.body)))
  })
})

describe('createImage', () => {
  it('returns no body, and a Location with two slashes, below 2.45', async () => {
    const { response } = recorded('nova-createImage-2.1') as {
      readonly response: { readonly status: number; readonly headers: Readonly<Record<string, string>> }
    }
    const answer = await snapshot('web-1', '2.1')
    expect(answer.status).toBe(response.status)
    expect(await answer.text()).toBe('')
    const withoutId = (location: string | null | undefined) => location?.match(/\/\/images\/[\da-f-]{36}$/)?.[0].length
    expect(withoutId(answer.headers.get('location'))).toBe(withoutId(response.headers['Location']))
  })
})

describe('server list', () => {
  const { response } = recorded('nova-servers-detail-2.1') as {
    readonly response: { readonly body: { readonly servers: readonly WireRecord[] } }
  }
  const listed = async (name: string): Promise<WireRecord | undefined> => {
    const { servers } = (await (await ask('/compute/v2.1/servers/detail')).json()) as {
      readonly servers: readonly WireRecord[]
    }
    return servers.find((server) => server['name'] === name)
  }
  /** Returns the shape of a server, without user-defined keys: those of metadata and, with a network, of addresses. */
  const shapeOfServer = (server: WireRecord | undefined): unknown => {
    const { metadata: _metadata, addresses: _addresses, ...rest } = server ?? {}
    return toShape(rest)
  }
  const recordedServer = (name: string): WireRecord | undefined =>
    response.body.servers.find((server) => server['name'] === name)

  it.each([
    { simulated: 'web-1', real: 'web-1', what: 'its disk is on the host' },
    { simulated: 'database', real: 'vol-1', what: 'it boots from a volume' },
  ])('has the recorded keys and types if $what', async ({ simulated, real }) => {
    expect(shapeOfServer(await listed(simulated))).toEqual(shapeOfServer(recordedServer(real)))
  })
})
