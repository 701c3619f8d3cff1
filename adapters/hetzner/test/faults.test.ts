import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { listAll, formatError, perform } from '@imago/core/provider'
import { createHetznerSimulator, type Fault, type FaultRule, type HetznerSimulator } from '@imago/simulator'
import { createHetznerSource } from '../src/index.ts'
import { errorBody, errorOf, jumpingTime, optionsFor, serveApi, valueOf } from './local-api.ts'

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
const all = async (): Promise<readonly string[]> => (await valueOf(listAll(source()))).items.map(({ ref }) => ref.id)

describe('what passes is not noticed', () => {
  test.each<[string, Fault]>([
    ['502', { kind: 'html', status: 502 }],
    ['504', { kind: 'html', status: 504 }],
    ['429', { kind: 'status', status: 429 }],
    ['conflict', { kind: 'status', status: 409, body: JSON.stringify(errorBody('conflict')) }],
    ['an answer that breaks', { kind: 'reset', atByte: 500 }],
  ])('%s', async (_, fault) => {
    const expected = await all()
    expect(expected.length).toBeGreaterThan(130)
    strike(fault, { after: 1, times: 2 })
    expect(await all()).toEqual(expected)
    expect(sleeps.length).toBe(2)
    expect(Math.min(...sleeps)).toBeGreaterThanOrEqual(1000)
  })

  test('a kept connection that breaks: another takes its place at once', async () => {
    const expected = await all()
    strike({ kind: 'reset', atByte: 0 }, { after: 1, times: 1 })
    expect(await all()).toEqual(expected)
    expect(sleeps).toEqual([])
  })

  test('a wrong content type, and images that come twice', async () => {
    const expected = await all()
    strike({ kind: 'content-type', value: 'text/html' })
    expect(await all()).toEqual(expected)
    simulator.faults.clear()
    strike({ kind: 'duplicate' })
    const found = await all()
    expect(new Set(found).size).toBe(found.length)
  })
})

describe('what lasts is a clear error, without a word of the token', () => {
  test.each<[string, Fault, string]>([
    ['503', { kind: 'status', status: 503 }, 'Unavailable'],
    ['500', { kind: 'html', status: 500 }, 'Unavailable'],
    ['a broken answer', { kind: 'reset', atByte: 500 }, 'Unavailable'],
    ['an answer that is cut', { kind: 'truncate', atByte: 500 }, 'DecodeFailed'],
    ['a list in circles', { kind: 'loop' }, 'DecodeFailed'],
    ['a token that has expired', { kind: 'expire-token' }, 'Unauthorized'],
    ['too many requests', { kind: 'status', status: 429 }, 'RateLimited'],
  ])('%s', async (_, fault, tag) => {
    strike(fault, { after: 1 })
    const error = await errorOf(listAll(source()))
    expect(error).toMatchObject({ _tag: tag, operation: 'listPage', provider: 'hetzner', cloud: 'prod' })
    expect(formatError(error)).not.toContain(simulator.token)
    expect(formatError(error)).not.toContain('<')
  })

  test('a redirect to another host, which never hears of the token', async () => {
    const thief = await serveApi(() => ({ json: { images: [] } }))
    strike({ kind: 'redirect', location: `${thief.url}/images` })
    expect(await errorOf(listAll(source()))).toMatchObject({ _tag: 'ConfigInvalid' })
    expect(thief.asked).toEqual([])
  })
})

test('links to another host are not even looked at: pages are numbers', async () => {
  const thief = await serveApi(() => ({ json: { images: [] } }))
  const expected = await all()
  strike({ kind: 'foreign-link', origin: new URL(thief.url).origin })
  expect(await all()).toEqual(expected)
  expect(thief.asked).toEqual([])
})

test('odd records cost only themselves', async () => {
  const before = await valueOf(listAll(source()))
  strike({ kind: 'odd-records' })
  const { items, rejected, drift } = await valueOf(listAll(source()))
  expect(before).toMatchObject({ rejected: [], drift: [] })
  expect(rejected.length).toBeGreaterThan(0)
  expect(drift.length).toBeGreaterThan(0)
  // Each record without an id that could not be read was one; the others are there.
  expect(items.length).toBeGreaterThanOrEqual(before.items.length - rejected.length)
})

test('a snapshot that a gateway lost sight of is not made twice', async () => {
  const snapshots = async () => (await valueOf(listAll(source(), { kind: 'snapshot' }))).items.length
  const before = await snapshots()
  const answer = await fetch(`${simulator.url}/servers`, { headers: { authorization: `Bearer ${simulator.token}` } })
  const { servers } = (await answer.json()) as { readonly servers: readonly { readonly id: number }[] }
  strike({ kind: 'reset', atByte: 10 }, { path: '/v1/servers/*/actions/create_image', method: 'POST' })
  expect(await errorOf(perform(source(), 'createFromServer', { serverId: String(servers[0]?.id) }))).toMatchObject({
    _tag: 'Unavailable',
    hint: 'The request may have been carried out: check before you retry',
  })
  expect(await snapshots()).toBe(before + 1)
})
