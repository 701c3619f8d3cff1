import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createTransport } from '../src/transport.ts'
import type { ExchangeStage } from '../src/exchange-stage.ts'
import { describeFailure, mayBeSent } from '../src/failure.ts'
import { timeout } from '../src/timeout.ts'
import { serve, serveRaw } from './server.ts'
import { manualTime, signpost, turn } from './time.ts'

const { client } = createTransport()
const late = (stage: ExchangeStage, origin: string) => E.left({ _tag: 'Timeout', timeoutMs: 60_000, stage, origin })

/** A server whose responses the test sends. */
const waiting = async () => {
  const { reach, reached } = signpost<ServerResponse>()
  const server = await serve((_, response) => reach(response))
  return { ...server, response: reached }
}

const timed = (time: ReturnType<typeof manualTime>) => timeout({ ...time.timing, timeoutMs: 60_000 })(client)

describe('timeout', () => {
  it('fails with Timeout and closes the connection without a response', async () => {
    const time = manualTime()
    const server = await waiting()
    const result = timed(time)({ method: 'GET', url: server.url })()
    await server.response
    await time.advance(59_999)
    expect(time.sleeping()).toBe(1)
    await time.advance(1)
    expect(await result).toEqual(late('response', server.url))
    await server.closed(0)
    expect(time.sleeping()).toBe(0)
  })

  it('leaves no timer and no listener after a response in time', async () => {
    const time = manualTime()
    const server = await waiting()
    const { signal } = new AbortController()
    const result = timed(time)({ method: 'GET', url: server.url, signal })()
    ;(await server.response).end('x')
    expect(await result).toMatchObject({ right: { text: 'x' } })
    await turn()
    expect(time.sleeping()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('limits the time until the end of a text, by the request or the client', async () => {
    const time = manualTime()
    const server = await waiting()
    const result = timed(time)({ method: 'GET', url: server.url, timeoutMs: 5000 })()
    const response = await server.response
    for (let second = 0; second < 5; second++) {
      response.write('x')
      await time.advance(1000)
    }
    expect(await result).toEqual(E.left({ _tag: 'Timeout', timeoutMs: 5000, stage: 'rest', origin: server.url }))
  })

  it('fails with Aborted when the caller aborts', async () => {
    const time = manualTime()
    const server = await waiting()
    const controller = new AbortController()
    const result = timed(time)({ method: 'GET', url: server.url, signal: controller.signal })()
    await server.response
    controller.abort()
    expect(await result).toEqual(E.left({ _tag: 'Aborted' }))
    await turn()
    expect(time.sleeping()).toBe(0)
  })

  it('ends a streamed response only if the server sends nothing', async () => {
    const time = manualTime()
    const server = await waiting()
    const result = timed(time)({ method: 'GET', url: server.url, responseKind: 'stream' })()
    const response = await server.response
    response.write('0')
    const outcome = await result
    if (E.isLeft(outcome) || outcome.right.kind !== 'stream') throw new Error('no stream')
    await time.advance(300_000)
    const iterator = outcome.right.bytes[Symbol.asyncIterator]()
    for (let count = 1; count <= 4; count++) {
      await iterator.next()
      await time.advance(300_000)
      response.write(String(count))
    }
    await iterator.next()
    const next = iterator.next()
    next.catch(() => undefined)
    await time.advance(60_000)
    await expect(next).rejects.toMatchObject({ failure: { _tag: 'Timeout', timeoutMs: 60_000, stage: 'bytes' } })
    await turn()
    expect(time.sleeping()).toBe(0)
  })

  it('leaves no timer after a stream was read, left or closed', async () => {
    for (const leave of ['end', 'break', 'close'] as const) {
      const time = manualTime()
      const server = await serve((_, response) => response.end('x'.repeat(100_000)))
      const outcome = await timed(time)({ method: 'GET', url: server.url, responseKind: 'stream' })()
      if (E.isLeft(outcome) || outcome.right.kind !== 'stream') throw new Error('no stream')
      if (leave === 'close') outcome.right.close()
      else for await (const _ of outcome.right.bytes) if (leave === 'break') break
      await turn()
      expect(time.sleeping()).toBe(0)
    }
  })

  it('counts only the time in which the server does not accept the body', async () => {
    const time = manualTime()
    const server = await serve((request, response) => void request.resume().on('end', () => response.end('taken')))
    const slow = timed(time)({
      method: 'PUT',
      url: server.url,
      body: {
        kind: 'stream',
        size: null,
        isReopenable: false,
        open: () => async () => {
          await time.advance(300_000)
          return E.right(
            (async function* () {
              for (let count = 0; count < 3; count++) {
                await time.advance(300_000)
                yield new Uint8Array(1000)
              }
            })(),
          )
        },
      },
    })
    expect(await slow()).toMatchObject({ right: { text: 'taken' } })

    const stuck = await serve((request) => void request.pause())
    let made = 0
    async function* endless() {
      for (;;) {
        made++
        yield new Uint8Array(1_000_000)
      }
    }
    const result = timed(time)({
      method: 'PUT',
      url: stuck.url,
      body: { kind: 'stream', size: null, isReopenable: false, open: () => async () => E.right(endless()) },
    })()
    for (let before = -1; before !== made;) {
      before = made
      await turn()
      await turn()
    }
    await time.advance(61_000)
    expect(await result).toEqual(late('request', stuck.url))
  })
})

describe('the stage of a timeout', () => {
  const SMALL = { kind: 'json', value: { name: 'x'.repeat(4000) } } as const

  it('is the response if the server does not read a small body', async () => {
    const time = manualTime()
    const { reach, reached } = signpost()
    const url = await serveRaw((socket) => {
      socket.pause()
      reach()
    })
    const result = timed(time)({ method: 'PATCH', url, body: SMALL, timeoutMs: 5000 })()
    await reached
    await turn()
    await time.advance(5000)
    expect(await result).toEqual(E.left({ _tag: 'Timeout', timeoutMs: 5000, stage: 'response', origin: url }))
  })

  it('is the connection if it is not established', async () => {
    const { reach, reached } = signpost()
    const url = (
      await serveRaw((socket) => {
        socket.on('error', () => undefined).resume()
        reach()
      })
    ).replace('http:', 'https:')
    const time = manualTime()
    const result = timed(time)({ method: 'POST', url, body: SMALL, timeoutMs: 5000 })()
    await reached
    await time.advance(5000)
    const outcome = await result
    expect(outcome).toEqual(E.left({ _tag: 'Timeout', timeoutMs: 5000, stage: 'connection', origin: url }))
    expect(E.isLeft(outcome) && mayBeSent(outcome.left)).toBe(false)
  })

  it.each([
    ['connection', 'no connection to https://a.example within 5 s'],
    ['request', 'https://a.example accepted no more of the request within 5 s'],
    ['response', 'no response from https://a.example within 5 s'],
    ['rest', 'the response of https://a.example did not end within 5 s'],
    ['bytes', 'no more bytes from https://a.example within 5 s'],
  ] as const)('is described: %s', (stage, text) => {
    expect(describeFailure({ _tag: 'Timeout', timeoutMs: 5000, stage, origin: 'https://a.example' })).toBe(text)
  })
})

describe('a server that does not respond', () => {
  it('is reported after 10 s, and again each time the wait has doubled', async () => {
    const { timing, advance } = manualTime()
    const reports: string[] = []
    const client = timeout({
      ...timing,
      timeoutMs: 60_000,
      onStall: ({ method, url, stalledMs, remainingMs }) =>
        void reports.push(`${method} ${url} ${stalledMs} ${remainingMs}`),
    })(({ signal }) => async () => {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      return E.left({ _tag: 'Aborted' })
    })
    const outcome = client({ method: 'GET', url: '/a' })()
    await advance(60_000)
    expect(await outcome).toEqual(E.left({ _tag: 'Timeout', timeoutMs: 60_000 }))
    expect(reports).toEqual(['GET /a 10000 50000', 'GET /a 20000 40000', 'GET /a 40000 20000'])
  })

  it.each([
    [false, 5000],
    [true, 900_000],
  ])('has another limit once all of a body was sent (%p): %i ms', async (isSent, expected) => {
    const { timing, advance } = manualTime()
    const body = {
      kind: 'stream',
      size: 2,
      isReopenable: true,
      open: () => async () =>
        E.right(
          (async function* () {
            yield new Uint8Array(1)
            yield new Uint8Array(1)
          })(),
        ),
    } as const
    const client = timeout({ ...timing, timeoutMs: 5000 })((request) => async () => {
      if (request.body?.kind !== 'stream') throw new Error('no stream')
      const opened = await request.body.open(undefined, request.signal)()
      if (E.isLeft(opened)) throw new Error('not open')
      const bytes = opened.right[Symbol.asyncIterator]()
      await bytes.next()
      if (isSent) await bytes.next()
      await new Promise<void>((resolve) => request.signal?.addEventListener('abort', () => resolve()))
      return E.left({ _tag: 'Aborted' })
    })
    const outcome = client({ method: 'PUT', url: '/file', body, responseTimeoutMs: 900_000 })()
    await advance(1)
    await advance(expected)
    expect(await outcome).toEqual(E.left({ _tag: 'Timeout', timeoutMs: expected }))
  })
})
