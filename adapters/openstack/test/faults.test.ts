import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { listAll, perform, type ImageResult, type ImageError, type ImageSource } from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { createOpenstackSimulator, type Fault, type OpenstackSimulator } from '@imago/simulator'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource } from '../src/index.ts'
import { toSourceOptions, getValue } from './cloud.ts'

const transport = createTransport()
let simulator: OpenstackSimulator
let everything: readonly string[]

beforeAll(async () => {
  simulator = await createOpenstackSimulator()
  everything = await idsIn(source())
})
beforeEach(() => simulator.faults.clear())
afterAll(async () => {
  await simulator.close()
  transport.close()
})

/** A source with short retry delays. */
const source = (): ImageSource => {
  const user = simulator.users.find(({ name }) => name === 'demo')
  const project = simulator.projects.find(({ name }) => name === 'demo')
  const options = toSourceOptions(
    {
      authUrl: simulator.authUrl,
      region: 'RegionOne',
      userId: user?.id ?? '',
      password: user?.password ?? '',
      project: project?.id ?? '',
    },
    transport,
  )
  return createOpenstackSource({
    ...options,
    connection: { ...options.connection, timing: { ...systemTiming, random: () => 0 } },
  })
}

const idsIn = async (at: ImageSource): Promise<readonly string[]> =>
  (await getValue(listAll(at, {}, { pageSize: 5 }))).items.map(({ ref }) => ref.id)

const readError = async (answer: ImageResult<unknown>): Promise<ImageError> => {
  const result = await answer()
  if (E.isRight(result)) throw new Error('it succeeded')
  return result.left
}

const onSecondPage = (fault: Fault, times = 1): void =>
  void simulator.faults.add({ method: 'GET', path: '^.*/v2/images\\?.*marker=', times, fault })

describe('listing with a failing second page', () => {
  it.each<Fault>([
    { kind: 'status', status: 503 },
    { kind: 'html', status: 502 },
    { kind: 'reset', atByte: 0 },
    { kind: 'reset', atByte: 100 },
    { kind: 'expire-token' },
    { kind: 'latency', ms: 50 },
    { kind: 'content-type', value: 'text/plain' },
    { kind: 'foreign-link', origin: 'http://evil.example' },
    { kind: 'duplicate' },
  ])('is complete after %j', async (fault) => {
    onSecondPage(fault)
    expect(await idsIn(source())).toEqual(everything)
  })

  it.each<readonly [Fault, ImageError['_tag']]>([
    [{ kind: 'truncate', atByte: 200 }, 'DecodeFailed'],
    [{ kind: 'redirect', location: 'http://evil.example/v2/images' }, 'ConfigInvalid'],
    [{ kind: 'loop' }, 'DecodeFailed'],
    [
      {
        kind: 'status',
        status: 400,
        body: '{"message": "Invalid.<br /><br />", "code": "400 Bad Request", "title": "Bad Request"}',
      },
      'Rejected',
    ],
    [{ kind: 'status', status: 418, body: 'short and stout' }, 'Rejected'],
  ])('fails with a clear error after %j', async (fault, tag) => {
    onSecondPage(fault, 100)
    expect(await readError(listAll(source(), {}, { pageSize: 5 }))).toMatchObject({
      _tag: tag,
      provider: 'openstack',
      cloud: 'prod',
      operation: 'listPage',
    })
  })

  it('skips unknown records with a report and keeps the others', async () => {
    onSecondPage({ kind: 'odd-records' })
    const { items, rejected, drift } = await getValue(listAll(source(), {}, { pageSize: 5 }))
    const all = new Set(everything)
    expect(rejected.length).toBeGreaterThan(0)
    expect(drift.length).toBeGreaterThan(0)
    expect(items.filter(({ ref }) => all.has(ref.id)).length).toBeGreaterThanOrEqual(
      everything.length - rejected.length,
    )
  })
})

describe('failing change', () => {
  it('is not repeated, because it may have been applied', async () => {
    simulator.faults.add({ method: 'POST', path: '**/v2/images', fault: { kind: 'status', status: 503 } })
    const before = simulator.requests.all().length
    expect((await readError(perform(source(), 'create', { name: 'once', diskFormat: 'raw' })))._tag).toBe('Unavailable')
    expect(
      simulator.requests
        .all()
        .slice(before)
        .filter(({ method, url }) => method === 'POST' && url.endsWith('/v2/images')),
    ).toHaveLength(1)
  })

  it('is repeated after an expired token', async () => {
    simulator.faults.add({ method: 'POST', path: '**/v2/images', times: 1, fault: { kind: 'expire-token' } })
    const at = source()
    const { ref } = await getValue(perform(at, 'create', { name: 'after all', diskFormat: 'raw' }))
    await getValue(perform(at, 'delete', ref.id))
  })
})
