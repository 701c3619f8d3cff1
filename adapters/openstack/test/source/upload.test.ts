import { describe, expect, it } from '@jest/globals'
import {
  createByteSource,
  ImageException,
  perform,
  rejected,
  createErrorSite,
  type ImageResult,
  type ByteSource,
  type Image,
  type UploadOptions,
} from '@imago/core/provider'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createOpenstackSource } from '../../src/index.ts'
import { getValue } from '../cloud.ts'
import { getError } from '../get-error.ts'
import { ACTIVE, DATA, dataServer, hexDigest, ID, QUEUED, type DataServer, type Handler } from '../local-data.ts'

interface Scene extends DataServer {
  readonly send: (bytes: ByteSource, options?: UploadOptions) => ImageResult<Image>
  readonly puts: () => readonly IncomingMessage['headers'][]
  readonly received: Buffer[]
}

type Receiver = (context: {
  readonly become: (record: Readonly<Record<string, unknown>>) => void
  readonly received: Buffer[]
}) => Handler

/** A queued image and the handling of uploaded data. */
const scene = async (receive: Receiver, first: Readonly<Record<string, unknown>> = QUEUED): Promise<Scene> => {
  let record = first
  const received: Buffer[] = []
  const server = await dataServer(() => record, receive({ become: (next) => void (record = next), received }))
  return {
    ...server,
    received,
    send: (bytes, options) => perform(createOpenstackSource(server.options), 'upload', ID, bytes, options),
    puts: () => server.seen.filter(({ method }) => method === 'PUT').map(({ headers }) => headers),
  }
}

/** Accepts and stores all data. */
const taking =
  (record: Readonly<Record<string, unknown>> = ACTIVE): Receiver =>
  ({ become, received }) =>
  async (request, response) => {
    received.push(await buffer(request))
    become(record)
    response.writeHead(204).end()
  }

const unsized: ByteSource = { ...createByteSource(DATA), size: null }

/** An unlimited source that generates one chunk at a time. */
const endless = (
  size: number | null,
): { readonly bytes: ByteSource; readonly made: () => number; readonly closed: Promise<void> } => {
  let made = 0
  let close: () => void = () => undefined
  const closed = new Promise<void>((resolve) => (close = resolve))
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        made += 65_536
        yield new Uint8Array(65_536)
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      close()
    }
  }
  return { bytes: { size, open: () => TE.fromIO(chunks) }, made: () => made, closed }
}

