import { describe, expect, it } from '@jest/globals'
import { createChunkPool, releaseChunk } from '@imago/http'
import fc from 'fast-check'
import { joinChunks } from '../../src/bytes/join-chunks.ts'
import { anyCuts, cutAt, gathered, pattern, readOutcome, watched } from './chunks.ts'

const SIZE = 1000

describe('joinChunks', () => {
  it('returns the same bytes in chunks of the pool, the last one excepted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5 * SIZE), anyCuts(5 * SIZE), async (size, cuts) => {
        const lengths: number[] = []
        const copies: Buffer[] = []
        for await (const chunk of joinChunks(watched(cutAt(pattern(size), cuts)).bytes, createChunkPool(SIZE))) {
          lengths.push(chunk.length)
          copies.push(Buffer.from(chunk))
          releaseChunk(chunk)
        }
        expect(Buffer.concat(copies).equals(pattern(size))).toBe(true)
        expect(lengths.slice(0, -1).every((length) => length === SIZE)).toBe(true)
      }),
    )
  })

  it('returns the bytes before a failure first', async () => {
    const failure = new Error('the connection broke')
    const { bytes, closed } = watched(cutAt(pattern(1500), [300, 900, 1200]), failure)
    const { got, thrown } = await readOutcome(joinChunks(bytes, createChunkPool(SIZE)))
    expect(got.equals(pattern(1500))).toBe(true)
    expect(thrown).toBe(failure)
    expect(closed()).toBe(1)
  })

  it('does not wait for a full chunk once the signal is aborted', async () => {
    const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined }
    const { bytes, requested } = watched(cutAt(pattern(900), [100, 200, 300]))
    const observed = (async function* () {
      for await (const chunk of bytes) {
        if (requested() === 2) signal.aborted = true
        yield chunk
      }
    })()
    const lengths: number[] = []
    for await (const chunk of joinChunks(observed, createChunkPool(SIZE), signal)) lengths.push(chunk.length)
    expect(lengths).toEqual([200, 100, 600])
  })

  it('releases the chunks of another pool', async () => {
    const pool = createChunkPool(600)
    const first = pool.take().fill(1)
    const second = pool.take().fill(2)
    const joined = await gathered(joinChunks(watched([first, second]).bytes, createChunkPool(SIZE)))
    expect(joined.equals(Buffer.concat([Buffer.alloc(600, 1), Buffer.alloc(600, 2)]))).toBe(true)
    expect(new Set([pool.take(), pool.take()])).toEqual(new Set([first, second]))
  })

  it('closes the source if the consumer leaves early', async () => {
    const { bytes, closed } = watched(cutAt(pattern(3 * SIZE), [SIZE]))
    for await (const chunk of joinChunks(bytes, createChunkPool(SIZE))) if (chunk.length > 0) break
    expect(closed()).toBe(1)
  })
})
