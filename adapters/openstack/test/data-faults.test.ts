import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import {
  RUN_EPOCH_PROPERTY,
  RUN_PROPERTY,
  createByteSource,
  ImageException,
  perform,
  type Image,
  type ImageSource,
} from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'
import fc from 'fast-check'
import { createOpenstackSource } from '../src/index.ts'
import { toSourceOptions, getValue } from './cloud.ts'
import { getError } from './get-error.ts'

const QUOTA = 4 * 2 ** 20
const BYTES = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) % 256)

const transport = createTransport()
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ catalogue: 'none', quotas: { imageSize: QUOTA } })
})
beforeEach(() => simulator.faults.clear())
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const createSource = (name = 'demo'): ImageSource => {
  const user = simulator.users.find((one) => one.name === name)
  const project = simulator.projects.find((one) => one.name === name)
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

const created = async (source: ImageSource, properties: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await getValue(perform(source, 'create', { name: 'data', diskFormat: 'raw', properties }))).ref.id
const filled = async (source: ImageSource): Promise<Image> =>
  getValue(perform(source, 'upload', await created(source), createByteSource(BYTES)))
const fetchStatus = async (source: ImageSource, id: string): Promise<string | null> =>
  (await getValue(source.get(id))).providerStatus

const puts = (): number => simulator.requests.all().filter(({ method }) => method === 'PUT').length

describe('upload', () => {
  it('sends data once with an expired token, and again after a 401', async () => {
    for (const [path, sent] of [
      ['**/v2/images/*', 1],
      ['**/v2/images/*/file', 2],
    ] as const) {
      const source = createSource()
      const id = await created(source)
      simulator.faults.clear()
      simulator.faults.add({ path, times: 1, fault: { kind: 'expire-token' } })
      const before = puts()
      const progress: number[] = []
      const image = await getValue(
        perform(source, 'upload', id, createByteSource(BYTES), { onProgress: (bytes) => progress.push(bytes) }),
      )
      expect(image.status).toBe('available')
      expect(image.size.stored).toBe(BYTES.length)
      expect(puts() - before).toBe(sent)
      expect(progress).toEqual(progress.toSorted((one, other) => one - other))
    }
  })

  it('returns QuotaExceeded and leaves the image queued', async () => {
    const source = createSource()
    const id = await created(source)
    const large = createByteSource(new Uint8Array(QUOTA + 1))
    for (const bytes of [large, { ...large, size: null }]) {
      expect(await getError(perform(source, 'upload', id, bytes))).toMatchObject({
        _tag: 'QuotaExceeded',
        operation: 'upload',
      })
      expect(await fetchStatus(source, id)).toBe('queued')
    }
    expect((await getValue(perform(source, 'upload', id, createByteSource(BYTES)))).status).toBe('available')
  })

  it.each([
    { kind: 'status', status: 503 },
    { kind: 'html', status: 502 },
    { kind: 'reset', atByte: 0 },
  ] as const)('is not repeated after %j', async (fault) => {
    const source = createSource()
    const id = await created(source)
    simulator.faults.add({ method: 'PUT', fault })
    const before = puts()
    expect((await getError(perform(source, 'upload', id, createByteSource(BYTES))))._tag).toBe('Unavailable')
    expect(puts() - before).toBe(1)
    expect(await fetchStatus(source, id)).toBe('queued')
  })
})

describe('download', () => {
  it('retries until the first byte', async () => {
    const source = createSource()
    const { ref } = await filled(source)
    const bytes = await getValue(perform(source, 'download', ref.id))
    for (const fault of [
      { kind: 'status', status: 503 },
      { kind: 'reset', atByte: 0 },
      { kind: 'expire-token' },
    ] as const) {
      simulator.faults.add({ path: '**/file', times: 1, fault })
      const chunks: Uint8Array[] = []
      for await (const chunk of await getValue(bytes.open())) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(BYTES)).toBe(true)
    }
  })

  it('throws if the connection breaks at any position', async () => {
    const source = createSource()
    const { ref } = await filled(source)
    const bytes = await getValue(perform(source, 'download', ref.id))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('truncate' as const, 'reset' as const),
        fc.integer({ min: 1, max: BYTES.length - 1 }),
        async (kind, atByte) => {
          simulator.faults.clear()
          simulator.faults.add({ path: '**/file', fault: { kind, atByte } })
          const chunks: Uint8Array[] = []
          // Before the first byte, failures are values; Node determines when a reset is detected.
          const opened = await bytes.open()()
          const reading = async (): Promise<void> => {
            if (E.isLeft(opened)) throw new ImageException(opened.left)
            for await (const chunk of opened.right) chunks.push(chunk)
          }
          const thrown = await reading().catch((error: unknown) => error)
          expect(ImageException.is(thrown) && thrown.error._tag).toBe(
            kind === 'truncate' ? 'IntegrityFailed' : 'Unavailable',
          )
          const got = Buffer.concat(chunks)
          expect(got.length <= atByte && got.equals(BYTES.subarray(0, got.length))).toBe(true)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('resumes at the position of the failure', async () => {
    const source = createSource()
    const { ref } = await filled(source)
    const bytes = await getValue(perform(source, 'download', ref.id))
    simulator.faults.add({ path: '**/file', times: 3, fault: { kind: 'reset', atByte: 80_000 } })
    const chunks: Uint8Array[] = []
    let at = 0
    for (let tries = 0; at < BYTES.length && tries < 20; tries++) {
      // Before the first byte, failures are values; Node determines when a reset is detected.
      const opened = await bytes.open({ start: at, end: null })()
      if (E.isLeft(opened)) {
        expect(opened.left._tag).toBe('Unavailable')
        continue
      }
      try {
        for await (const chunk of opened.right) {
          chunks.push(chunk)
          at += chunk.length
        }
      } catch (thrown) {
        expect(ImageException.is(thrown) && thrown.error._tag).toBe('Unavailable')
      }
    }
    expect(Buffer.concat(chunks).equals(BYTES)).toBe(true)
  })
})

describe('orphans of a run', () => {
  it('are found and deleted only without data', async () => {
    const source = createSource()
    const waiting = await created(source, { [RUN_PROPERTY]: 'run-1', [RUN_EPOCH_PROPERTY]: '3' })
    const whole = await created(source, { [RUN_PROPERTY]: 'run-1' })
    await getValue(perform(source, 'upload', whole, createByteSource(BYTES)))
    await created(source)
    await created(createSource('other'), { [RUN_PROPERTY]: 'run-1' })

    const found = await getValue(perform(source, 'orphans'))
    expect(found).toEqual([
      { kind: 'image', id: waiting, name: 'data', run: 'run-1', epoch: 3, createdAt: expect.stringMatching(/Z$/) },
    ])
    const [orphan] = found
    if (orphan === undefined) throw new Error('nothing was found')

    expect(await getError(perform(source, 'deleteOrphan', { ...orphan, id: whole }))).toMatchObject({
      _tag: 'Forbidden',
      operation: 'deleteOrphan',
    })
    expect((await getError(perform(source, 'deleteOrphan', { ...orphan, run: 'run-2' })))._tag).toBe('Forbidden')
    // A community image of another project is readable and may have the property.
    const foreign = await getValue(
      perform(createSource('other'), 'create', {
        name: 'trap',
        diskFormat: 'raw',
        visibility: 'community',
        properties: { [RUN_PROPERTY]: 'run-1' },
      }),
    )
    expect(await getError(perform(source, 'deleteOrphan', { ...orphan, id: foreign.ref.id }))).toMatchObject({
      _tag: 'Forbidden',
      what: expect.stringContaining('its owner is'),
    })
    // An administrator could delete it.
    expect(
      await getError(perform(createSource('admin'), 'deleteOrphan', { ...orphan, id: foreign.ref.id })),
    ).toMatchObject({ _tag: 'Forbidden', what: expect.stringContaining('its owner is') })
    expect(await fetchStatus(source, foreign.ref.id)).toBe('queued')
    await getValue(perform(source, 'protect', waiting, true))
    expect(await getError(perform(source, 'deleteOrphan', orphan))).toMatchObject({
      _tag: 'Forbidden',
      what: expect.stringContaining('it is protected'),
    })
    await getValue(perform(source, 'protect', waiting, false))
    for (const _ of ['once', 'again']) await getValue(perform(source, 'deleteOrphan', orphan))
    expect(await getValue(perform(source, 'orphans'))).toEqual([])
    expect(await fetchStatus(source, whole)).toBe('active')
  })
})

describe('image with a chosen ID', () => {
  it('is created once', async () => {
    const source = createSource()
    const id = '0e3093b1-4cc7-599d-af26-e0b47c2359af'
    const request = { id, name: 'once', diskFormat: 'raw' }
    expect((await getValue(perform(source, 'create', request))).ref.id).toBe(id)
    expect((await getError(perform(source, 'create', request)))._tag).toBe('Conflict')
    expect((await getError(perform(source, 'create', { ...request, id: 'mine' })))._tag).toBe('Rejected')
  })
})

describe('stores', () => {
  it('receive the data they are chosen for; an unknown store is Rejected', async () => {
    const source = createSource('admin')
    const id = await created(source)
    expect((await getError(perform(source, 'upload', id, createByteSource(BYTES), { store: 'nowhere' })))._tag).toBe(
      'Rejected',
    )
    expect((await getValue(perform(source, 'upload', id, createByteSource(BYTES), { store: 'slow' }))).stores).toEqual([
      'slow',
    ])
    expect(await getError(perform(source, 'copyToStore', id, { stores: [] }))).toMatchObject({ _tag: 'Rejected' })
    // The store already has the data.
    expect(await getValue(perform(source, 'copyToStore', id, { stores: ['slow'] }))).toMatchObject({
      status: 'success',
    })
    expect(await getError(perform(source, 'copyToStore', await created(source), { stores: ['fast'] }))).toMatchObject({
      _tag: 'Conflict',
    })
  })
})
