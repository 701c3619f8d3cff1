import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { isKnownDigest } from '../../src/bytes/digest.ts'
import { hashBytes } from '../../src/bytes/hash-bytes.ts'
import { anyCuts, cutAt, gathered, pattern, watched } from './chunks.ts'

describe('hashBytes', () => {
  it('passes the bytes on, and returns size and digests by algorithm', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), anyCuts(3000), async (bytes, cuts) => {
        const { bytes: passed, result } = hashBytes(watched(cutAt(bytes, cuts)).bytes, ['sha512', 'md5', 'sha512'])
        expect(await gathered(passed)).toEqual(Buffer.from(bytes))
        const expected = {
          size: bytes.length,
          digests: {
            sha512: createHash('sha512').update(bytes).digest('hex'),
            md5: createHash('md5').update(bytes).digest('hex'),
          },
        }
        expect(result()).toEqual(expected)
        expect(result()).toEqual(expected)
      }),
    ))

  it('returns size and digest of the bytes so far', async () => {
    const { bytes, result } = hashBytes(watched(cutAt(pattern(10), [4])).bytes, ['sha256'])
    for await (const _chunk of bytes) break
    expect(result()).toEqual({
      size: 4,
      digests: { sha256: createHash('sha256').update(pattern(10).subarray(0, 4)).digest('hex') },
    })
  })

  it("accepts hashlib's names, and throws for unsupported algorithms", () => {
    // Digests of empty input, as `python3 -c "import hashlib; print(hashlib.NAME().hexdigest())"` prints them.
    const { result } = hashBytes(watched([]).bytes, ['sha3_256', 'blake2s'])
    expect(result().digests).toEqual({
      sha3_256: 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a',
      blake2s: '69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9',
    })
    for (const algorithm of ['crc32', 'shake_128', 'shake128', 'constructor', '']) {
      expect(isKnownDigest(algorithm)).toBe(false)
      expect(() => hashBytes(watched([]).bytes, [algorithm])).toThrow(TypeError)
    }
  })

  it('closes the source when left early', async () => {
    const source = watched([pattern(5), pattern(5)])
    for await (const _chunk of hashBytes(source.bytes, ['md5']).bytes) break
    expect(source.closed()).toBe(1)
  })
})
