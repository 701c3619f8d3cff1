import { createHasher } from './digest.ts'
import { observe } from './observe.ts'

/** Size and digests of the bytes that have passed so far. */
export interface Fingerprint {
  /** In bytes. */
  readonly size: number
  /** By the requested algorithm, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
}

/** The result of `hashBytes`. */
export interface HashedBytes {
  /** The same bytes. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Of the bytes that have passed; of all bytes after the iteration. It can be called at any time and repeatedly. */
  readonly result: () => Fingerprint
}

/**
 * Computes size and digests of bytes as they pass, in one pass for all algorithms.
 * Throws `TypeError` if an algorithm is not supported: see `isKnownDigest`.
 */
export const hashBytes = (bytes: AsyncIterable<Uint8Array>, algorithms: readonly string[]): HashedBytes => {
  const hashes = [...new Set(algorithms)].map((algorithm) => [algorithm, createHasher(algorithm)] as const)
  let size = 0
  const note = (chunk: Uint8Array): void => {
    size += chunk.length
    for (const [, hash] of hashes) hash.update(chunk)
  }
  return {
    bytes: observe(bytes, note),
    result: () => ({
      size,
      digests: Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.copy().digest('hex')])),
    }),
  }
}
