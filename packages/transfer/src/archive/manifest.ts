import { createHasher, isKnownDigest } from '../bytes/digest.ts'

/** What a manifest says of a file in the archive. */
export interface ManifestEntry {
  readonly file: string
  /** In the spelling of `isKnownDigest`, which need not know it. */
  readonly algorithm: string
  /** In lower case. Only of a `digest` it is hex, in the length of the algorithm. */
  readonly value: string
  /** `malformed`: no digest by that algorithm looks like this. `unknown`: digests by it cannot be computed here. */
  readonly kind: 'digest' | 'malformed' | 'unknown'
}

/** As much of a manifest as is read. */
export const MOST_MANIFEST_BYTES = 2 ** 20

const BEGINNING = /^([^\s()]{1,64})\s{0,8}\(/

/** The parts of `ALGORITHM(file)= value`; a line that goes on otherwise behind the name of a file has a value, too, which is no digest. */
const partsOf = (line: string): { readonly word: string; readonly file: string; readonly rest: string } | null => {
  const [beginning, word] = BEGINNING.exec(line) ?? []
  if (beginning === undefined || word === undefined) return null
  const behind = line.slice(beginning.length)
  const equals = behind.search(/\)\s{0,8}=/)
  const end = equals < 0 ? behind.lastIndexOf(')') : equals
  return end <= 0 ? null : { word, file: behind.slice(0, end), rest: behind.slice(end + 1).trim().replace(/^=/, '') }
}

const kindOf = (algorithm: string, value: string): ManifestEntry['kind'] => {
  if (!isKnownDigest(algorithm)) return 'unknown'
  return /^[0-9a-f]+$/.test(value) && value.length === createHasher(algorithm).digest('hex').length ? 'digest' : 'malformed'
}

/** The entries of an OVF manifest (DSP0243, 5.1): `SHA256(disk.vmdk)= 0a1b…`, a line each. Lines of other forms say nothing. */
export const parseManifest = (bytes: Uint8Array): readonly ManifestEntry[] =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const parts = line.length > 2048 ? null : partsOf(line.trim())
      if (parts === null) return []
      const { word, file, rest } = parts
      const algorithm = word.toLowerCase().replace('-', '')
      const value = rest.trim().toLowerCase()
      return [{ file: file.replace(/^(?:\.\/)+/, ''), algorithm, value, kind: kindOf(algorithm, value) }]
    })
