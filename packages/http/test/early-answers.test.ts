import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { Socket } from 'node:net'
import { createTransport } from '../src/transport.ts'
import type { HttpRequest, StreamBody } from '../src/port.ts'
import { serve, serveRaw, serveRawTls } from './server.ts'

const REFUSAL = '{"message":"no such store"}'

/** Sends `answer` after the request headers, and closes without reading the body, as gunicorn does. */
const refuseAtOnce = (answer: string) => {
  const seen = { heads: 0 }
  const talk = (socket: Socket): void => {
    let head = ''
    socket.on('error', () => undefined)
    const listen = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      seen.heads++
      socket.off('data', listen)
      socket.pause()
      socket.write(answer, () => void socket.destroy())
    }
    socket.on('data', listen)
  }
  return { seen, talk }
}

const formatResponse = (body: string, headers: readonly string[] = [`content-length: ${body.length}`]): string =>
  ['HTTP/1.1 400 Bad Request', 'content-type: application/json', ...headers, '', body].join('\r\n')

const CHUNK = new Uint8Array(1024 * 1024)

const upload = (
  url: string,
  megabytes: number,
  size: number | null = megabytes * CHUNK.length,
): { readonly request: HttpRequest; readonly opened: () => number } => {
  let opened = 0
  const body: StreamBody = {
    kind: 'stream',
    size,
    isReopenable: true,
    open: () => async () => {
      opened++
      return E.right(
        (async function* () {
          for (let index = 0; index < megabytes; index++) yield CHUNK
        })(),
      )
    },
  }
  return { request: { method: 'PUT', url, idempotent: false, body }, opened: () => opened }
}

const TRIES = 30

describe('an upload with an early refusal', () => {
  it.each([
    ['with the length of the answer', formatResponse(REFUSAL)],
    ['until the connection closes', formatResponse(REFUSAL, ['connection: close'])],
    [
      'in chunks',
      formatResponse(`${REFUSAL.length.toString(16)}\r\n${REFUSAL}\r\n0\r\n\r\n`, ['transfer-encoding: chunked']),
    ],
  ])('returns the refusal each time: %s', async (_, answer) => {
    const { seen, talk } = refuseAtOnce(answer)
    const url = await serveRaw(talk)
    const { client, close } = createTransport()
    for (let index = 0; index < TRIES; index++) {
      const { request, opened } = upload(`${url}/file`, 20)
      expect(await client(request)()).toMatchObject(E.right({ status: 400, text: REFUSAL }))
      expect(opened()).toBe(1)
    }
    expect(seen.heads).toBe(TRIES)
    close()
  })

  it('returns the refusal over TLS', async () => {
    const { seen, talk } = refuseAtOnce(formatResponse(REFUSAL))
    const url = await serveRawTls(talk)
    const { client, close } = createTransport({ tls: { verify: false } })
    for (let index = 0; index < TRIES; index++)
      expect(await client(upload(`${url}/file`, 20, null).request)()).toMatchObject(
        E.right({ status: 400, text: REFUSAL }),
      )
    expect(seen.heads).toBe(TRIES)
    close()
  })

  it('fails if the server closes the connection without a response', async () => {
    const { talk } = refuseAtOnce('')
    const url = await serveRaw(talk)
    const { client, close } = createTransport()
    const outcome = await client(upload(`${url}/file`, 20).request)()
    expect(
      E.isLeft(outcome) && outcome.left._tag === 'Network' && ['ECONNRESET', 'EPIPE'].includes(outcome.left.code),
    ).toBe(true)
    close()
  })
})

describe('a server that closes each connection without announcing it', () => {
  const closing = (afterMs: number) =>
    serve((request, response) => {
      request.resume()
      response.on('finish', () => {
        if (afterMs === 0) request.socket.destroySoon()
        else setTimeout(() => request.socket.destroySoon(), afterMs)
      })
      response.setHeader('content-length', 2)
      response.end('ok')
    })

  it.each([0, 3])('receives each POST once, without a failure (after %i ms)', async (afterMs) => {
    const server = await closing(afterMs)
    const { client, close } = createTransport()
    for (let index = 0; index < TRIES; index++) {
      expect(await client({ method: 'GET', url: server.url })()).toMatchObject(E.right({ status: 200 }))
      expect(
        await client({ method: 'POST', url: server.url, body: { kind: 'json', value: { index } } })(),
      ).toMatchObject(E.right({ status: 200 }))
      expect(await client(upload(server.url, 1).request)()).toMatchObject(E.right({ status: 200 }))
    }
    expect(server.targets.filter((line) => line.startsWith('POST'))).toHaveLength(TRIES)
    expect(server.targets.filter((line) => line.startsWith('PUT'))).toHaveLength(TRIES)
    close()
  })
})

describe('a kept connection', () => {
  it('is used for the next idempotent request', async () => {
    const server = await serve((_, response) => response.end('ok'))
    const { client, close } = createTransport()
    for (let index = 0; index < 3; index++) await client({ method: 'GET', url: server.url })()
    expect(server.connections()).toBe(1)
    close()
  })

  it('is replaced if the server sends 408 or closes it', async () => {
    let count = 0
    const server = await serve((request, response) => {
      count++
      if (count === 2) return void response.writeHead(408, { connection: 'close', 'content-length': 0 }).end()
      if (count === 5) return void request.socket.destroy()
      response.end('ok')
    })
    const { client, close } = createTransport()
    for (let index = 0; index < 2; index++)
      expect(await client({ method: 'GET', url: server.url })()).toMatchObject(E.right({ status: 200 }))
    await client({ method: 'GET', url: server.url })()
    expect(await client({ method: 'DELETE', url: server.url })()).toMatchObject(
      E.right({ status: 200, isRepeat: true }),
    )
    expect(count).toBe(6)
    close()
  })

  it('is not used for a request that is not idempotent', async () => {
    const server = await serve((request, response) => {
      request.resume()
      response.end('ok')
    })
    const { client, close } = createTransport()
    await client({ method: 'GET', url: server.url })()
    for (let index = 0; index < 3; index++)
      await client({ method: 'PATCH', url: server.url, body: { kind: 'json', value: 1 } })()
    expect(server.connections()).toBe(4)
    close()
  })
})
