import { describe, expect, it } from '@jest/globals'
import {
  ImageException,
  perform,
  type ByteRange,
  type ByteSource,
  type DownloadOptions,
  type ImageError,
} from '@imago/core/provider'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource } from '../src/index.ts'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { getValue } from './cloud.ts'
import { getError } from './get-error.ts'
import { ACTIVE, DATA, dataServer, hexDigest, ID, QUEUED, type DataServer, type Handler } from './local-data.ts'

const bytesAt = ({ options }: Pick<DataServer, 'options'>, more: DownloadOptions = {}): Promise<ByteSource> =>
  getValue(perform(createOpenstackSource(options), 'download', ID, more))

interface Read {
  readonly bytes: Buffer
  /** The thrown error. */
  readonly error: ImageError | null
}

const read = async (source: ByteSource, range?: ByteRange): Promise<Read> => {
  const chunks: Uint8Array[] = []
  // Node determines when a broken connection is detected; before the first byte, the error is a value.
  const opened = await source.open(range)()
  if (E.isLeft(opened)) return { bytes: Buffer.alloc(0), error: opened.left }
  try {
    for await (const chunk of opened.right) chunks.push(chunk)
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return { bytes: Buffer.concat(chunks), error: thrown.error }
  }
  return { bytes: Buffer.concat(chunks), error: null }
}

/** Returns part of the data, then nothing. */
const stalling: Handler = (_, response) => {
  response.writeHead(200)
  response.write(DATA.subarray(0, 25_000), () => setTimeout(() => response.write(DATA.subarray(25_000, 50_000)), 50))
}

/** Returns all of `data` in chunks without a length, as Glance does while it fills its cache. */
const chunked =
  (data: Uint8Array = DATA, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers })
    for (let at = 0; at < data.length; at += 10_000) response.write(data.subarray(at, at + 10_000))
    response.end()
  }

const parseRange = (text: string | undefined): { readonly start: number; readonly end: number } | null => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(text ?? '') ?? []
  return first === undefined
    ? null
    : { start: Number(first), end: last === '' ? DATA.length : Math.min(DATA.length, Number(last) + 1) }
}

const partial = ({
  start,
  end,
}: {
  readonly start: number
  readonly end: number
}): Readonly<Record<string, string>> => ({
  'content-length': String(end - start),
  'content-range': `bytes ${start}-${end - 1}/${DATA.length}`,
  'content-md5': hexDigest('md5'),
})

/** Ways in which stores and proxies answer range requests. All of them must result in the correct bytes. */
const STORES: Readonly<Record<string, Handler>> = {
  'supports ranges': ({ headers }, response) => {
    const range = parseRange(headers.range)
    if (range === null) return chunked()(undefined as never, response)
    return response.writeHead(206, partial(range)).end(DATA.subarray(range.start, range.end))
  },
  'returns all data with 200': chunked(),
  'returns all data with 206 and their length': ({ headers }, response) => {
    const range = parseRange(headers.range)
    return range === null
      ? chunked()(undefined as never, response)
      : response.writeHead(206, { ...partial(range), 'content-length': String(DATA.length) }).end(DATA)
  },
  'returns the start of the data with 206': ({ headers }, response) => {
    const range = parseRange(headers.range)
    return range === null
      ? chunked()(undefined as never, response)
      : response.writeHead(206, partial(range)).end(DATA.subarray(0, range.end - range.start))
  },
  'rejects ranges': ({ headers }, response) =>
    headers.range === undefined
      ? chunked()(undefined as never, response)
      : response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"message": "Random access not supported"}'),
}

const plain = (bytes: Uint8Array): Buffer => Buffer.from(bytes)

const CODED: Readonly<Record<string, { readonly header: string; readonly encode: (bytes: Uint8Array) => Buffer }>> = {
  gzip: { header: 'gzip', encode: gzipSync },
  'x-gzip': { header: 'x-gzip', encode: gzipSync },
  deflate: { header: 'deflate', encode: deflateSync },
  'raw deflate': { header: 'deflate', encode: deflateRawSync },
  brotli: {
    header: 'br',
    encode: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  },
  'gzip twice': { header: 'gzip, gzip', encode: (bytes) => gzipSync(gzipSync(bytes)) },
  'gzip in name only': { header: 'gzip', encode: plain },
  'brotli in name only': { header: 'br', encode: plain },
}

