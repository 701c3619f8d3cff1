import { describe, expect, it } from '@jest/globals'
import { parseManifest } from '../../src/archive/manifest.ts'

const SHA256 = 'ab'.repeat(32)
const SHA1 = 'cd'.repeat(20)

describe('parseManifest', () => {
  it('reads manifests of ovftool and VirtualBox, and marks invalid digests', () => {
    const text = `SHA256(web.ovf)= ${SHA256}\r\nSHA1 (web (1).vmdk) = ${SHA1.toUpperCase()}\nSHA256(short)= abcd\nSHA9(x)= ${SHA1}\nSHA256(of sha1)= ${SHA1}\nSHA1(empty)=\n\nnonsense\n`
    expect(parseManifest(Buffer.from(text))).toEqual([
      { file: 'web.ovf', algorithm: 'sha256', value: SHA256, kind: 'digest' },
      { file: 'web (1).vmdk', algorithm: 'sha1', value: SHA1, kind: 'digest' },
      { file: 'short', algorithm: 'sha256', value: 'abcd', kind: 'malformed' },
      { file: 'x', algorithm: 'sha9', value: SHA1, kind: 'unknown' },
      { file: 'of sha1', algorithm: 'sha256', value: SHA1, kind: 'malformed' },
      { file: 'empty', algorithm: 'sha1', value: '', kind: 'malformed' },
    ])
  })

  it('takes linear time', () => {
    const began = Date.now()
    for (const part of ['SHA256(', '(', ') = ', 'a'.repeat(2000), `SHA256(x)= ${'a'.repeat(127)}\n`])
      parseManifest(Buffer.from(part.repeat(2 ** 20 / part.length)))
    expect(Date.now() - began).toBeLessThan(3000)
  })
})
