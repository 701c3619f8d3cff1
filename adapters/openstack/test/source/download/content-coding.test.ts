import { describe, expect, it } from '@jest/globals'
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import tier from '../../../../../tools/jest/tier.cjs'
import { ACTIVE, DATA, dataServer, hexDigest, type Handler } from '../../local-data.ts'
import { bytesAt, read, chunked, parseRange } from './reading.ts'

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

/** The short tier tries three of them. */
const NAMES = tier.isComplete ? Object.keys(CODED) : ['gzip', 'raw deflate', 'gzip in name only']

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

  it.each(NAMES)('are decompressed and verified: %s', async (name) => {
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

  it.each(NAMES)('are never combined with ranges: %s', async (name) => {
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
    for (const handler of servers) {
      const server = await dataServer(() => ACTIVE, handler)
      for (const [start, end] of [
        [0, 5000],
        [700, 5000],
        [50_000, null],
      ] as const) {
        expect(await read(await bytesAt(server), { start, end })).toEqual({
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
