import { describe, expect, it } from '@jest/globals'
import type { ImageError } from '@imago/core/provider'
import fc from 'fast-check'
import { getError } from '../../get-error.ts'
import { ACTIVE, DATA, dataServer, hexDigest, type Handler } from '../../local-data.ts'
import { bytesAt, read, chunked, parseRange, partial } from './reading.ts'

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
