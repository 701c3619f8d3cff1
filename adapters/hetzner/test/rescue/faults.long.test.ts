import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  createByteSource,
  ImageException,
  type ByteImageOptions,
  type ByteSource,
  type ImageError,
  type NewImage,
} from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { errorBody, getError, getValue } from '../local-api.ts'
import { BYTES_PER_GB, createScene, diskBytes, made, NEW, read, sha512, thrownBy, type Scene } from './transferring.ts'

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

/** Returns the error, and checks that no resources of the run are left. */
const failure = async (...parameters: Parameters<typeof create>): Promise<ImageError> => {
  const error = await getError(create(...parameters))
  expect(await scene.inventory()).toEqual(before)
  return error
}

const runOverSsh = (
  fault: Parameters<Scene['simulator']['faults']['add']>[0]['fault'],
  rule: { readonly after?: number; readonly times?: number } = {},
): void => void scene.simulator.faults.add({ method: 'SSH', path: '/servers/*', fault, ...rule })

describe('createFromBytes and download, with temporary faults', () => {
  it('write the disk again after a broken connection', async () => {
    runOverSsh({ kind: 'reset', atByte: 1_500_000 }, { times: 2 })
    const sent: number[] = []
    const opened: number[] = []
    const bytes = createByteSource(BYTES)
    const counted: ByteSource = { ...bytes, open: (...given) => (opened.push(1), bytes.open(...given)) }
    const { image } = await getValue(create(counted, { onProgress: (count) => void sent.push(count) }))
    expect(opened.length).toBe(3)
    expect(sent).toEqual(sent.toSorted((one, other) => one - other))
    expect(sha512(await read(await getValue(scene.source.download(image.ref.id))))).toBe(sha512(BYTES))
  })

  it('continue to read the disk after a broken connection', async () => {
    const image = await made(scene, BYTES)
    runOverSsh({ kind: 'reset', atByte: 1_000_000 }, { times: 2 })
    const steps = await getValue(scene.source.download(image.ref.id))
    expect(sha512(await read(steps))).toBe(sha512(BYTES))
    expect(scene.simulator.faults.list().map(({ struck }) => struck)).toEqual([2])
  })

  it('wait for a rescue system that starts slowly', async () => {
    runOverSsh({ kind: 'reset', atByte: 0 }, { times: 3 })
    await getValue(create(createByteSource(BYTES.subarray(0, 100_000))))
  })

  it.each(['nothing', 'unsupported'] as const)('write zeros if the disk cannot be discarded (%s)', async (discard) => {
    await begin({ simulator: { rescue: { discard } } })
    // The middle of the disk contains old data.
    const bytes = diskBytes(24 * BYTES_PER_GB)
    const { image, verified } = await getValue(create(createByteSource(bytes)))
    expect(verified).toBe('digest-match')
    expect(sha512(await read(await getValue(scene.source.download(image.ref.id))))).toBe(sha512(bytes))
  })

  it('try the next location if a server type is sold out', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers',
      method: 'POST',
      times: 2,
      fault: { kind: 'status', status: 412, body: JSON.stringify(errorBody('resource_unavailable')) },
    })
    scene.simulator.projects[0]?.failNextAction('create_server', { code: 'resource_unavailable', message: 'sold out' })
    const steps: string[] = []
    await getValue(create(createByteSource(BYTES.subarray(0, 100_000)), { onStep: (step) => void steps.push(step) }))
    expect(steps.filter((step) => step.includes(' servers are sold out in ')).length).toBe(3)
    expect((await scene.inventory()).servers).toEqual(before.servers)
  })

  it('find a snapshot whose response was lost, and do not create another', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers/*/actions/create_image',
      method: 'POST',
      times: 1,
      fault: { kind: 'reset', atByte: 10 },
    })
    const { image } = await getValue(create())
    expect(image.status).toBe('available')
    expect(await scene.inventory()).toEqual({ ...before, snapshots: [...before.snapshots, 'made-here'] })
  })
})

describe('createFromBytes, with lasting faults, leaves no resources after', () => {
  it('a failed creation of the server', async () => {
    scene.simulator.projects[0]?.failNextAction('create_server')
    expect(await failure()).toMatchObject({
      _tag: 'Rejected',
      operation: 'createFromBytes',
      what: 'Action failed (action_failed)',
    })
  })

  it('a failure to enable the rescue system, start or stop the server, or create the snapshot', async () => {
    for (const command of ['enable_rescue', 'start_server', 'stop_server', 'create_image']) {
      scene.simulator.projects[0]?.failNextAction(command)
      expect(await failure()).toMatchObject({ _tag: 'Rejected' })
    }
  })

  it('all server types are sold out', async () => {
    scene.simulator.faults.add({
      path: '/v1/servers',
      method: 'POST',
      fault: { kind: 'status', status: 412, body: JSON.stringify(errorBody('resource_unavailable')) },
    })
    expect(await failure()).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(/^all suitable server types are sold out in the locations that were tried$/),
    })
  })

  it('a rescue system that does not start', async () => {
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
      what: expect.stringMatching(
        /^the rescue system of server \d+ did not start within 5 minutes: .*\(ECONNREFUSED\)$/,
      ),
    })
    expect(tries).toBe(5)
  })

  it('a changed host key', async () => {
    runOverSsh({ kind: 'reset', atByte: 1_500_000 }, { times: 1 })
    runOverSsh({ kind: 'host-key' }, { after: 1 })
    expect(await failure()).toMatchObject({
      _tag: 'Forbidden',
      reason: 'host_key',
      what: expect.stringMatching(/^the host key of server \d+ has changed/),
    })
  })

  it('connections that break every time', async () => {
    runOverSsh({ kind: 'reset', atByte: 1_500_000 })
    expect(await failure()).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(/^the connection to server \d+ was lost while writing the disk$/),
    })
  })

  it('a disk that is too small', async () => {
    expect(await failure(createByteSource(new Uint8Array(41 * BYTES_PER_GB)))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(/^the disk of server \d+ is too small: it has 41943040 bytes, the image 42991616$/),
    })
  })

  it('more or fewer bytes than declared', async () => {
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

  it('an error of the bytes, which is returned without another try', async () => {
    let opened = 0
    const error = await getError(scene.source.get('1'))
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

describe('rescue transfers under faults', () => {
  it('createFromBytes fills a disk larger than the bytes with zeros', async () => {
    const virtualSize = BYTES.length + 3 * BYTES_PER_GB
    const { image } = await getValue(create(undefined, { virtualSize }))
    const back = await read(await getValue(scene.source.download(image.ref.id)))
    expect(sha512(back)).toBe(sha512(Buffer.concat([BYTES, Buffer.alloc(3 * BYTES_PER_GB)])))
  })

  describe('an aborted createFromBytes', () => {
    it('leaves no resources, at any step', async () => {
      const steps: string[] = []
      await getValue(create(undefined, { onStep: (step) => void steps.push(step) }))
      before = await scene.inventory()
      // The last step is the clean-up, which is not aborted.
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

    it('leaves no resources while the bytes are sent', async () => {
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

  describe('an exception of the caller', () => {
    it('in a listener or a connection leaves no resources', async () => {
      const thrown = (work: Promise<unknown>): Promise<unknown> =>
        work.then(
          () => null,
          (error: unknown) => error,
        )
      const listens = {
        onStep: (step: string) => {
          if (step.startsWith('booting ')) throw new Error('a listener')
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
    it('that stops early, is aborted or never begins leaves no server', async () => {
      const image = await made(scene, BYTES)
      before = await scene.inventory()
      const source = await getValue(scene.source.download(image.ref.id))
      for await (const chunk of await getValue(source.open())) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
      expect(await scene.inventory()).toEqual(before)

      const during = new AbortController()
      const reading = async (): Promise<void> => {
        for await (const _ of await getValue(source.open(undefined, during.signal))) during.abort()
      }
      expect(await thrownBy(reading())).toMatchObject({ _tag: 'Aborted', operation: 'download' })
      expect(await scene.inventory()).toEqual(before)

      const never = new AbortController()
      const bytes = await getValue(source.open(undefined, never.signal))
      expect((await scene.inventory()).servers.length).toBe(before.servers.length + 1)
      never.abort()
      expect(await thrownBy(bytes[Symbol.asyncIterator]().next())).toMatchObject({ _tag: 'Aborted' })
      expect(await scene.inventory()).toEqual(before)
      expect(await getError(source.open(undefined, AbortSignal.abort()))).toMatchObject({ _tag: 'Aborted' })

      const unread = (await getValue(source.open()))[Symbol.asyncIterator]()
      expect(await unread.return?.()).toMatchObject({ done: true })
      expect(await scene.inventory()).toEqual(before)
      expect(await unread.next()).toMatchObject({ done: true })
    })

    it('of an invalid range or a missing image is rejected before a server is created', async () => {
      const image = await made(scene, BYTES)
      const source = await getValue(scene.source.download(image.ref.id))
      const requests = scene.simulator.faults
      requests.add({ path: '/v1/servers', method: 'POST', fault: { kind: 'status', status: 500 } })
      expect(await getError(source.open({ start: BYTES.length + 1, end: null }))).toMatchObject({ _tag: 'Rejected' })
      expect(await getError(scene.source.download('12345'))).toMatchObject({ _tag: 'NotFound', operation: 'download' })
    })
  })
})