const codedWhole = (name: string, isSized = false): Handler => {
  const { header, encode } = CODED[name] ?? { header: '', encode: plain }
  const body = encode(DATA)
  return chunked(body, {
    'content-encoding': header,
    etag: '"coded"',
    ...(isSized ? { 'content-length': String(body.length) } : {}),
  })
}

describe('data with an unrequested Content-Encoding', () => {
  const ranged =
    (
      name: string,
      part: (range: { readonly start: number; readonly end: number }) => {
        readonly body: Uint8Array
        readonly total: number
        readonly isSized?: boolean
      },
    ): Handler =>
    ({ headers }, response) => {
      const range = parseRange(headers.range)
      if (range === null) return codedWhole(name)(undefined as never, response)
      const { body, total, isSized = false } = part(range)
      response.writeHead(206, {
        'content-encoding': CODED[name]?.header ?? '',
        'content-range': `bytes ${range.start}-${range.end - 1}/${total}`,
        ...(isSized ? { 'content-length': String(body.length) } : {}),
      })
      response.write(body.subarray(0, 1))
      return response.end(body.subarray(1))
    }

  it.each(Object.keys(CODED))('are decompressed and verified: %s', async (name) => {
    for (const isSized of [false, true]) {
      const steps: string[] = []
      const source = await bytesAt(await dataServer(() => ACTIVE, codedWhole(name, isSized)), {
        onStep: (what) => void steps.push(what),
      })
      expect(await read(source)).toEqual({ bytes: DATA, error: null })
      expect(steps.length).toBe(name.endsWith('name only') ? 0 : 1)
      expect(
        await read(
          await bytesAt(await dataServer(() => ACTIVE, codedWhole(name, isSized)), { verifiedByCaller: true }),
          { start: 60_000, end: null },
        ),
      ).toEqual({ bytes: DATA.subarray(60_000), error: null })
    }
  })

  it.each(Object.keys(CODED))('are never combined with ranges: %s', async (name) => {
    const encode = CODED[name]?.encode ?? plain
    const coded = encode(DATA)
    const servers: readonly Handler[] = [
      ranged(name, ({ start, end }) => ({ body: encode(DATA.subarray(start, end)), total: DATA.length })),
      ranged(name, ({ start, end }) => ({
        body: encode(DATA.subarray(start, end)),
        total: DATA.length,
        isSized: true,
      })),
      ranged(name, ({ start, end }) => ({ body: coded.subarray(start, end), total: coded.length })),
      ranged(name, ({ start, end }) => ({ body: DATA.subarray(start, end), total: DATA.length })),
      ranged(name, ({ start, end }) => ({ body: DATA.subarray(start, end), total: DATA.length, isSized: true })),
    ]
    for (const server of servers) {
      for (const [start, end] of [
        [0, 5000],
        [700, 5000],
        [50_000, null],
      ] as const) {
        expect(await read(await bytesAt(await dataServer(() => ACTIVE, server)), { start, end })).toEqual({
          bytes: DATA.subarray(start, end ?? undefined),
          error: null,
        })
      }
    }
  })

  it('are kept as they are if the length matches the image', async () => {
    const stored = gzipSync(DATA)
    const image = {
      ...ACTIVE,
      size: stored.length,
      checksum: hexDigest('md5', stored),
      os_hash_value: hexDigest('sha512', stored),
    }
    expect(await read(await bytesAt(await dataServer(() => image, codedWhole('gzip', true))))).toEqual({
      bytes: stored,
      error: null,
    })
  })

  it('are rejected if different, damaged, or of an unknown encoding', async () => {
    const wrong = Buffer.from(DATA)
    wrong[0] = 1
    const encoded = { 'content-encoding': 'gzip' }
    expect(
      (await read(await bytesAt(await dataServer(() => ACTIVE, chunked(gzipSync(wrong), encoded))))).error,
    ).toMatchObject({ _tag: 'IntegrityFailed', expected: expect.stringMatching(/^sha512:/) })
    const damaged = gzipSync(DATA)
    damaged.fill(0xff, damaged.length - 8)
    expect((await read(await bytesAt(await dataServer(() => ACTIVE, chunked(damaged, encoded))))).error).toMatchObject({
      _tag: 'IntegrityFailed',
      what: expect.stringContaining('cannot be decompressed'),
      actual: 'Content-Encoding: gzip',
    })
    expect(
      (
        await read(
          await bytesAt(
            await dataServer(
              () => ACTIVE,
              chunked(Buffer.concat([Buffer.of(0x1f, 0x9d), DATA]), { 'content-encoding': 'compress' }),
            ),
          ),
        )
      ).error,
    ).toMatchObject({
      _tag: 'IntegrityFailed',
      what: 'the response is compressed with compress, which was not requested and has no decoder here',
    })
    expect(
      (await read(await bytesAt(await dataServer(() => ACTIVE, chunked(gzipSync(Buffer.alloc(10_000_000)), encoded)))))
        .error,
    ).toMatchObject({ _tag: 'IntegrityFailed', what: 'the data are longer than expected' })
  })

  it('can be requested again after an interruption', async () => {
    const { error } = await read(
      await bytesAt(
        await dataServer(() => ACTIVE, chunked(gzipSync(DATA).subarray(0, 500), { 'content-encoding': 'gzip' })),
      ),
    )
    expect(error).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringMatching(
        /^the compressed response \(Content-Encoding: gzip\) was truncated after \d+ decompressed bytes$/,
      ),
      truncated: { received: expect.any(Number) },
    })
  })
})

