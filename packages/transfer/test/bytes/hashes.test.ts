import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createChunkPool, releaseChunk } from '@imago/http'
import fc from 'fast-check'
import { createWorkerHashes, createInlineHashes, startHashes, type RunningHashes } from '../../src/bytes/hashes.ts'

const MIB = 2 ** 20

const computeDigests = async (
  hashes: RunningHashes,
  chunks: readonly Uint8Array[],
): Promise<Readonly<Record<string, string>>> => {
  try {
    for (const chunk of chunks) await hashes.write(chunk)
    return await hashes.digests()
  } finally {
    hashes.close()
  }
}

const expected = (algorithms: Readonly<Record<string, string>>, bytes: Uint8Array) =>
  Object.fromEntries(
    Object.entries(algorithms).map(([requested, name]) => [requested, createHash(name).update(bytes).digest('hex')]),
  )

describe.each([
  ['inline', createInlineHashes],
  ['in a thread', createWorkerHashes],
])('hashes computed %s', (_, start) => {
  it.each([0, 1, MIB - 1, MIB, MIB + 1, 9 * MIB + 5])('return the digests of %i bytes in any chunks', async (size) => {
    const bytes = randomBytes(size)
    const step = Math.max(1, Math.floor(size / 7))
    const chunks = Array.from({ length: Math.ceil(size / step) }, (__, index) =>
      bytes.subarray(index * step, (index + 1) * step),
    )
    expect(await computeDigests(start(['sha512', 'sha3_256', 'sha512']), chunks)).toEqual(
      expected({ sha512: 'sha512', sha3_256: 'sha3-256' }, bytes),
    )
  })

  it('allow the caller to reuse a chunk after update', async () => {
    const chunk = new Uint8Array(3 * MIB).fill(1)
    const hashes = start(['sha256'])
    await hashes.write(chunk)
    chunk.fill(2)
    expect(await computeDigests(hashes, [])).toEqual(expected({ sha256: 'sha256' }, new Uint8Array(3 * MIB).fill(1)))
  })

  it('accept chunks of a pool among others, and let them be used again', async () => {
    const pool = createChunkPool(MIB)
    const hashes = start(['sha256'])
    const expectedHash = createHash('sha256')
    const taken = new Set<Uint8Array>()
    for (let index = 0; index < 20; index++) {
      const chunk = index % 5 === 4 ? new Uint8Array(1000).fill(index) : pool.take().fill(index)
      if (chunk.length === MIB) taken.add(chunk)
      expectedHash.update(chunk)
      await hashes.write(chunk)
      releaseChunk(chunk)
    }
    expect(await computeDigests(hashes, [])).toEqual({ sha256: expectedHash.digest('hex') })
    expect(taken.size).toBeLessThan(8)
  })

  it('throw for an unsupported algorithm', () =>
    expect(() => start(['sha512', 'crc7'])).toThrow(new TypeError('unsupported digest algorithm: crc7')))

  it('can be closed repeatedly without a result', async () => {
    const hashes = start(['sha512'])
    await hashes.write(new Uint8Array(10))
    hashes.close()
    hashes.close()
  })
})

describe('createWorkerHashes', () => {
  it('rejects if its thread has ended', async () => {
    const hashes = createWorkerHashes(['sha512'])
    hashes.close()
    await expect(
      computeDigests(
        hashes,
        Array.from({ length: 8 }, () => new Uint8Array(MIB)),
      ),
    ).rejects.toThrow('ended early')
  })
})

describe('startHashes', () => {
  it('returns the same digests from a thread and inline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 20 }), async (chunks) => {
        expect(await computeDigests(startHashes(['md5', 'sha512'], null), chunks)).toEqual(
          await computeDigests(startHashes(['md5', 'sha512'], 1), chunks),
        )
      }),
      { numRuns: 15 },
    )
  })
})
