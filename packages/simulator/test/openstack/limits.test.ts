import { afterEach, describe, expect, it } from '@jest/globals'
import { createOpenstackSimulator, type OpenstackSimulator, type OpenstackSimulatorOptions } from '../../src/index.ts'
import { logIn } from './client.ts'

const MIB = 2 ** 20

const simulators: OpenstackSimulator[] = []
afterEach(async () => void (await Promise.all(simulators.splice(0).map(({ close }) => close()))))

type Ask = (
  path: string,
  init?: { readonly method: string; readonly type?: string; readonly body: string | Buffer },
) => Promise<Response>

const at = async (options: OpenstackSimulatorOptions): Promise<Ask> => {
  const simulator = await createOpenstackSimulator({ catalogue: 'none', ...options })
  simulators.push(simulator)
  const token = await logIn(simulator, 'demo')
  return (path, init) =>
    fetch(`${simulator.url}/image${path}`, {
      ...(init === undefined ? {} : { method: init.method, body: init.body }),
      headers: { 'x-auth-token': token, 'content-type': init?.type ?? 'application/json' },
    })
}

const created = (ask: Ask, format = 'raw'): Promise<Response> =>
  ask('/v2/images', { method: 'POST', body: JSON.stringify({ disk_format: format, container_format: 'bare' }) })
const readId = async (answer: Response): Promise<string> => ((await answer.json()) as { readonly id: string }).id
const sent = async (ask: Ask, size: number): Promise<Response> =>
  ask(`/v2/images/${await readId(await created(ask))}/file`, {
    method: 'PUT',
    type: 'application/octet-stream',
    body: Buffer.alloc(size),
  })
const usageAt = async (ask: Ask): Promise<unknown> =>
  ((await (await ask('/v2/info/usage')).json()) as { readonly usage: unknown }).usage

describe('unified limits', () => {
  it('are not returned if disabled', async () =>
    expect(await usageAt(await at({ quotas: { storage: MIB } }))).toEqual({}))

  it('return usage and limit of the project, in whole MiB', async () => {
    const ask = await at({ quotas: { images: 5, storage: 10 * MIB, uploads: 2 } })
    expect((await sent(ask, 3 * MIB + 7)).status).toBe(204)
    await created(ask)
    expect(await usageAt(ask)).toEqual({
      image_size_total: { usage: 3, limit: 10 },
      image_stage_total: { usage: 0, limit: 10 },
      image_count_total: { usage: 2, limit: 5 },
      image_count_uploading: { usage: 0, limit: 2 },
    })
  })

  it('refuse data over the limit before it is read, and one image too many', async () => {
    const ask = await at({ quotas: { images: 2, storage: 2 * MIB } })
    const refused = await sent(ask, 3 * MIB)
    expect(refused.status).toBe(413)
    expect(await refused.text()).toContain('image_size_total is over limit of 2 due to current usage 0 and delta 3')
    expect((await sent(ask, 2 * MIB)).status).toBe(204)
    const third = await created(ask)
    expect(third.status).toBe(413)
    expect(await third.text()).toContain('image_count_total is over limit of 2')
  })

  it('are unlimited at -1', async () => {
    const ask = await at({ quotas: { images: -1 } })
    expect((await sent(ask, MIB)).status).toBe(204)
    expect(await usageAt(ask)).toMatchObject({
      image_count_total: { usage: 1, limit: -1 },
      image_size_total: { usage: 1, limit: -1 },
    })
  })

  it('refuse too many concurrent uploads', async () => {
    const ask = await at({ quotas: { images: 2, uploads: 0 } })
    expect((await sent(ask, 10)).status).toBe(413)
  })
})

describe('formats', () => {
  it('are those that the operator allows, in the schema and for new images', async () => {
    const ask = await at({ formats: { disk: ['raw'], container: ['bare'] } })
    const { properties } = (await (await ask('/v2/schemas/image')).json()) as {
      readonly properties: Readonly<Record<string, { readonly enum?: unknown }>>
    }
    expect(properties['disk_format']?.enum).toEqual([null, 'raw'])
    expect(properties['container_format']?.enum).toEqual([null, 'bare'])
    expect((await created(ask, 'raw')).status).toBe(201)
    expect((await created(ask, 'qcow2')).status).toBe(400)
  })
})