describe('complete data', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['by SHA-512', {}],
    ['by SHA3 with Python’s name', { os_hash_algo: 'sha3_256', os_hash_value: hexDigest('sha3-256') }],
    ['by MD5 if the other hash is not supported', { os_hash_algo: 'streebog', os_hash_value: '00' }],
    ['by MD5 for Glance before Rocky', { os_hash_algo: null, os_hash_value: null }],
  ])('are verified %s', async (_, more) => {
    const good = await bytesAt(await dataServer(() => ({ ...ACTIVE, ...more }), chunked()))
    expect(good.size).toBe(DATA.length)
    expect(await read(good)).toEqual({ bytes: DATA, error: null })

    const wrong = Buffer.from(DATA)
    wrong[0] = 1
    const { bytes, error } = await read(await bytesAt(await dataServer(() => ({ ...ACTIVE, ...more }), chunked(wrong))))
    expect(error).toMatchObject({
      _tag: 'IntegrityFailed',
      provider: 'openstack',
      cloud: 'prod',
      operation: 'download',
      expected: expect.stringMatching(/^(?:sha512|sha3_256|md5):/),
      actual: expect.stringMatching(/^(?:sha512|sha3_256|md5):/),
    })
    // The last chunk is withheld.
    expect(bytes.length).toBeLessThan(DATA.length)
  })

  it('are verified only by size if the caller verifies the digest', async () => {
    const wrong = Buffer.from(DATA)
    wrong[0] = 1
    expect(
      await read(await bytesAt(await dataServer(() => ACTIVE, chunked(wrong)), { verifiedByCaller: true })),
    ).toEqual({ bytes: wrong, error: null })
    expect(
      (await read(await bytesAt(await dataServer(() => ACTIVE, chunked(DATA.subarray(1))), { verifiedByCaller: true })))
        .error,
    ).toMatchObject({ _tag: 'IntegrityFailed', expected: '100000 bytes' })
  })

  it('are verified only by size without a digest', async () => {
    const none = { ...ACTIVE, checksum: null, os_hash_algo: null, os_hash_value: null }
    expect((await read(await bytesAt(await dataServer(() => none, chunked())))).error).toBeNull()
    expect((await read(await bytesAt(await dataServer(() => none, chunked(DATA.subarray(1)))))).error).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: '100000 bytes',
      actual: '99999 bytes',
    })
  })

  it.each([0, 1, 50_000, 99_999])('are incomplete if they end after %i bytes', async (length) => {
    const { bytes, error } = await read(
      await bytesAt(await dataServer(() => ACTIVE, chunked(DATA.subarray(0, length)))),
    )
    expect(error).toMatchObject({
      _tag: 'IntegrityFailed',
      what: 'the data ended too early',
      expected: '100000 bytes',
      actual: `${length} bytes`,
    })
    expect(bytes.length <= length && bytes.equals(DATA.subarray(0, bytes.length))).toBe(true)
  })

  it('are rejected if longer than the image', async () => {
    const { bytes, error } = await read(
      await bytesAt(await dataServer(() => ACTIVE, chunked(Buffer.concat([DATA, DATA])))),
    )
    expect(error).toMatchObject({ _tag: 'IntegrityFailed', what: 'the data are longer than expected' })
    expect(bytes.length).toBeLessThan(DATA.length)
  })

  it('are incomplete if the connection breaks at any position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: DATA.length - 1 }), fc.boolean(), async (at, isSized) => {
        const server = await dataServer(
          () => ACTIVE,
          (_, response) => {
            response.writeHead(200, isSized ? { 'content-length': String(DATA.length) } : {})
            response.write(DATA.subarray(0, at), () => setImmediate(() => response.socket?.resetAndDestroy()))
          },
        )
        const { bytes, error } = await read(await bytesAt(server))
        expect(error).toMatchObject({ _tag: 'Unavailable', operation: 'download' })
        expect(bytes.length <= at && bytes.equals(DATA.subarray(0, bytes.length))).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('are rejected before the first byte if a header differs', async () => {
    for (const [headers, words] of [
      [{ 'content-length': '99999' }, { expected: '100000 bytes', actual: '99999 bytes' }],
      [{ 'content-md5': hexDigest('md5', Buffer.from('other')) }, { expected: `md5:${hexDigest('md5')}` }],
    ] as const) {
      const server = await dataServer(
        () => ACTIVE,
        (_, response) => response.writeHead(200, headers).end(DATA.subarray(0, 99_999)),
      )
      expect(await getError((await bytesAt(server)).open())).toMatchObject({ _tag: 'IntegrityFailed', ...words })
    }
  })

  it('are rejected if they differ in a second download', async () => {
    let count = 0
    const source = await bytesAt(
      await dataServer(
        () => ACTIVE,
        (request, response) => chunked(DATA, { etag: `"${++count}"` })(request, response),
      ),
    )
    expect((await read(source)).error).toBeNull()
    expect(await getError(source.open())).toMatchObject({ _tag: 'IntegrityFailed', expected: '"1"', actual: '"2"' })
  })

  it('release the connection if not read to the end', async () => {
    const server = await dataServer(() => ACTIVE, stalling)
    const source = await bytesAt(server)
    for await (const _ of await getValue(source.open())) break
    for await (const _ of await getValue(source.open({ start: 10, end: 20 }))) break
    await (await getValue(source.open()))[Symbol.asyncIterator]().return?.()
    // The connection of the record request stays open.
    for (let tries = 0; tries < 100 && (await server.connections()) > 1; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await server.connections()).toBeLessThanOrEqual(1)
  })

  it('stop on an abort signal', async () => {
    const server = await dataServer(() => ACTIVE, stalling)
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of await getValue((await bytesAt(server)).open(undefined, controller.signal)))
        controller.abort()
    })()
    await expect(reading).rejects.toMatchObject({ error: { _tag: 'Aborted', operation: 'download' } })
  })
})

