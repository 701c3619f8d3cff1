import { hashOf, isKnownDigest } from '../bytes/digest.ts'

/** A digest of a file in the archive, as a manifest says it. */
export interface ManifestDigest {
  readonly file: string
  /** In the spelling of `isKnownDigest`. */
  readonly algorithm: string
  /** In lower-case hex. */
  readonly value: string
}

/** As much of a manifest as is read. */
export const MOST_MANIFEST_BYTES = 2 ** 20

const LINE = /^([A-Za-z0-9-]{3,12})\s?\((.{1,1024})\)\s?=\s{0,8}([0-9a-fA-F]{32,128})$/

/** The digests of an OVF manifest (DSP0243, 5.1): `SHA256(disk.vmdk)= 0a1b…`, a line each. Lines of other forms say nothing. */
export const readManifest = (bytes: Uint8Array): readonly ManifestDigest[] =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, word = '', file = '', value = ''] = line.length > 2048 ? [] : (LINE.exec(line.trim()) ?? [])
      const algorithm = word.toLowerCase().replace('-', '')
      if (!isKnownDigest(algorithm) || value.length !== hashOf(algorithm).digest('hex').length) return []
      return [{ file: file.replace(/^(?:\.\/)+/, ''), algorithm, value: value.toLowerCase() }]
    })
