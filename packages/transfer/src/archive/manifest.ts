import { createHasher, isKnownDigest } from '../bytes/digest.ts'

/** An entry of an OVF manifest. */
export interface ManifestEntry {
  readonly file: string
  /** The name for `isKnownDigest`, which may not support it. */
  readonly algorithm: string
  /** In lower case. Of the kind `digest` it is hex, in the length of the algorithm. */
  readonly value: string
  /** `malformed`: not a digest of that algorithm. `unknown`: the algorithm is not supported. */
  readonly kind: 'digest' | 'malformed' | 'unknown'
}

/** In bytes: a larger manifest is not read. */
export const MAX_MANIFEST_BYTES = 2 ** 20

const BEGINNING = /^([^\s()]{1,64})\s{0,8}\(/

/** The parts of `ALGORITHM(file)= value`. A line that continues in another way after the name has a value as well, which is not a digest. */
const splitLine = (line: string): { readonly word: string; readonly file: string; readonly rest: string } | null => {
  const [beginning, word] = BEGINNING.exec(line) ?? []
  if (beginning === undefined || word === undefined) return null
  const behind = line.slice(beginning.length)
  const equals = behind.search(/\)\s{0,8}=/)
  const end = equals < 0 ? behind.lastIndexOf(')') : equals
  return end <= 0
    ? null
    : {
        word,
        file: behind.slice(0, end),
        rest: behind
          .slice(end + 1)
          .trim()
          .replace(/^=/, ''),
      }
}

const toKind = (algorithm: string, value: string): ManifestEntry['kind'] => {
  if (!isKnownDigest(algorithm)) return 'unknown'
  return /^[0-9a-f]+$/.test(value) && value.length === createHasher(algorithm).digest('hex').length
    ? 'digest'
    : 'malformed'
}

/** Parses an OVF manifest (DSP0243, 5.1): one line `SHA256(disk.vmdk)= 0a1b…` for each file. Other lines are ignored. */
export const parseManifest = (bytes: Uint8Array): readonly ManifestEntry[] =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const parts = line.length > 2048 ? null : splitLine(line.trim())
      if (parts === null) return []
      const { word, file, rest } = parts
      const algorithm = word.toLowerCase().replace('-', '')
      const value = rest.trim().toLowerCase()
      return [{ file: file.replace(/^(?:\.\/)+/, ''), algorithm, value, kind: toKind(algorithm, value) }]
    })