describe('ranges', () => {
  it.each(Object.entries(STORES))('are exact with a store that %s', async (_, store) => {
    const source = await bytesAt(await dataServer(() => ACTIVE, store))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: DATA.length }),
        fc.option(fc.integer({ min: 0, max: 2 * DATA.length })),
        async (start, length) => {
          const end = length === null ? null : start + length
          const { bytes, error } = await read(source, { start, end })
          expect(error).toBeNull()
          expect(bytes.equals(DATA.subarray(start, end ?? undefined))).toBe(true)
        },
      ),
      {
        numRuns: 20,
        examples: [
          [0, null],
          [0, 1],
          [DATA.length, null],
          [DATA.length - 1, 1],
          [5, 0],
          [99_990, 1_000],
        ],
      },
    )
  })

  it('are exact for images with repeated content, which require a complete download', async () => {
    const zeros = Buffer.alloc(DATA.length)
    const record = { ...ACTIVE, checksum: hexDigest('md5', zeros), os_hash_value: hexDigest('sha512', zeros) }
    const server = await dataServer(
      () => record,
      ({ headers }, response) => {
        const range = parseRange(headers.range)
        if (range === null) return chunked(zeros)(undefined as never, response)
        return response
          .writeHead(206, { ...partial(range), 'content-md5': hexDigest('md5', zeros) })
          .end(zeros.subarray(range.start, range.end))
      },
    )
    expect(await read(await bytesAt(server), { start: 70_000, end: null })).toEqual({
      bytes: zeros.subarray(70_000),
      error: null,
    })
  })

  it.each([
    { start: -1, end: null },
    { start: DATA.length + 1, end: null },
    { start: 10, end: 9 },
  ])('are rejected without a request if invalid: %j', async (range) => {
    const server = await dataServer(() => ACTIVE, chunked())
    expect((await getError((await bytesAt(server)).open(range)))._tag).toBe('Rejected')
    expect(server.seen).toHaveLength(1)
  })

  it('are checked by Glance if the size is unknown', async () => {
    const server = await dataServer(
      () => ({ ...ACTIVE, size: null }),
      (_, response) =>
        response
          .writeHead(416, { 'content-type': 'application/json' })
          .end('{"message": "The Range requested is not available.<br /><br />"}'),
    )
    expect(await getError((await bytesAt(server)).open({ start: 10 ** 9, end: null }))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('Range'),
    })
  })

  it.each<readonly [string, Readonly<Record<string, string>>, ImageError['_tag']]>([
    ['another range', { 'content-range': `bytes 0-99/${DATA.length}` }, 'IntegrityFailed'],
    ['a range of another image', { 'content-range': 'bytes 100-199/5000' }, 'IntegrityFailed'],
    ['another length', { 'content-range': `bytes 100-199/${DATA.length}`, 'content-length': '50' }, 'IntegrityFailed'],
    [
      'other data',
      { 'content-range': `bytes 100-199/${DATA.length}`, 'content-md5': hexDigest('md5', Buffer.from('other')) },
      'IntegrityFailed',
    ],
    ['no Content-Range', {}, 'DecodeFailed'],
    ['an invalid Content-Range', { 'content-range': 'bytes 199-100/*' }, 'DecodeFailed'],
  ])('are rejected if the response has %s', async (_, headers, tag) => {
    const server = await dataServer(
      () => ACTIVE,
      (_request, response) => response.writeHead(206, headers).end(DATA.subarray(100, 150)),
    )
    expect((await getError((await bytesAt(server)).open({ start: 100, end: 200 })))._tag).toBe(tag)
  })

  it.each([0, 50_000])('are incomplete if they end early from %i on', async (start) => {
    const server = await dataServer(
      () => ACTIVE,
      ({ headers }, response) => {
        const range = parseRange(headers.range) ?? { start: 0, end: 0 }
        const { 'content-length': _, ...rest } = partial(range)
        response.writeHead(206, rest).end(DATA.subarray(range.start, range.end - 1))
      },
    )
    const source = await bytesAt(server)
    const range = { start, end: start + 20_000 }
    const error = start === 0 ? (await read(source, range)).error : await getError(source.open(range))
    expect(error).toMatchObject({ _tag: 'IntegrityFailed', expected: '20000 bytes', actual: '19999 bytes' })
  })
})

