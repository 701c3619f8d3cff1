import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { RequestListener } from 'node:http'
import { releaseChunk } from '../src/chunk-pool.ts'
import { createTransport } from '../src/transport.ts'
import { CERT, serve, serveTls } from './server.ts'

const SIZE = 3_000_000
const LETTERS = ['a', 'b', 'c']

/** Sends `SIZE` bytes of the letter in the path, in pieces, so that the responses alternate. */
const respond: RequestListener = (request, response) => {
  const piece = Buffer.alloc(SIZE / 30, request.url?.slice(1))
  let sent = 0
  const send = (): void => {
    sent += piece.length
    response.write(piece)
    if (sent < SIZE) setImmediate(send)
    else response.end()
  }
  send()
}

describe('connections that share a buffer', () => {
  it.each([
    ['http', serve],
    ['https', serveTls],
  ])('keep the bytes of simultaneous responses apart over %s', async (_, start) => {
    const { client } = createTransport({ tls: { verify: true, ca: CERT } })
    const server = await start(respond)
    const receive = async (letter: string): Promise<readonly Uint8Array[]> => {
      const response = await client({ method: 'GET', url: `${server.url}/${letter}`, responseKind: 'stream' })()
      if (E.isLeft(response) || response.right.kind !== 'stream') throw new Error('not a stream')
      const chunks: Uint8Array[] = []
      for await (const chunk of response.right.bytes) chunks.push(chunk)
      return chunks
    }
    const bodies = await Promise.all(LETTERS.map(receive))
    for (const [index, letter] of LETTERS.entries())
      expect(Buffer.concat(bodies[index] ?? []).equals(Buffer.alloc(SIZE, letter))).toBe(true)
  })

  it('return chunks whose memory is freed when they are released', async () => {
    const { client } = createTransport()
    const server = await serve(respond)
    const response = await client({ method: 'GET', url: `${server.url}/a`, responseKind: 'stream' })()
    if (E.isLeft(response) || response.right.kind !== 'stream') throw new Error('not a stream')
    const isSupported = 'transfer' in ArrayBuffer.prototype
    for await (const chunk of response.right.bytes) {
      expect(chunk.length).toBeGreaterThan(0)
      releaseChunk(chunk)
      expect(chunk.length === 0).toBe(isSupported)
    }
  })
})
