import { ImageException, type ByteRange, type ImageError } from '@imago/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from 'node:zlib'
import tier from '../../../../tools/jest/tier.cjs'
import { urlSource } from '../../src/bytes/url.ts'
import { pattern, SITE } from './chunks.ts'

/** Half of the bytes are random, so that a part of the compressed bytes does not decompress. */
const BYTES = Buffer.concat([
  pattern(20_000),
  createHash('shake256', { outputLength: 40_000 }).update('imago').digest(),
])

interface Part {
  readonly start: number
  readonly end: number
}

let server: Server
let requests: (string | undefined)[] = []
let handle: (part: Part | null, response: ServerResponse, request: IncomingMessage) => void

const parseRange = ({ headers }: IncomingMessage, total: number): Part | null => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  return first === undefined
    ? null
    : { start: Number(first), end: last === '' ? total : Math.min(total, Number(last) + 1) }
}

let total = BYTES.length

beforeEach(async () => {
  requests = []
  total = BYTES.length
  server = createServer((request, response) => {
    requests.push(request.headers.range)
    handle(parseRange(request, total), response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const opened = (path: string) =>
  urlSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { site: SITE, timeoutMs: 5000 })()

interface Read {
  /** Size from the first request. */
  readonly size: number | null
  readonly bytes: Buffer
  readonly error: ImageError | null
}

const read = async (path: string, range?: ByteRange): Promise<Read> => {
  const source = await opened(path)
  if (E.isLeft(source)) return { size: null, bytes: Buffer.alloc(0), error: source.left }
  const { size } = source.right.bytes
  const answer = await source.right.bytes.open(range)()
  if (E.isLeft(answer)) return { size, bytes: Buffer.alloc(0), error: answer.left }
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of answer.right) chunks.push(chunk)
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return { size, bytes: Buffer.concat(chunks), error: thrown.error }
  }
  return { size, bytes: Buffer.concat(chunks), error: null }
}

/** Writes in two parts, so that a response without a length is chunked. */
const send = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): void => {
  response.writeHead(status, headers)
  response.write(body.subarray(0, 1))
  response.end(body.subarray(1))
}

const sized = (body: Uint8Array): Readonly<Record<string, string>> => ({ 'content-length': String(body.length) })
const rangeHeaders = ({ start, end }: Part): Readonly<Record<string, string>> => ({
  'content-range': `bytes ${start}-${end - 1}/${total}`,
})

type Encode = (bytes: Uint8Array) => Buffer

/** Ways in which servers compress although no compression was requested. */
const SERVERS: Readonly<Record<string, (coding: string, encode: Encode) => typeof handle>> = {
  'all answers, without ranges': (coding, encode) => (_, response) =>
    send(response, 200, { 'content-encoding': coding }, encode(BYTES)),
  'all answers, without ranges, with their length': (coding, encode) => (_, response) =>
    send(response, 200, { 'content-encoding': coding, ...sized(encode(BYTES)) }, encode(BYTES)),
  'whole answers only, under another ETag': (coding, encode) => (part, response) =>
    part === null
      ? send(response, 200, { 'content-encoding': coding, etag: '"abc-gzip"' }, encode(BYTES))
      : send(
          response,
          206,
          { etag: '"abc"', ...rangeHeaders(part), ...sized(BYTES.subarray(part.start, part.end)) },
          BYTES.subarray(part.start, part.end),
        ),
  'each part by itself': (coding, encode) => (part, response) =>
    part === null
      ? send(response, 200, { 'content-encoding': coding }, encode(BYTES))
      : send(
          response,
          206,
          { 'content-encoding': coding, ...rangeHeaders(part) },
          encode(BYTES.subarray(part.start, part.end)),
        ),
  'what it stores, and gives parts of that': (coding, encode) => {
    const stored = encode(BYTES)
    total = stored.length
    return (part, response) =>
      part === null
        ? send(response, 200, { 'content-encoding': coding, etag: '"1"', ...sized(stored) }, stored)
        : send(
            response,
            206,
            {
              'content-encoding': coding,
              etag: '"1"',
              ...rangeHeaders({ ...part, end: Math.min(part.end, stored.length) }),
            },
            stored.subarray(part.start, part.end),
          )
  },
  'all but the first answer': (coding, encode) => (part, response) => {
    const named = requests.length === 1 ? {} : { 'content-encoding': coding }
    const body = part === null ? BYTES : BYTES.subarray(part.start, part.end)
    return send(
      response,
      part === null ? 200 : 206,
      { ...named, ...(part === null ? {} : rangeHeaders(part)) },
      requests.length === 1 ? body : encode(body),
    )
  },
}

const CODINGS: readonly (readonly [string, string, Encode])[] = [
  ['gzip', 'gzip', gzipSync],
  ['raw deflate', 'deflate', deflateRawSync],
  ['brotli', 'br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ['gzip in name only', 'gzip', (bytes) => Buffer.from(bytes)],
]

/** The short tier tries two of them. */
const TRIED = CODINGS.filter(([name]) => tier.isComplete || name.startsWith('gzip'))

describe.each(Object.keys(SERVERS))('urlSource with a server that compresses %s', (name) => {
  it.each(TRIED)('returns the decompressed file and its ranges: %s', async (_, coding, encode) => {
    handle = SERVERS[name]?.(coding, encode) ?? (() => undefined)
    expect(await read('/disk.raw?sig=geheim')).toMatchObject({ bytes: BYTES, error: null })
    for (const start of [1000, 50_000]) {
      requests = []
      expect(await read('/disk.raw', { start, end: null })).toMatchObject({ bytes: BYTES.subarray(start), error: null })
    }
  })
})

describe('urlSource with compressed files', () => {
  it.each([
    ['/disk.raw.gz', 'application/octet-stream'],
    ['/disk.tgz', 'application/octet-stream'],
    ['/latest', 'application/gzip'],
  ])('does not decompress a compressed file: %s of type %s', async (path, type) => {
    const stored = gzipSync(BYTES)
    total = stored.length
    handle = (part, response) => {
      const headers = { 'content-type': type, 'content-encoding': 'x-gzip', etag: '"1"' }
      const body = part === null ? stored : stored.subarray(part.start, part.end)
      return send(
        response,
        part === null ? 200 : 206,
        { ...headers, ...(part === null ? {} : rangeHeaders(part)), ...sized(body) },
        body,
      )
    }
    expect(await read(path)).toEqual({ size: stored.length, bytes: stored, error: null })
    expect(await read(path, { start: 100, end: 200 })).toMatchObject({ bytes: stored.subarray(100, 200), error: null })
  })
})

describe('open ranges', () => {
  it('returns no size for a compressed response', async () => {
    handle = SERVERS['what it stores, and gives parts of that']?.('gzip', gzipSync) ?? (() => undefined)
    const source = await opened('/disk.raw')
    if (E.isLeft(source)) throw new ImageException(source.left)
    expect(source.right).toMatchObject({ bytes: { size: null }, etag: '"1"', ranges: false })
  })

  it('reports a coding without a decoder', async () => {
    handle = (_, response) =>
      send(response, 200, { 'content-encoding': 'compress' }, Buffer.concat([Buffer.of(0x1f, 0x9d), BYTES]))
    expect((await read('/disk.raw')).error).toMatchObject({
      _tag: 'IntegrityFailed',
      what: 'the response is compressed with compress, which was not requested and has no decoder here',
      actual: 'Content-Encoding: compress',
    })
    expect(requests.length).toBe(2)
  })

  it('returns Unavailable for a truncated compressed response', async () => {
    const body = gzipSync(BYTES)
    handle = (_, response) => send(response, 200, { 'content-encoding': 'gzip' }, body.subarray(0, body.length / 2))
    const { bytes, error } = await read('/disk.raw')
    expect(error).toMatchObject({
      _tag: 'Unavailable',
      truncated: { received: bytes.length, expected: null },
      what: expect.stringContaining(`ended after ${bytes.length} bytes`),
    })
    expect(error?.what).not.toContain('geheim')
  })
})
