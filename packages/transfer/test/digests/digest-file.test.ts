import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { MAX_DIGEST_FILE_BYTES, parseDigestFile, type DigestFile } from '../../src/digests/digest-file.ts'
import { findDigest } from '../../src/digests/find-digest.ts'

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')
const A256 = hex('sha256', 'a')
const B256 = hex('sha256', 'b')
const A512 = hex('sha512', 'a')
const AMD5 = hex('md5', 'a')

const read = (text: string | Uint8Array, from = 'SHA256SUMS'): E.Either<string, DigestFile> =>
  parseDigestFile(typeof text === 'string' ? Buffer.from(text) : text, from)
const found = (text: string | Uint8Array, path: string, from = 'SHA256SUMS') => {
  const file = read(text, from)
  return E.isLeft(file) ? file : findDigest(file.right, [path])
}
const is = (algorithm: string, value: string, more: object = {}) => ({ right: { algorithm, value, ...more } })

const signedText = (text: string): string =>
  `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${text}\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----\n`

describe('digest files', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['sha256sum', `${B256}  other.raw\n${A256}  disk.raw\n`, 'SHA256SUMS'],
    ['sha256sum --binary, as Ubuntu lists images', `${B256} *other.raw\n${A256} *disk.raw\n`, 'SHA256SUMS'],
    [
      'BSD and sha256sum --tag, as Fedora and Rocky list images',
      `# disk.raw: 10 bytes\nSHA256 (other.raw) = ${B256}\nSHA256 (disk.raw) = ${A256}\n`,
      'CHECKSUM',
    ],
    ['openssl dgst', `SHA2-256(disk.raw)= ${A256}\n`, 'digests'],
    ['sha256 -r of BSD, with one space', `${A256} disk.raw\n`, 'x'],
    ['paths in names', `${B256}  ./a/other.raw\n${A256}  ./images/disk.raw\n`, 'SHA256SUMS'],
    ['a digest alone', `${A256}\n`, 'disk.raw.sha256'],
    ['a digest alone, without an end of line', A256.toUpperCase(), 'disk.raw.sha256'],
    ['a digest of standard input', `${A256}  -\n`, 'x'],
    ['openssl of standard input', `SHA2-256(stdin)= ${A256}\n`, 'x'],
    ['a digest with its algorithm', `sha256:${A256}\n`, 'x'],
    ['CRLF', `${B256}  other.raw\r\n${A256} *disk.raw\r\n`, 'SHA256SUMS'],
    [
      'a byte order mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`${A256}  disk.raw\n`)]),
      'SHA256SUMS',
    ],
    [
      'UTF-16, as PowerShell writes',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${A256}  disk.raw\r\n`, 'utf16le')]),
      'SHA256SUMS',
    ],
    [
      'Get-FileHash of PowerShell',
      `\r\nAlgorithm       Hash       Path\r\n---------       ----       ----\r\nSHA256          ${A256.toUpperCase()}       C:\\images\\disk.raw\r\n`,
      'x',
    ],
    [
      'a build in the name, in a file called after the image',
      `${A256}  disk-1.0-Build7.raw\n`,
      'https://example.org/disk.raw.sha256',
    ],
  ])('reads %s', (_, text, from) => {
    expect(found(text, '/home/me/disk.raw', from)).toMatchObject(is('sha256', A256, { from, signature: 'none' }))
  })

  it('returns the strongest of several algorithms', () => {
    expect(found(`${AMD5}  disk.raw\n${A512}  disk.raw\n${A256}  disk.raw\n`, 'disk.raw')).toMatchObject(
      is('sha512', A512),
    )
  })

  it('reads names escaped by coreutils', () => {
    expect(found(`\\${A256}  back\\\\slash\\nline\n`, 'back\\slash\nline')).toMatchObject({
      right: { name: 'back\\slash\nline' },
    })
  })

  it('reads names with parentheses', () => {
    expect(found(`SHA256 (disk (1) = x.raw) = ${A256}\n${B256}  disk (2) = y.raw\n`, 'disk (1) = x.raw')).toMatchObject(
      is('sha256', A256),
    )
    expect(found(`SHA256 (disk (1) = x.raw) = ${A256}\n${B256}  disk (2) = y.raw\n`, 'disk (2) = y.raw')).toMatchObject(
      is('sha256', B256),
    )
  })

  it("returns the digest of the source's directory if several have the name", () => {
    const text = `${A256}  ./bookworm/disk.raw\n${B256}  ./trixie/disk.raw\n`
    expect(found(text, 'https://example.org/images/trixie/disk.raw')).toMatchObject(is('sha256', B256))
    expect(found(text, '/home/me/disk.raw')).toMatchObject({
      left: 'it has sha256 digests of ./bookworm/disk.raw, ./trixie/disk.raw, which differ',
    })
  })

  it('reads a clear-signed file without verifying its signature', () => {
    expect(found(signedText(`SHA256 (disk.raw) = ${A256}`), 'disk.raw', 'CHECKSUM')).toMatchObject(
      is('sha256', A256, { signature: 'not-verified' }),
    )
    expect(found(signedText(`- ${A256}  disk.raw`), 'disk.raw')).toMatchObject(is('sha256', A256))
    expect(
      found(`untrusted comment: verify with key.pub\nRWQBase64\nSHA256 (disk.raw) = ${A256}\n`, 'disk.raw'),
    ).toMatchObject(is('sha256', A256, { signature: 'not-verified' }))
  })

  it('ignores text outside the signed part', () => {
    expect(found(`${B256}  disk.raw\n${signedText(`${A256}  disk.raw`)}${B256}  disk.raw\n`, 'disk.raw')).toMatchObject(
      is('sha256', A256),
    )
  })

  it('reads the algorithm from the headings of a Gentoo file', () => {
    const text = `# BLAKE2B HASH\n${hex('sha512', 'blake')}  disk.raw\n# SHA512 HASH\n${A512}  disk.raw\n`
    expect(found(text, 'disk.raw', 'disk.raw.DIGESTS')).toMatchObject(is('sha512', A512))
  })
})