describe('upload', () => {
  it('sends size and store if known', async () => {
    const { send, puts, received } = await scene(taking())
    const progress: number[] = []
    const image = await getValue(
      send(createByteSource(DATA), { store: 'slow', onProgress: (bytes) => progress.push(bytes) }),
    )
    expect(image).toMatchObject({
      status: 'available',
      size: { stored: DATA.length },
      digests: [{ algorithm: 'sha512', value: hexDigest('sha512') }, { algorithm: 'md5' }],
    })
    expect(puts()).toMatchObject([
      {
        'content-type': 'application/octet-stream',
        'content-length': '100000',
        'x-openstack-image-size': '100000',
        'x-image-meta-store': 'slow',
      },
    ])
    expect(received[0]?.equals(DATA)).toBe(true)
    expect(progress.at(-1)).toBe(DATA.length)
    expect(progress.toSorted((one, other) => one - other)).toEqual(progress)
  })

  it('uses chunked encoding for an unknown size', async () => {
    const { send, puts, received } = await scene(taking())
    await getValue(send(unsized))
    expect(puts()).toMatchObject([{ 'transfer-encoding': 'chunked' }])
    expect(puts()[0]).not.toHaveProperty('x-openstack-image-size')
    expect(puts()[0]).not.toHaveProperty('x-image-meta-store')
    expect(received[0]?.equals(DATA)).toBe(true)
  })

  it.each([
    [
      'another digest',
      { os_hash_value: hexDigest('sha512', Buffer.from('other')) },
      { expected: `sha512:${hexDigest('sha512')}`, actual: `sha512:${hexDigest('sha512', Buffer.from('other'))}` },
    ],
    ['another size', { size: 99_999 }, { expected: '100000 bytes', actual: '99999 bytes' }],
  ])('is rejected if Glance has %s, and the image is deactivated', async (_, more, expected) => {
    const { send, seen } = await scene(taking({ ...ACTIVE, ...more }))
    expect(await getError(send(unsized))).toMatchObject({ _tag: 'IntegrityFailed', operation: 'upload', ...expected })
    expect(seen.at(-1)).toMatchObject({ method: 'POST', path: `/v2/images/${ID}/actions/deactivate` })
  })

  it('is compared by the caller’s digest if Glance uses that algorithm', async () => {
    const knowing = async (algorithm: string, value: string) =>
      (await scene(taking())).send(createByteSource(DATA), { digest: { algorithm, value: () => value } })
    const other = hexDigest('sha512', Buffer.from('other'))
    expect((await getValue(await knowing('sha512', hexDigest('sha512').toUpperCase()))).status).toBe('available')
    expect(await getError(await knowing('sha512', other))).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: `sha512:${other}`,
      actual: `sha512:${hexDigest('sha512')}`,
    })
    expect((await getValue(await knowing('sha256', other))).status).toBe('available')
  })

  it('is compared by MD5 for Glance before Rocky', async () => {
    const { os_hash_algo: _, os_hash_value: __, os_hidden: ___, ...queued } = QUEUED
    const { os_hash_algo: ____, os_hash_value: _____, ...active } = ACTIVE
    expect((await getValue((await scene(taking(active), queued)).send(createByteSource(DATA)))).status).toBe(
      'available',
    )
    expect(
      await getError(
        (await scene(taking({ ...active, checksum: hexDigest('md5', Buffer.from('other')) }), queued)).send(
          createByteSource(DATA),
        ),
      ),
    ).toMatchObject({ _tag: 'IntegrityFailed', expected: `md5:${hexDigest('md5')}` })
  })

  it.each(['active', 'saving', 'importing', 'deactivated'])(
    'returns Conflict for an image that is %s, before data are sent',
    async (status) => {
      const { send, puts } = await scene(taking(), { ...ACTIVE, status })
      expect((await getError(send(createByteSource(DATA))))._tag).toBe('Conflict')
      expect(puts()).toEqual([])
    },
  )

  it.each([
    [413, 'Image exceeds the storage quota', 'QuotaExceeded'],
    [409, 'Image status transition from saving to saving is not allowed', 'Conflict'],
    [404, 'No image found', 'NotFound'],
    [410, 'Image could not be found after upload', 'NotFound'],
    [415, 'Image failed safety checks', 'Rejected'],
    [400, 'Store for identifier nowhere not found', 'Rejected'],
    [401, 'Unauthorized', 'Unauthorized'],
    [503, 'Service Unavailable', 'Unavailable'],
  ])('stops after status %i during the transfer: %s', async (status, message, tag) => {
    for (const size of [null, 2 ** 40]) {
      const { send, puts } = await scene(() => (request, response) => {
        request.once('data', () =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message })),
        )
      })
      const { bytes, made, closed } = endless(size)
      expect(await getError(send(bytes))).toMatchObject({
        _tag: tag,
        what: expect.stringContaining(message),
        operation: 'upload',
      })
      await closed
      expect(made()).toBeLessThan(32 * 2 ** 20)
      expect(puts()).toHaveLength(1)
    }
  })

  it('is not repeated after a broken connection; Glance has no data', async () => {
    const { send, puts } = await scene(({ become }) => (request) => {
      become({ ...QUEUED, status: 'saving' })
      request.once('data', () => {
        request.socket.resetAndDestroy()
        setTimeout(() => become(QUEUED), 300)
      })
    })
    const { bytes, closed } = endless(null)
    const started = Date.now()
    expect(await getError(send(bytes))).toMatchObject({ _tag: 'Unavailable', operation: 'upload' })
    await closed
    expect(puts()).toHaveLength(1)
    // A repeated upload finds the image queued.
    expect(Date.now() - started).toBeGreaterThanOrEqual(290)
  })

  it('succeeds after a lost response only if Glance has the data', async () => {
    const losing =
      (record: Readonly<Record<string, unknown>>): Receiver =>
      ({ become }) =>
      async (request) => {
        await buffer(request)
        become(record)
        request.socket.resetAndDestroy()
      }
    for (const bytes of [createByteSource(DATA), unsized]) {
      expect((await getValue((await scene(losing(ACTIVE))).send(bytes))).status).toBe('available')
      expect((await getError((await scene(losing(QUEUED))).send(bytes)))._tag).toBe('Unavailable')
      expect(
        await getError(
          (await scene(losing({ ...ACTIVE, os_hash_value: hexDigest('sha512', Buffer.from('other')) }))).send(bytes),
        ),
      ).toMatchObject({ _tag: 'IntegrityFailed', upload: { sent: 'all', image: 'other' } })
    }
  })

  it('waits while Glance saves the data after a gateway’s response, and compares them', async () => {
    const page =
      '<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center></body></html>'
    const looks = ['saving', 'saving', 'active']
    for (const [bytes, other] of [
      [createByteSource(DATA), false],
      [unsized, false],
      [createByteSource(DATA), true],
    ] as const) {
      const left = [...looks]
      const { send, puts } = await scene(({ become }) => async (request, response) => {
        await buffer(request)
        become({
          ...QUEUED,
          get status() {
            return left[0] === 'active' ? 'active' : left.shift()
          },
          get os_hash_algo() {
            return left[0] === 'active' ? 'sha512' : null
          },
          get os_hash_value() {
            return left[0] === 'active' ? hexDigest('sha512', other ? Buffer.from('other') : DATA) : null
          },
        })
        response.writeHead(504, { 'content-type': 'text/html' }).end(page)
      })
      const answer = await send(bytes)()
      expect(answer).toMatchObject(
        other ? { left: { _tag: 'IntegrityFailed', upload: { image: 'other' } } } : { right: { status: 'available' } },
      )
      expect(puts()).toHaveLength(1)
    }
  })

  it('names the gateway and the number of sent bytes after a gateway error', async () => {
    const page =
      (status: number, title: string): Receiver =>
      () =>
      async (request, response) => {
        await buffer(request)
        response
          .writeHead(status, { 'content-type': 'text/html' })
          .end(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`)
      }
    expect(
      await getError((await scene(page(413, '413 Request Entity Too Large'))).send(createByteSource(DATA))),
    ).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(
        /^a gateway in front of Glance refuses a request of this size: Request Entity Too Large.*; 100,000 of 100,000 bytes had been sent$/,
      ),
      hint: expect.not.stringContaining('no longer needed'),
      upload: { response: 'refused', sent: 'all', bytes: 100_000, image: 'empty' },
    })
    expect(await getError((await scene(page(502, '502 Bad Gateway'))).send(createByteSource(DATA)))).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(
        /^a gateway responded instead of Glance: Bad Gateway.*; 100,000 of 100,000 bytes had been sent$/,
      ),
    })
    const { send } = await scene(() => (request) => void request.once('data', () => request.socket.resetAndDestroy()))
    const error = await getError(send(endless(2 ** 40).bytes))
    expect(error).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(
        /^the connection to http:\/\/127\.0\.0\.1:\d+ was closed \(\w+\); [\d,]+ of 1,099,511,627,776 bytes had been sent$/,
      ),
      upload: { response: 'failed', sent: 'part', image: 'empty' },
    })
    expect(error.hint).toMatch(/for a limit of size or time$/)
  })

  it('fails if a gateway reports success while the image is queued', async () => {
    const { send, puts } = await scene(() => async (request, response) => {
      await buffer(request)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Welcome</title></html>')
    })
    expect(await getError(send(createByteSource(DATA)))).toMatchObject({
      _tag: 'Conflict',
      upload: { response: 'accepted', image: 'empty' },
    })
    expect(puts()).toHaveLength(1)
  })

  it('uses data saved by an earlier attempt and repeats discarded ones', async () => {
    const digest = { algorithm: 'sha512', value: () => hexDigest('sha512') }
    const taken = await scene(taking(), ACTIVE)
    expect((await getValue(taken.send(createByteSource(DATA), { earlier: 'all', digest }))).status).toBe('available')
    expect(taken.puts()).toEqual([])
    const other = await scene(taking(), { ...ACTIVE, os_hash_value: hexDigest('sha512', Buffer.from('other')) })
    expect(await getError(other.send(createByteSource(DATA), { earlier: 'part', digest }))).toMatchObject({
      _tag: 'IntegrityFailed',
      upload: { sent: 'part', image: 'other' },
    })
    const requests = { count: 0 }
    const free = await scene(taking(), {
      ...QUEUED,
      get status() {
        return requests.count++ < 4 ? 'saving' : 'queued'
      },
    })
    expect((await getValue(free.send(createByteSource(DATA), { earlier: 'part', digest }))).status).toBe('available')
    expect(free.puts()).toHaveLength(1)
  })

  it('fails if the source is shorter than declared, or fails', async () => {
    const never: Receiver = () => (request) => void request.resume()
    for (const size of [99_999, 100_001]) {
      const { send } = await scene(never)
      expect(await getError(send({ ...createByteSource(DATA), size }))).toMatchObject({
        _tag: 'IntegrityFailed',
        expected: `${size} bytes`,
        operation: 'upload',
      })
    }
    const failure = rejected(createErrorSite({ provider: 'disk', cloud: null }, 'read'), { what: 'the disk is broken' })
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield DATA
      throw new ImageException(failure)
    }
    expect(await getError((await scene(never)).send({ size: null, open: () => TE.fromIO(breaking) }))).toEqual(failure)
    expect(await getError((await scene(never)).send({ size: null, open: () => TE.left(failure) }))).toEqual(failure)
  })

  it('stops on an abort signal', async () => {
    const { send } = await scene(() => (request) => void request.resume())
    const controller = new AbortController()
    const { bytes, closed } = endless(null)
    expect(
      await getError(send(bytes, { signal: controller.signal, onProgress: () => controller.abort() })),
    ).toMatchObject({ _tag: 'Aborted', operation: 'upload' })
    await closed
  })
})
