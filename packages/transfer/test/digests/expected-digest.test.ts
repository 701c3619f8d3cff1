import { describe, expect, it } from '@jest/globals'
import { findContradiction, parseExpectedDigest, type ExpectedDigest } from '../../src/digests/expected-digest.ts'

const HEX = 'ABCDEF0123456789'.repeat(4)

describe('parseExpectedDigest', () => {
  it('accepts every spelling of an algorithm', () => {
    const wanted = {
      right: { algorithm: 'sha256', value: HEX.toLowerCase(), from: null, name: null, signature: 'none' },
    }
    for (const word of ['sha256', 'SHA256', 'sha-256', 'SHA2-256'])
      expect(parseExpectedDigest(`${word}:${HEX}`)).toMatchObject(wanted)
  })

  it.each([
    [HEX, 'has no algorithm: expected ALGORITHM:HEX'],
    [`sha3-256:${HEX}`, 'unknown algorithm "sha3-256" (one of: sha512, sha384, sha256, sha224, sha1, md5)'],
    [`sha256:${HEX.slice(1)}`, 'a sha256 digest has 64 hexadecimal digits, and this one has 63'],
    [`sha512:${HEX}`, 'a sha512 digest has 128 hexadecimal digits, and this one has 64'],
    [`sha256:${HEX.slice(1)}g`, 'is not hexadecimal'],
    ['sha256:', 'is not hexadecimal'],
  ])('refuses %s', (text, why) => {
    expect(parseExpectedDigest(text)).toMatchObject({ left: expect.stringContaining(why) })
  })
})

describe('findContradiction', () => {
  it('compares only digests of the same algorithm', () => {
    const one: ExpectedDigest = { algorithm: 'sha256', value: 'aa', from: null, name: null, signature: 'none' }
    expect(
      findContradiction([one, { ...one, from: 'SHA256SUMS' }, { ...one, algorithm: 'md5', value: 'bb' }]),
    ).toBeNull()
    expect(findContradiction([one, { ...one, value: 'bb' }])).toEqual([one, { ...one, value: 'bb' }])
  })
})
