import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import {
  createByteSource,
  ImageException,
  type ByteImageOptions,
  type ByteSource,
  type ImageError,
  type NewImage,
} from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { errorBody, errorOf, valueOf } from '../local-api.ts'
import { BYTES_PER_GB, createScene, diskBytes, made, NEW, read, sha512, thrownBy, type Scene } from './moving.ts'

jest.setTimeout(120_000)

let scene: Scene
let before: Awaited<ReturnType<Scene['inventory']>>
const BYTES = diskBytes()

const begin = async (...options: Parameters<typeof createScene>): Promise<void> => {
  await scene?.close()
  scene = await createScene(...options)
  before = await scene.inventory()
}
beforeEach(() => begin())
afterEach(() => scene.close())

const create = (
  bytes: ByteSource = createByteSource(BYTES),
  options: Partial<ByteImageOptions> = {},
  request: NewImage = NEW,
) => scene.source.createFromBytes(request, bytes, { run: 'r1', ...options })

/** The error, after which nothing must be left of the run. */
const failure = async (...parameters: Parameters<typeof create>): Promise<ImageError> => {
  const error = await errorOf(create(...parameters))
  expect(await scene.inventory()).toEqual(before)
  return error
}

const overSsh = (
  fault: Parameters<Scene['simulator']['faults']['add']>[0]['fault'],
  rule: { readonly after?: number; readonly times?: number } = {},
): void => void scene.simulator.faults.add({ method: 'SSH', path: '/servers/*', fault, ...rule })

