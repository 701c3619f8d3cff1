import type { Digest } from '@imago/core/provider'
import { createHash, type Hash } from 'node:crypto'

/** An incremental digest. */
export interface RunningHash {
  readonly algorithm: string
  readonly update: (chunk: Uint8Array) => void
  /** Returns the result as `sha512:9f86…`. */
  readonly digest: () => string
}

/** Algorithms whose names differ between Python's `hashlib` and OpenSSL. */
const OPENSSL_NAMES: ReadonlyMap<string, string> = new Map([
  ['sha3_224', 'sha3-224'],
  ['sha3_256', 'sha3-256'],
  ['sha3_384', 'sha3-384'],
  ['sha3_512', 'sha3-512'],
  ['blake2b', 'blake2b512'],
  ['blake2s', 'blake2s256'],
])

const createHashIfSupported = (algorithm: string): Hash | null => {
  try {
    return createHash(OPENSSL_NAMES.get(algorithm) ?? algorithm)
  } catch {
    return null
  }
}

/** Starts a digest; `null` if this machine's OpenSSL lacks or forbids the algorithm (FIPS). */
export const startHash = (algorithm: string): RunningHash | null => {
  const hash = createHashIfSupported(algorithm)
  return hash === null
    ? null
    : { algorithm, update: (chunk) => void hash.update(chunk), digest: () => `${algorithm}:${hash.digest('hex')}` }
}

export const formatDigest = ({ algorithm, value }: Pick<Digest, 'algorithm' | 'value'>): string =>
  `${algorithm}:${value.toLowerCase()}`

/** The first digest of the stored bytes that the cloud provides and this machine can compute. Glance's hash precedes MD5. */
export const checkableDigest = (digests: readonly Digest[]): Digest | null =>
  digests.find(
    ({ algorithm, of, assertedBy }) =>
      of === 'stored' && assertedBy === 'provider' && createHashIfSupported(algorithm) !== null,
  ) ?? null
