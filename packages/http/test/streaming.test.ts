import {
  aborted,
  createByteSource,
  ImageException,
  notFound,
  createErrorSite,
  unavailable,
  type AbortSignalLike,
} from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createTransport } from '../src/transport.ts'
import { BrokenBody } from '../src/failure.ts'
import { imageBytes } from '../src/image-error.ts'
import type { StreamBody, StreamResponse } from '../src/port.ts'
import { readBody, DEAD_URL, serve, serveRaw } from './server.ts'
import { never, signpost } from './time.ts'

const { client } = createTransport()
const site = createErrorSite({ provider: 'paper', cloud: 'test' }, 'upload')

const MIB = 1024 * 1024
const CHUNK = new Uint8Array(MIB).map((_, index) => index % 251)

describe('responseKind by-type', () => {
  it.each([
    ['application/octet-stream', 200, 'stream'],
    ['application/gzip', 206, 'stream'],
    ['application/json; charset=UTF-8', 200, 'text'],
    ['application/problem+json', 200, 'text'],
    ['text/html', 200, 'text'],
    ['', 200, 'text'],
    ['application/octet-stream', 404, 'text'],
  ])('returns content type %j with status %i as %s', async (type, status, kind) => {
    const server = await serve((_, response) =>
      response.writeHead(status, type === '' ? {} : { 'content-type': type }).end('a'),
    )
    const outcome = await client({ method: 'GET', url: server.url, responseKind: 'by-type' })()
    if (E.isLeft(outcome)) throw new Error(outcome.left._tag)
    expect(outcome.right.kind).toBe(kind)
    if (outcome.right.kind === 'stream')
      for await (const chunk of outcome.right.bytes) expect(Buffer.from(chunk).toString()).toBe('a')
    else expect(outcome.right.text).toBe('a')
  })
})

const download = async (url: string, signal?: AbortSignal): Promise<StreamResponse> => {
  const outcome = await client({ method: 'GET', url, responseKind: 'stream', signal })()
  if (E.isLeft(outcome) || outcome.right.kind !== 'stream') throw new Error(`no stream: ${JSON.stringify(outcome)}`)
  return outcome.right
}

/** A source that counts how often it is opened and closed. */
const source = (bytes: () => AsyncGenerator<Uint8Array>, size: number | null = null) => {
  const seen = { opened: 0, closed: 0 }
  const { reach, reached } = signpost()
  const body: StreamBody = {
    kind: 'stream',
    size,
    isReopenable: true,
    open: () => async () => {
      seen.opened++
      return E.right(
        (async function* () {
          try {
            yield* bytes()
          } finally {
            seen.closed++
            reach()
          }
        })(),
      )
    },
  }
  return { body, seen, closed: reached }
}

async function* times(count: number, chunk: Uint8Array = CHUNK): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield chunk
}

const upload = (url: string, body: StreamBody, signal?: AbortSignalLike) =>
  client({ method: 'PUT', url, body, signal })()

/** The highest memory use of V8 and Node while `work` runs, above the use at the start. */
const measurePeak = async (work: (look: () => void) => Promise<void>): Promise<number> => {
  const held = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const start = held()
  let most = 0
  await work(() => (most = Math.max(most, held() - start)))
  return most
}

/** In bytes: far less than the transferred bytes, but more than Node 26 accumulates before a garbage collection. */
const MOST = 160 * MIB

