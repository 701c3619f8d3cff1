import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { listAll, formatError, perform } from '@imago/core/provider'
import { createHetznerSimulator, type Fault, type FaultRule, type HetznerSimulator } from '@imago/simulator'
import { createHetznerSource } from '../src/index.ts'
import { errorBody, getError, jumpingTime, optionsFor, serveApi, getValue } from './local-api.ts'

let simulator: HetznerSimulator
let sleeps: readonly number[]

beforeEach(async () => {
  simulator = await createHetznerSimulator({ extraSnapshots: 120, rateLimit: { limit: 100_000 } })
})
afterEach(() => simulator.close())

const source = () => {
  const time = jumpingTime()
  sleeps = time.sleeps
  return createHetznerSource({ ...optionsFor(simulator.url, { timing: time.timing }), token: simulator.token })
}
const strike = (fault: Fault, rule: Omit<FaultRule, 'fault'> = {}): void =>
  void simulator.faults.add({ path: '/v1/images', ...rule, fault })
const all = async (): Promise<readonly string[]> => (await getValue(listAll(source()))).items.map(({ ref }) => ref.id)

describe('listAll, with temporary faults', () => {
  it.each<[string, Fault]>([
    ['502', { kind: 'html', status: 502 }],
    ['504', { kind: 'html', status: 504 }],
    ['429', { kind: 'status', status: 429 }],
    ['conflict', { kind: 'status', status: 409, body: JSON.stringify(errorBody('conflict')) }],
    ['a response that breaks off', { kind: 'reset', atByte: 500 }],
  ])('retries after %s', async (_, fault) => {
    const expected = await all()
    expect(expected.length).toBeGreaterThan(130)
    strike(fault, { after: 1, times: 2 })
    expect(await all()).toEqual(expected)
    expect(sleeps.length).toBe(2)
    expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(1000)
  })

  it('replaces a broken idle connection without a pause', async () => {
    const expected = await all()
    strike({ kind: 'reset', atByte: 0 }, { after: 1, times: 1 })
    expect(await all()).toEqual(expected)
    expect(sleeps).toEqual([])
  })

  it('ignores a wrong content type and repeated images', async () => {
    const expected = await all()
    strike({ kind: 'content-type', value: 'text/html' })
    expect(await all()).toEqual(expected)
    simulator.faults.clear()
    strike({ kind: 'duplicate' })
    const found = await all()
    expect(new Set(found).size).toBe(found.length)
  })
})

describe('listAll, with lasting faults', () => {
  it.each<[string, Fault, string]>([
    ['503', { kind: 'status', status: 503 }, 'Unavailable'],
    ['500', { kind: 'html', status: 500 }, 'Unavailable'],
    ['a response that breaks off', { kind: 'reset', atByte: 500 }, 'Unavailable'],
    ['a truncated response', { kind: 'truncate', atByte: 500 }, 'DecodeFailed'],
    ['a list that does not end', { kind: 'loop' }, 'DecodeFailed'],
    ['an expired token', { kind: 'expire-token' }, 'Unauthorized'],
    ['too many requests', { kind: 'status', status: 429 }, 'RateLimited'],
  ])('fails without the token in the error: %s', async (_, fault, tag) => {
    strike(fault, { after: 1 })
    const error = await getError(listAll(source()))
    expect(error).toMatchObject({ _tag: tag, operation: 'listPage', provider: 'hetzner', cloud: 'prod' })
    expect(formatError(error)).not.toContain(simulator.token)
    expect(formatError(error)).not.toContain('<')
  })

  it('does not follow a redirect to another host', async () => {
    const otherHost = await serveApi(() => ({ json: { images: [] } }))
    strike({ kind: 'redirect', location: `${otherHost.url}/images` })
    expect(await getError(listAll(source()))).toMatchObject({ _tag: 'ConfigInvalid' })
    expect(otherHost.asked).toEqual([])
  })
})

describe('the Hetzner source at a faulty server', () => {
  it('listAll ignores links to another host, because pages are numbers', async () => {
    const otherHost = await serveApi(() => ({ json: { images: [] } }))
    const expected = await all()
    strike({ kind: 'foreign-link', origin: new URL(otherHost.url).origin })
    expect(await all()).toEqual(expected)
    expect(otherHost.asked).toEqual([])
  })

  it('listAll reports invalid records and returns the others', async () => {
    const before = await getValue(listAll(source()))
    strike({ kind: 'odd-records' })
    const { items, rejected, drift } = await getValue(listAll(source()))
    expect(before).toMatchObject({ rejected: [], drift: [] })
    expect(rejected.length).toBeGreaterThan(0)
    expect(drift.length).toBeGreaterThan(0)
    // All records are returned except the rejected ones.
    expect(items.length).toBeGreaterThanOrEqual(before.items.length - rejected.length)
  })

  it('createFromServer does not repeat a request whose response was lost', async () => {
    const snapshots = async () => (await getValue(listAll(source(), { kind: 'snapshot' }))).items.length
    const before = await snapshots()
    const answer = await fetch(`${simulator.url}/servers`, { headers: { authorization: `Bearer ${simulator.token}` } })
    const { servers } = (await answer.json()) as { readonly servers: readonly { readonly id: number }[] }
    strike({ kind: 'reset', atByte: 10 }, { path: '/v1/servers/*/actions/create_image', method: 'POST' })
    expect(await getError(perform(source(), 'createFromServer', { serverId: String(servers[0]?.id) }))).toMatchObject({
      _tag: 'Unavailable',
      hint: 'The request may have been carried out: check before you retry',
    })
    expect(await snapshots()).toBe(before + 1)
  })
})
