import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createChunkPool, releaseChunk } from '@imago/http'
import fc from 'fast-check'
import { createSparseAppender } from '../../src/bytes/sparse-appender.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-sparse-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const BLOCK = 64 * 1024

const appended = async (
  name: string,
  before: Uint8Array,
  chunks: readonly Uint8Array[],
  flushAt: ReadonlySet<number> = new Set(),
): Promise<string> => {
  const path = join(dir, name)
  writeFileSync(path, before)
  const handle = await open(path, 'r+')
  try {
    const { write, flush } = createSparseAppender(handle, before.length)
    let length = before.length
    for (const [index, chunk] of chunks.entries()) {
      await write(chunk)
      length += chunk.length
      if (!flushAt.has(index)) continue
      await flush()
      // A sync must include the last byte, even in a hole.
      expect(statSync(path).size).toBe(length)
    }
    await flush()
  } finally {
    await handle.close()
  }
  return path
}

describe('createSparseAppender', () => {
  it('writes the same bytes however they are split, with zeros anywhere', async () => {
    const piece = fc.oneof(
      fc.record({ zeros: fc.integer({ min: 1, max: 5 * BLOCK }) }).map(({ zeros }) => new Uint8Array(zeros)),
      fc.integer({ min: 1, max: 4 }).map((blocks) => new Uint8Array(blocks * BLOCK)),
      fc.integer({ min: 1, max: 2 * BLOCK }).map((count) => new Uint8Array(count).fill(7)),
      fc
        .integer({ min: 1, max: BLOCK })
        .map((count) => Uint8Array.from({ length: count }, (_, index) => (index === count - 1 ? 1 : 0))),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.integer({ min: 0, max: 2 * BLOCK }),
        fc.uniqueArray(fc.nat(7)),
        async (chunks, start, flushes) => {
          const before = new Uint8Array(start).fill(9)
          const path = await appended('any', before, chunks, new Set(flushes))
          expect(readFileSync(path).equals(Buffer.concat([before, ...chunks]))).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('writes chunks of a pool that are released at once', async () => {
    const pool = createChunkPool(2 ** 20)
    const path = join(dir, 'pooled')
    const handle = await open(path, 'w')
    const taken = new Set<Uint8Array>()
    try {
      const { write, flush } = createSparseAppender(handle, 0)
      for (let index = 0; index < 12; index++) {
        const chunk = pool.take().fill(index + 1)
        taken.add(chunk)
        await write(chunk)
        releaseChunk(chunk)
      }
      await flush()
    } finally {
      await handle.close()
    }
    const expected = Array.from({ length: 12 }, (_, index) => Buffer.alloc(2 ** 20, index + 1))
    expect(readFileSync(path).equals(Buffer.concat(expected))).toBe(true)
    expect(taken.size).toBeLessThan(5)
  })

  it('writes blocks of zeros as holes anywhere in the file', async () => {
    const data = new Uint8Array(4096).fill(7)
    const zeros = new Uint8Array(16 * 2 ** 20)
    const path = await appended('disk.raw', new Uint8Array(0), [zeros, data, zeros, data, zeros])
    const { size, blocks } = statSync(path)
    expect(size).toBe(3 * zeros.length + 2 * data.length)
    expect(blocks * 512).toBeLessThan(2 ** 20)
  })

  it('writes a hole across chunks that do not end at blocks', async () => {
    const odd = Array.from({ length: 300 }, () => new Uint8Array(65_431))
    const { size, blocks } = statSync(
      await appended('odd.raw', new Uint8Array(0), [new Uint8Array(10).fill(7), ...odd]),
    )
    expect(size).toBe(10 + 300 * 65_431)
    expect(blocks * 512).toBeLessThanOrEqual(128 * 1024)
  })

  it('writes a file of zeros as one hole', async () => {
    const path = await appended('zeros.raw', new Uint8Array(0), [new Uint8Array(3 * 2 ** 20 + 17)])
    expect(statSync(path)).toMatchObject({ size: 3 * 2 ** 20 + 17 })
    expect(readFileSync(path).every((byte) => byte === 0)).toBe(true)
  })
})
