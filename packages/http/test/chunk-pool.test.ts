import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { createTransport } from '../src/transport.ts'
import { createChunkPool, freeOnRelease, releaseChunk, retainChunk } from '../src/chunk-pool.ts'
import { serve } from './server.ts'

const { client } = createTransport()
const CHUNK = 2 ** 18

describe('createChunkPool', () => {
  it('uses a chunk again only once it is released', () => {
    const pool = createChunkPool(CHUNK)
    const first = pool.take()
    expect(first).toHaveLength(CHUNK)
    expect(pool.take()).not.toBe(first)
    releaseChunk(first)
    // It has been taken once, so it is returned once.
    releaseChunk(first)
    expect(pool.take()).toBe(first)
    expect(pool.take()).not.toBe(first)
  })

  it('does not use a chunk again while anyone retains it', () => {
    const pool = createChunkPool(CHUNK)
    const first = pool.take()
    expect(retainChunk(first)).toBe(true)
    releaseChunk(first)
    expect(pool.take()).not.toBe(first)
    releaseChunk(first)
    expect(pool.take()).toBe(first)
    expect(retainChunk(Buffer.alloc(CHUNK))).toBe(false)
  })

  it('ignores chunks of no pool', () => {
    const pool = createChunkPool(CHUNK)
    releaseChunk(Buffer.alloc(CHUNK))
    releaseChunk('text')
    expect(pool.take()).toEqual(expect.any(Buffer))
  })
})

describe('freeOnRelease', () => {
  it('leaves memory that other chunks share', () => {
    const buffer = new ArrayBuffer(20)
    const chunk = new Uint8Array(buffer, 0, 10).fill(1)
    freeOnRelease(chunk)
    releaseChunk(chunk)
    expect(chunk).toHaveLength(10)
  })
})

describe('a request with pooled chunks', () => {
  it.each([
    ['known', 40 * CHUNK],
    ['unknown', null],
  ])('sends every byte of %s size with few chunks', async (_, size) => {
    const received = createHash('sha512')
    const server = await serve((request, response) => {
      // Node needs a slow reader to keep chunks in its own queue.
      request.on('data', (data: Buffer) => {
        received.update(data)
        request.pause()
        setImmediate(() => request.resume())
      })
      request.on('end', () => response.end())
    })
    const sent = createHash('sha512')
    const pool = createChunkPool(CHUNK)
    const distinct = new Set<Buffer>()
    const chunks = async function* (): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 40; index++) {
        const chunk = pool.take().fill(index)
        distinct.add(chunk)
        sent.update(chunk)
        yield chunk
      }
    }
    const answer = await client({
      method: 'PUT',
      url: server.url,
      body: { kind: 'stream', size, isReopenable: false, open: () => TE.fromIO(chunks) },
    })()
    expect(E.isRight(answer) && answer.right.status).toBe(200)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
    expect(distinct.size).toBeLessThan(6)
  })
})