describe('what passes', () => {
  test('connections that break while the disk is written: it is written again', async () => {
    overSsh({ kind: 'reset', atByte: 1_500_000 }, { times: 2 })
    const sent: number[] = []
    const opened: number[] = []
    const bytes = createByteSource(BYTES)
    const counted: ByteSource = { ...bytes, open: (...given) => (opened.push(1), bytes.open(...given)) }
    const { image } = await valueOf(create(counted, { onProgress: (count) => void sent.push(count) }))
    expect(opened.length).toBe(3)
    expect(sent).toEqual(sent.toSorted((one, other) => one - other))
    expect(sha512(await read(await valueOf(scene.source.download(image.ref.id))))).toBe(sha512(BYTES))
  })

  test('connections that break while the disk is read: it is read on', async () => {
    const image = await made(scene, BYTES)
    overSsh({ kind: 'reset', atByte: 1_000_000 }, { times: 2 })
    const steps = await valueOf(scene.source.download(image.ref.id))
    expect(sha512(await read(steps))).toBe(sha512(BYTES))
    expect(scene.simulator.faults.list().map(({ struck }) => struck)).toEqual([2])
  })

  test('a rescue system that takes its time', async () => {
    overSsh({ kind: 'reset', atByte: 0 }, { times: 3 })
    await valueOf(create(createByteSource(BYTES.subarray(0, 100_000))))
  })

  test.each(['nothing', 'unsupported'] as const)(
    'a disk that cannot be emptied (%s): nothing is passed over',
    async (discard) => {
      await begin({ simulator: { rescue: { discard } } })
      // What the disk held before stands in its middle.
      const bytes = diskBytes(24 * BYTES_PER_GB)
      const { image, verified } = await valueOf(create(createByteSource(bytes)))
      expect(verified).toBe('digest-match')
      expect(sha512(await read(await valueOf(scene.source.download(image.ref.id))))).toBe(sha512(bytes))
    },
  )

  test('servers that are sold out: the next place has one', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers',
      method: 'POST',
      times: 2,
      fault: { kind: 'status', status: 412, body: JSON.stringify(errorBody('resource_unavailable')) },
    })
    scene.simulator.projects[0]?.failNextAction('create_server', { code: 'resource_unavailable', message: 'sold out' })
    const steps: string[] = []
    await valueOf(create(createByteSource(BYTES.subarray(0, 100_000)), { onStep: (step) => void steps.push(step) }))
    expect(steps.filter((step) => step.startsWith('there is no ')).length).toBe(3)
    expect((await scene.inventory()).servers).toEqual(before.servers)
  })

  test('a snapshot of which the answer got lost: it is found, and not made twice', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers/*/actions/create_image',
      method: 'POST',
      times: 1,
      fault: { kind: 'reset', atByte: 10 },
    })
    const { image } = await valueOf(create())
    expect(image.status).toBe('available')
    expect(await scene.inventory()).toEqual({ ...before, snapshots: [...before.snapshots, 'made-here'] })
  })
})

describe('what does not pass leaves nothing', () => {
  test('a server that cannot be made', async () => {
    scene.simulator.projects[0]?.failNextAction('create_server')
    expect(await failure()).toMatchObject({
      _tag: 'Rejected',
      operation: 'createFromBytes',
      what: 'Action failed (action_failed)',
    })
  })

  test('a rescue system that cannot be enabled, a server that does not start or stop, a snapshot that fails', async () => {
    for (const command of ['enable_rescue', 'start_server', 'stop_server', 'create_image']) {
      scene.simulator.projects[0]?.failNextAction(command)
      expect(await failure()).toMatchObject({ _tag: 'Rejected' })
    }
  })

  test('nothing to be had anywhere', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers',
      method: 'POST',
      fault: { kind: 'status', status: 412, body: JSON.stringify(errorBody('resource_unavailable')) },
    })
    expect(await failure()).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(/^all \d+ suitable kinds of servers are sold out$/),
    })
  })

  test('a rescue system that never comes up', async () => {
    let tries = 0
    await begin({
      rescue: {
        connect: () => {
          tries += 1
          scene.skip(60_000)
          return Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:22'), { code: 'ECONNREFUSED' }))
        },
      },
    })
    expect(await failure()).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(/^the rescue system of server \d+ did not start within 5 minutes: .*ECONNREFUSED$/),
    })
    expect(tries).toBe(5)
  })

  test('another host key than the first', async () => {
    overSsh({ kind: 'reset', atByte: 1_500_000 }, { times: 1 })
    overSsh({ kind: 'host-key' }, { after: 1 })
    expect(await failure()).toMatchObject({
      _tag: 'Forbidden',
      reason: 'host_key',
      what: expect.stringMatching(/^the host key of server \d+ has changed/),
    })
  })

  test('connections that break each time', async () => {
    overSsh({ kind: 'reset', atByte: 1_500_000 })
    expect(await failure()).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(/^the connection to server \d+ broke while writing the disk$/),
    })
  })

  test('a disk that is too small after all', async () => {
    expect(await failure(createByteSource(new Uint8Array(41 * BYTES_PER_GB)))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(/^the disk of server \d+ is too small: it has 41943040 bytes, the image 42991616$/),
    })
  })

  test('more or fewer bytes than were said', async () => {
    const bytes = createByteSource(BYTES)
    expect(await failure({ ...bytes, size: BYTES.length + 1 })).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: `${BYTES.length + 1} bytes`,
      actual: `${BYTES.length} bytes`,
    })
    expect(await failure({ ...bytes, size: 100_000 })).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: '100000 bytes',
    })
    expect(await failure({ ...bytes, size: null }, { virtualSize: 100_000 })).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: 'at most 100000 bytes',
    })
  })

  test('bytes that fail are not asked for again: their error is given as it is', async () => {
    let opened = 0
    const error = await errorOf(scene.source.get('1'))
    const lost: ImageError = { ...error, _tag: 'Unavailable' } as ImageError
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield BYTES.subarray(0, 3_000_000)
      throw new ImageException(lost)
    }
    expect(await failure({ size: BYTES.length, open: () => (opened++, TE.fromIO(failing)) })).toEqual(lost)
    expect(await failure({ size: BYTES.length, open: () => (opened++, TE.left(lost)) })).toEqual(lost)
    expect(opened).toBe(2)
  })
})

test('the rest of a disk that is larger than its bytes is zeros', async () => {
  const virtualSize = BYTES.length + 3 * BYTES_PER_GB
  const { image } = await valueOf(create(undefined, { virtualSize }))
  const back = await read(await valueOf(scene.source.download(image.ref.id)))
  expect(sha512(back)).toBe(sha512(Buffer.concat([BYTES, Buffer.alloc(3 * BYTES_PER_GB)])))
})

describe('a run that is aborted', () => {
  test('leaves nothing, wherever it stands', async () => {
    const steps: string[] = []
    await valueOf(create(undefined, { onStep: (step) => void steps.push(step) }))
    before = await scene.inventory()
    // The last step is the clean-up: nothing is aborted any more.
    for (const at of steps.slice(0, -1).keys()) {
      const controller = new AbortController()
      let step = 0
      expect(
        await failure(undefined, {
          signal: controller.signal,
          onStep: () => void (step++ === at && controller.abort()),
        }),
      ).toMatchObject({ _tag: 'Aborted', operation: 'createFromBytes' })
    }
  })

  test('leaves nothing, in the middle of the bytes', async () => {
    const controller = new AbortController()
    expect(
      await failure(undefined, {
        signal: controller.signal,
        onProgress: (count) => void (count > 5_000_000 && controller.abort()),
      }),
    ).toMatchObject({ _tag: 'Aborted' })
    expect(await failure(undefined, { signal: AbortSignal.abort() })).toMatchObject({ _tag: 'Aborted' })
  })
})

describe('a mistake of whoever uses it', () => {
  test('leaves nothing: neither a listener that throws, nor a connection', async () => {
    const thrown = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => null,
        (error: unknown) => error,
      )
    const listens = {
      onStep: (step: string) => {
        if (step.includes('boots')) throw new Error('a listener')
      },
    }
    expect(await thrown(create(undefined, listens)())).toMatchObject({ message: 'a listener' })
    expect(await scene.inventory()).toEqual(before)
    await begin({
      rescue: {
        connect: () => {
          throw new Error('no function')
        },
      },
    })
    expect(await thrown(create()())).toMatchObject({ message: 'no function' })
    expect(await scene.inventory()).toEqual(before)
  })
})

describe('a download', () => {
  test('that is left early, or aborted, or never begun, leaves no server', async () => {
    const image = await made(scene, BYTES)
    before = await scene.inventory()
    const source = await valueOf(scene.source.download(image.ref.id))
    for await (const chunk of await valueOf(source.open())) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect(await scene.inventory()).toEqual(before)

    const during = new AbortController()
    const reading = async (): Promise<void> => {
      for await (const _ of await valueOf(source.open(undefined, during.signal))) during.abort()
    }
    expect(await thrownBy(reading())).toMatchObject({ _tag: 'Aborted', operation: 'download' })
    expect(await scene.inventory()).toEqual(before)

    const never = new AbortController()
    const bytes = await valueOf(source.open(undefined, never.signal))
    expect((await scene.inventory()).servers.length).toBe(before.servers.length + 1)
    never.abort()
    expect(await thrownBy(bytes[Symbol.asyncIterator]().next())).toMatchObject({ _tag: 'Aborted' })
    expect(await scene.inventory()).toEqual(before)
    expect(await errorOf(source.open(undefined, AbortSignal.abort()))).toMatchObject({ _tag: 'Aborted' })

    const unread = (await valueOf(source.open()))[Symbol.asyncIterator]()
    expect(await unread.return?.()).toMatchObject({ done: true })
    expect(await scene.inventory()).toEqual(before)
    expect(await unread.next()).toMatchObject({ done: true })
  })

  test('of what cannot be read is refused before a server is made', async () => {
    const image = await made(scene, BYTES)
    const source = await valueOf(scene.source.download(image.ref.id))
    const requests = scene.simulator.faults
    requests.add({ path: '/v1/servers', method: 'POST', fault: { kind: 'status', status: 500 } })
    expect(await errorOf(source.open({ start: BYTES.length + 1, end: null }))).toMatchObject({ _tag: 'Rejected' })
    expect(await errorOf(scene.source.download('12345'))).toMatchObject({ _tag: 'NotFound', operation: 'download' })
  })
})