describe('invalid digest files', () => {
  it.each<[string, string, string, string]>([
    ['a web page', '<!DOCTYPE html>\n<html><body>Not found</body></html>', 'SHA256SUMS', 'it is a web page'],
    ['nothing', '', 'SHA256SUMS', 'it has no digests'],
    [
      'other names',
      `${A256}  a.raw\n${B256}  b.raw\n`,
      'SHA256SUMS',
      'it has no digest of disk.raw, only of a.raw, b.raw',
    ],
    ['a single other name', `${A256}  a.raw\n`, 'SHA256SUMS', 'it has no digest of disk.raw, only of a.raw'],
    [
      'many other names',
      Array.from({ length: 12 }, (_, index) => `${A256}  ${index}.raw`).join('\n'),
      'SHA256SUMS',
      'it has no digest of disk.raw, only of 0.raw, 1.raw, 2.raw, 3.raw, 4.raw, 5.raw, 6.raw, 7.raw, and 4 more',
    ],
    [
      'a name twice',
      `${A256}  disk.raw\n${B256}  disk.raw\n`,
      'SHA256SUMS',
      'it has two sha256 digests of disk.raw, which differ: lines 1 and 2',
    ],
    [
      'several digests without names',
      `${A256}\n${B256}\n`,
      'SHA256SUMS',
      'it has two sha256 digests, which differ: lines 1 and 2',
    ],
    [
      'half a digest',
      `${A512.slice(0, 100)}  disk.raw\n${AMD5}  disk.raw\n`,
      'SUMS',
      'its line 1 names disk.raw and has an invalid digest',
    ],
    [
      'a tagged digest of another length',
      `SHA256 (disk.raw) = ${A512}\n${AMD5}  disk.raw\n`,
      'SUMS',
      'its line 1 names disk.raw and has an invalid digest',
    ],
    [
      'BLAKE2b',
      `BLAKE2b (disk.raw) = ${A512}\n`,
      'CHECKSUM',
      'its digests are of unsupported algorithms: BLAKE2b (supported: sha512, sha384, sha256, sha224, sha1, md5)',
    ],
    [
      'BLAKE2b that only the name of the file tells',
      `${A512}  disk.raw\n`,
      'b2sums.txt',
      'its digests are of unsupported algorithms: b2sums (supported: sha512, sha384, sha256, sha224, sha1, md5)',
    ],
    [
      'a signed text that is cut off',
      `-----BEGIN PGP SIGNED MESSAGE-----\n\n${A256}  disk.raw\n`,
      'SHA256SUMS',
      'its signed text does not end with a complete signature',
    ],
    [
      'several signed texts',
      `${signedText(`${A256}  a`)}${signedText(`${B256}  disk.raw`)}`,
      'SHA256SUMS',
      'it has several signed texts',
    ],
    ['the image itself', 'QFI\xfb\0\0\0\x03', 'disk.qcow2', 'it is not text'],
  ])('refuses %s', (_, text, from, why) => {
    expect(found(text, '/home/me/disk.raw', from)).toEqual({ left: why, _tag: 'Left' })
  })

  it('refuses a file that is too large', () => {
    expect(read(new Uint8Array(MAX_DIGEST_FILE_BYTES + 1))).toMatchObject({
      left: expect.stringContaining('larger than'),
    })
  })

  it('parses any text in linear time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 20 }), (text, path) => void found(text, path)),
    )
    const started = performance.now()
    for (const hostile of ['(', ')', ' ', '\\', 'a', '#', './', '<', '- ', '=', `${A256} `]) {
      found(hostile.repeat(2_000_000 / hostile.length), 'disk.raw')
      found(`${A256}  ${hostile.repeat(4000)}\n`.repeat(400), hostile.repeat(4000))
    }
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})