describe('unavailable data', () => {
  it.each([
    [QUEUED, { _tag: 'Conflict', what: `image ${ID} has no data: it is queued` }],
    [{ ...ACTIVE, status: 'saving' }, { _tag: 'Conflict' }],
    [
      { ...ACTIVE, status: 'deactivated' },
      { _tag: 'Forbidden', reason: 'deactivated' },
    ],
  ])('are reported from the record', async (record, expected) => {
    const server = await dataServer(() => record, chunked())
    expect(await getError(perform(createOpenstackSource(server.options), 'download', ID))).toMatchObject(expected)
    expect(server.seen.map(({ path }) => path)).toEqual([`/v2/images/${ID}`])
  })

  it('are reported on opening: no data, deactivated, deleted', async () => {
    for (const [status, message, expected] of [
      [204, '', { _tag: 'Conflict' }],
      [
        403,
        'The requested image has been deactivated. Image data download is forbidden.',
        { _tag: 'Forbidden', reason: 'deactivated' },
      ],
      [404, 'No image found', { _tag: 'NotFound' }],
    ] as const) {
      const server = await dataServer(
        () => ACTIVE,
        (_, response) =>
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(status === 204 ? undefined : JSON.stringify({ message })),
      )
      expect(await getError((await bytesAt(server)).open())).toMatchObject({ ...expected, operation: 'download' })
    }
  })

  it('do not include an empty image', async () => {
    const none = Buffer.alloc(0)
    const record = { ...ACTIVE, size: 0, checksum: hexDigest('md5', none), os_hash_value: hexDigest('sha512', none) }
    const source = await bytesAt(await dataServer(() => record, chunked(none)))
    expect(source.size).toBe(0)
    expect(await read(source)).toEqual({ bytes: none, error: null })
  })
})