describe('streams of 400 MiB', () => {
  it('are downloaded in bounded memory', async () => {
    const server = await serve(
      (_, response) =>
        void (async () => {
          for await (const chunk of times(400)) if (!response.write(chunk)) await once(response, 'drain')
          response.end()
        })(),
    )
    const hash = createHash('sha1')
    let size = 0
    const peak = await measurePeak(async (look) => {
      for await (const chunk of (await download(server.url)).bytes) {
        hash.update(chunk)
        if (Math.floor(size / MIB) !== Math.floor((size += chunk.length) / MIB)) look()
      }
    })
    const wanted = createHash('sha1')
    for await (const chunk of times(400)) wanted.update(chunk)
    expect(size).toBe(400 * MIB)
    expect(hash.digest('hex')).toBe(wanted.digest('hex'))
    expect(peak).toBeLessThan(MOST)
  }, 120_000)

  it('are uploaded in bounded memory, chunked or with a length', async () => {
    for (const size of [null, 400 * MIB]) {
      let received = 0
      let peak = 0
      const server = await serve(
        (request, response) =>
          void (async () => {
            peak = await measurePeak(async (look) => {
              for await (const chunk of request)
                if (Math.floor(received / MIB) !== Math.floor((received += (chunk as Buffer).length) / MIB)) look()
            })
            response.writeHead(204).end()
          })(),
      )
      const { body, seen } = source(() => times(400), size)
      expect(await upload(server.url, body)).toMatchObject({ right: { status: 204 } })
      expect(received).toBe(400 * MIB)
      expect(seen).toEqual({ opened: 1, closed: 1 })
      expect(server.requests[0]?.headers).toMatchObject(
        size === null ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(size) },
      )
      expect(peak).toBeLessThan(MOST)
    }
  }, 120_000)
})

