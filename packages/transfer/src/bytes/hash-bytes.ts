import { createHasher } from './digest.ts'
import { observe } from './observe.ts'

/** What has passed so far. */
export interface Fingerprint {
  /** In bytes. */
  readonly size: number
  /** By algorithm as it was asked for, in lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
}

export interface HashedBytes {
  /** The same bytes. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Of the bytes that have passed; of all of them once the iteration is over. May be asked at any time, and again. */
  readonly result: () => Fingerprint
}

/**
 * Bytes whose size and digests are taken as they pass, in one pass for all algorithms.
 * Throws on an algorithm that is not known: see `isKnownDigest`.
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
    result: () => ({ size, digests: Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.copy().digest('hex')])) }),
  }
}
