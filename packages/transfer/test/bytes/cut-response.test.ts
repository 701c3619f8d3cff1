import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { ImageException, type ImageError } from '@imago/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { urlSource } from '../../src/bytes/url.ts'
import { pattern, SITE } from './chunks.ts'

const BYTES = pattern(100_000)

let server: Server
let answers: ((socket: Socket, range: string | null) => void)[] = []
let requests: string[] = []

/** A server on raw sockets, because an HTTP library would not send invalid responses. */
beforeEach(async () => {
  answers = []
  requests = []
  server = createServer((socket) => {
    let head = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      const range = /^range: (\S+)/im.exec(head)?.[1] ?? null
      head = ''
      requests.push(range ?? '-')
      ;(answers.length > 1 ? answers.shift() : answers[0])?.(socket, range)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())))

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.raw?sig=geheim`

const look = (socket: Socket): void =>
  void socket.end(
    `HTTP/1.1 206 Partial Content\r\netag: "1"\r\ncontent-range: bytes 0-0/${BYTES.length}\r\ncontent-length: 1\r\nconnection: close\r\n\r\n${String.fromCharCode(BYTES[0] ?? 0)}`,
    'latin1',
  )
const unsizedLook = (socket: Socket): void => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nx')

/** The number of received bytes, and the error. */
const read = async (): Promise<{ readonly size: number; readonly error: ImageError | null }> => {
  const source = await urlSource(url(), { site: SITE, timeoutMs: 5000 })()
  if (E.isLeft(source)) return { size: 0, error: source.left }
  const opened = await source.right.bytes.open()()
  if (E.isLeft(opened)) return { size: 0, error: opened.left }
  let size = 0
  try {
    for await (const chunk of opened.right) size += chunk.length
    return { size, error: null }
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return { size, error: thrown.error }
  }
}

const send = (socket: Socket, head: string, body: Uint8Array, end: 'end' | 'reset'): void => {
  socket.write(`${head}\r\n\r\n`)
  socket.write(body, () => setImmediate(() => (end === 'end' ? socket.end() : socket.resetAndDestroy())))
}

describe('urlSource with an invalid response', () => {
  const head = `HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: ${BYTES.length}`
  const chunked = 'HTTP/1.1 200 OK\r\netag: "1"\r\ntransfer-encoding: chunked'
  const chunk = (bytes: Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

  it.each<[string, (socket: Socket) => void]>([
    ['before its Content-Length', (socket) => send(socket, head, BYTES.subarray(0, 40_000), 'end')],
    ['by a reset', (socket) => send(socket, head, BYTES.subarray(0, 40_000), 'reset')],
    ['between two chunks', (socket) => send(socket, chunked, chunk(BYTES.subarray(0, 40_000)), 'end')],
    ['within a chunk', (socket) => send(socket, chunked, chunk(BYTES).subarray(0, 40_007), 'end')],
    [
      'early with complete chunks',
      (socket) =>
        send(socket, chunked, Buffer.concat([chunk(BYTES.subarray(0, 40_000)), Buffer.from('0\r\n\r\n')]), 'end'),
    ],
  ])('reports received and expected bytes of a response that ends %s', async (name, answer) => {
    answers = [look, answer]
    const { size, error } = await read()
    expect(error).toMatchObject({
      _tag: 'Unavailable',
      truncated: { received: size, expected: BYTES.length },
      what: expect.stringContaining(`ended after ${size} of ${BYTES.length} bytes`),
    })
    // A reset may discard bytes in transit.
    if (name !== 'by a reset') expect(size).toBe(40_000)
    expect(`${error?.what} ${error?.hint}`).not.toMatch(/address|geheim/i)
  })

  it('reports received bytes of a response without a length', async () => {
    answers = [
      unsizedLook,
      (socket) =>
        send(socket, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked', chunk(BYTES.subarray(0, 40_000)), 'end'),
    ]
    expect(await read()).toMatchObject({
      error: {
        _tag: 'Unavailable',
        truncated: { received: 40_000, expected: null },
        what: expect.stringContaining('ended after 40000 bytes, before its end'),
      },
    })
  })

  it('accepts an HTTP/1.0 response without a length that ends early', async () => {
    answers = [unsizedLook, (socket) => send(socket, 'HTTP/1.0 200 OK', BYTES.subarray(0, 40_000), 'end')]
    expect(await read()).toEqual({ size: 40_000, error: null })
  })

  it('reports an invalid chunk', async () => {
    answers = [
      look,
      (socket) =>
        send(socket, chunked, Buffer.concat([chunk(BYTES.subarray(0, 40_000)), Buffer.from('zz\r\n')]), 'end'),
    ]
    const { error } = await read()
    expect(['Unavailable', 'DecodeFailed']).toContain(error?._tag)
    expect(`${error?.what} ${error?.hint}`).not.toMatch(/geheim/i)
  })

  it('returns IntegrityFailed for more bytes than announced', async () => {
    answers = [
      look,
      (socket) =>
        send(
          socket,
          `HTTP/1.1 200 OK\r\netag: "1"\r\ntransfer-encoding: chunked`,
          Buffer.concat([chunk(BYTES), chunk(BYTES.subarray(0, 10)), Buffer.from('0\r\n\r\n')]),
          'end',
        ),
    ]
    expect((await read()).error).toMatchObject({
      _tag: 'IntegrityFailed',
      expected: `${BYTES.length} bytes`,
      actual: `${BYTES.length + 10} bytes`,
    })
  })
})