describe('a streamed response', () => {
  it('returns the stored bytes, regardless of Content-Encoding', async () => {
    const server = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'))
    const response = await download(server.url)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    const chunks: Uint8Array[] = []
    for await (const chunk of response.bytes) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('no gzip')
  })

  it('does not read ahead, and closes its connection when left early or closed', async () => {
    for (const leave of ['break', 'close', 'unread return'] as const) {
      let sent = 0
      const server = await serve(
        (_, response) =>
          void (async () => {
            for await (const chunk of times(200)) {
              sent += chunk.length
              if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')])
              if (response.destroyed) return
            }
          })(),
      )
      const { bytes, close } = await download(server.url)
      if (leave === 'close') close()
      else if (leave === 'unread return') await imageBytes(bytes, site)[Symbol.asyncIterator]().return?.()
      else for await (const _ of bytes) break
      await server.closed(0)
      expect(sent).toBeLessThan(32 * MIB)
    }
  })

  it('throws if the connection is reset or the body is truncated', async () => {
    const urls = [
      (
        await serve((_, response) =>
          response.write('half', () => setImmediate(() => response.socket?.resetAndDestroy())),
        )
      ).url,
      await serveRaw((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
      ),
      await serveRaw((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf')),
      ),
    ]
    for (const url of urls) {
      let text = ''
      const reading = (async () => {
        for await (const chunk of (await download(url)).bytes) text += Buffer.from(chunk).toString()
      })()
      await expect(reading).rejects.toMatchObject({
        name: 'BrokenBody',
        failure: { _tag: 'Network', code: 'ECONNRESET' },
      })
      expect(['half', '']).toContain(text)
    }
  })

  it('throws when read after the connection broke', async () => {
    const server = await serve((_, response) => response.write('half', () => response.socket?.resetAndDestroy()))
    const { bytes } = await download(server.url)
    await server.closed(0)
    await new Promise((resolve) => setImmediate(resolve))
    const error = await bytes[Symbol.asyncIterator]()
      .next()
      .then(async () => bytes[Symbol.asyncIterator]().next())
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BrokenBody)
  })

  it('throws Aborted when the signal is aborted', async () => {
    const server = await serve((_, response) => response.write('half'))
    const controller = new AbortController()
    const { bytes } = await download(server.url, controller.signal)
    const reading = (async () => {
      for await (const _ of imageBytes(bytes, site)) controller.abort()
    })()
    const error: unknown = await reading.catch((thrown: unknown) => thrown)
    expect(ImageException.is(error) && error.error).toMatchObject({ _tag: 'Aborted', operation: 'upload' })
    await server.closed(0)
  })
})

describe('a streamed request', () => {
  it('fails with WrongSize, and closes the source, if the size differs', async () => {
    const server = await serve(
      (request, response) =>
        void readBody(request).then(
          () => response.end(),
          () => undefined,
        ),
    )
    for (const [count, size] of [
      [3, 4 * MIB],
      [5, 4 * MIB],
      [0, 1],
    ] as const) {
      const { body, seen } = source(() => times(count), size)
      expect(await upload(server.url, body)).toEqual(E.left({ _tag: 'WrongSize', expected: size, actual: count * MIB }))
      expect(seen).toEqual({ opened: 1, closed: 1 })
    }
  })

  it('sends an empty body', async () => {
    const server = await serve(
      (request, response) => void readBody(request).then((body) => response.end(String(body.length))),
    )
    for (const size of [0, null])
      expect(await upload(server.url, source(() => times(0), size).body)).toMatchObject({ right: { text: '0' } })
    expect(await upload(server.url, { kind: 'stream', isReopenable: true, ...createByteSource(CHUNK) })).toMatchObject({
      right: { text: String(MIB) },
    })
  })

  it('fails with SourceFailed and the error of the source', async () => {
    const server = await serve(
      (request, response) =>
        void readBody(request).then(
          () => response.end(),
          () => undefined,
        ),
    )
    const error = unavailable(site, { what: 'the other cloud is down' })
    const late = source(async function* () {
      yield CHUNK
      throw new ImageException(error)
    })
    expect(await upload(server.url, late.body)).toEqual(E.left({ _tag: 'SourceFailed', error }))
    const odd = source(async function* () {
      yield CHUNK
      throw new Error('secret')
    })
    expect(await upload(server.url, odd.body)).toEqual(E.left({ _tag: 'SourceFailed', error: null }))
    const gone = notFound(site, { what: 'no image' })
    expect(await upload(server.url, { ...odd.body, open: () => TE.left(gone) })).toEqual(
      E.left({ _tag: 'SourceFailed', error: gone }),
    )
  })

  it('stops sending and closes the source after an early response', async () => {
    const server = await serve((_, response) => response.writeHead(409).end('{"code": "409"}'))
    let made = 0
    const { body, closed } = source(async function* () {
      for await (const chunk of times(2000)) {
        made++
        yield chunk
      }
    })
    expect(await upload(server.url, body)).toMatchObject({ right: { status: 409, text: '{"code": "409"}' } })
    await Promise.all([server.closed(0), closed])
    expect(made).toBeLessThan(100)
  })

  it('closes the source if the connection fails', async () => {
    const { body, closed } = source(() => times(2))
    expect(await upload(DEAD_URL, body)).toMatchObject({ left: { _tag: 'Network' } })
    await closed
  })

  it('ends when aborted while opening, reading or sending', async () => {
    const server = await serve((request) => void request.once('data', () => undefined))
    const opening = new AbortController()
    const result = upload(
      server.url,
      { kind: 'stream', size: null, isReopenable: true, open: () => () => never },
      opening.signal,
    )
    opening.abort()
    expect(await result).toEqual(E.left({ _tag: 'Aborted' }))

    const reading = new AbortController()
    const body = source(async function* () {
      yield CHUNK
      reading.abort()
      throw new ImageException(aborted(site))
    }).body
    expect(await upload(server.url, body, reading.signal)).toEqual(E.left({ _tag: 'Aborted' }))

    const sending = new AbortController()
    const { reach, reached } = signpost()
    const endless = source(async function* () {
      yield* times(3)
      reach()
      yield* times(10_000)
    })
    const sent = upload(server.url, endless.body, sending.signal)
    await reached
    sending.abort()
    expect(await sent).toEqual(E.left({ _tag: 'Aborted' }))
    await endless.closed
  })
})

describe('a streamed request that is aborted', () => {
  it('closes a source that opens after the request was aborted', async () => {
    const controller = new AbortController()
    const { reach, reached } = signpost()
    let [give, closed]: [(answer: E.Either<never, AsyncIterable<Uint8Array>>) => void, number] = [() => undefined, 0]
    const body: StreamBody = {
      kind: 'stream',
      size: 1,
      isReopenable: true,
      open: () => () => (reach(), new Promise((resolve) => (give = resolve))),
    }
    const answer = upload(DEAD_URL, body, controller.signal)
    await reached
    controller.abort()
    expect(await answer).toEqual(E.left({ _tag: 'Aborted' }))
    const iterator = {
      next: async () => ({ done: true as const, value: undefined }),
      return: async () => (closed++, { done: true as const, value: undefined }),
    }
    give(E.right({ [Symbol.asyncIterator]: () => iterator }))
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toBe(1)
  })
})
