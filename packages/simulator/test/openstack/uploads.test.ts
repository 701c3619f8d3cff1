import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createManualClock, createOpenstackSimulator, type Fault, type OpenstackSimulator } from '../../src/index.ts'
import { logIn } from './client.ts'

const clock = createManualClock(Date.UTC(2026, 10, 22))
let simulator: OpenstackSimulator
let token: string
beforeAll(async () => {
  simulator = await createOpenstackSimulator({ clock: clock.now, catalogue: 'none' })
  token = await logIn(simulator, 'demo')
})
afterEach(() => simulator.faults.clear())
afterAll(() => simulator.close())

const ask = (
  path: string,
  init: { readonly method?: string; readonly type?: string; readonly body?: string } = {},
): Promise<Response> =>
  fetch(`${simulator.url}/image${path}`, {
    method: init.method ?? 'GET',
    headers: { 'x-auth-token': token, 'content-type': init.type ?? 'application/json' },
    ...(init.body === undefined ? {} : { body: init.body }),
  })

const readStatus = async (id: string): Promise<string> =>
  ((await (await ask(`/v2/images/${id}`)).json()) as { readonly status: string }).status

/** Waits for the simulator's background work. */
const becomes = async (id: string, status: string): Promise<void> => {
  while ((await readStatus(id)) !== status) await new Promise((resolve) => setImmediate(resolve))
}

const DATA = 'x'.repeat(100_000)

/** Uploads data to a new image with these faults, and returns the response. */
const sent = async (
  ...faults: readonly Fault[]
): Promise<{ readonly id: string; readonly answer: Promise<Response> }> => {
  const { id } = (await (
    await ask('/v2/images', {
      method: 'POST',
      body: JSON.stringify({ name: 'one', disk_format: 'raw', container_format: 'bare' }),
    })
  ).json()) as { readonly id: string }
  for (const fault of faults) simulator.faults.add({ method: 'PUT', times: 1, fault })
  return { id, answer: ask(`/v2/images/${id}/file`, { method: 'PUT', type: 'application/octet-stream', body: DATA }) }
}

describe('an upload', () => {
  it('is saving for its duration by the clock, and responds afterwards', async () => {
    const { id, answer } = await sent({ kind: 'saving', ms: 25_000 })
    await becomes(id, 'saving')
    const again = await ask(`/v2/images/${id}/file`, { method: 'PUT', type: 'application/octet-stream', body: 'x' })
    expect(again.status).toBe(409)
    clock.advance(25_000)
    expect((await answer).status).toBe(204)
    expect(await readStatus(id)).toBe('active')
  })

  it('is queued again if the store fails', async () => {
    const { id, answer } = await sent({ kind: 'saving', ms: 1000, fails: true })
    await becomes(id, 'saving')
    clock.advance(1000)
    expect((await answer).status).toBe(503)
    expect(await readStatus(id)).toBe('queued')
  })

  it('returns Gone if the image is deleted while it is saved', async () => {
    const { id, answer } = await sent({ kind: 'saving', ms: 1000 })
    await becomes(id, 'saving')
    expect((await ask(`/v2/images/${id}`, { method: 'DELETE' })).status).toBe(204)
    clock.advance(1000)
    expect((await answer).status).toBe(410)
  })

  it('receives a gateway’s response after the whole body, and Glance continues', async () => {
    const { id, answer } = await sent({ kind: 'gateway', status: 504 }, { kind: 'saving', ms: 25_000 })
    const { status, headers } = await answer
    expect(status).toBe(504)
    expect(headers.get('content-type')).toBe('text/html')
    await becomes(id, 'saving')
    clock.advance(25_000)
    expect(await readStatus(id)).toBe('active')
  })

  it.each([0, 50_000])('receives a gateway’s response after %i bytes, and Glance stores nothing', async (atByte) => {
    const { id, answer } = await sent({ kind: 'gateway', status: 413, atByte })
    expect((await answer).status).toBe(413)
    await becomes(id, 'queued')
  })

  it.each([
    [undefined, 'active'],
    [50_000, 'queued'],
  ] as const)('whose connection breaks after %p bytes leaves an image that is %s', async (atByte, status) => {
    const { id, answer } = await sent(atByte === undefined ? { kind: 'cut' } : { kind: 'cut', atByte })
    await expect(answer).rejects.toThrow()
    await becomes(id, status)
  })
})
