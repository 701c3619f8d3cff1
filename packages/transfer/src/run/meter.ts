import type { Digest } from '@imago/core'
import { hashOf, isKnownDigest } from '../bytes/digest.ts'
import type { Inspection } from '../inspect/inspection.ts'
import type { RunTools } from './tools.ts'

/** What was read along a stream. */
export interface Measured {
  readonly size: number
  readonly digests: Readonly<Record<string, string>>
  readonly inspection: Inspection
  /** The first bytes. */
  readonly head: Uint8Array
}

export interface Meter {
  readonly write: (chunk: Uint8Array) => void
  readonly end: () => Measured
}

/** The strongest first. */
const ORDER: readonly string[] = ['sha512', 'sha3_512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5']

/** The digests that can be computed here, the strongest first. */
export const comparable = (digests: readonly Digest[]): readonly Digest[] => {
  const rank = ({ algorithm }: Digest): number => (ORDER.includes(algorithm) ? ORDER.indexOf(algorithm) : ORDER.length)
  return digests.filter(({ algorithm, of }) => of === 'stored' && isKnownDigest(algorithm)).sort((one, other) => rank(one) - rank(other))
}

/** The best of the algorithms that can be computed here; SHA-512 where there is none. */
export const bestAlgorithm = (algorithms: readonly string[]): string => ORDER.find((one) => algorithms.includes(one) && isKnownDigest(one)) ?? 'sha512'

const HEAD = 512

/** Counts, hashes and inspects. */
export const createMeter = (algorithms: readonly string[], { createInspector }: Pick<RunTools, 'createInspector'>): Meter => {
  const hashes = [...new Set(algorithms)].map((algorithm) => [algorithm, hashOf(algorithm)] as const)
  const inspector = createInspector()
  const head: number[] = []
  let size = 0
  return {
    write: (chunk) => {
      if (head.length < HEAD) head.push(...chunk.subarray(0, HEAD - head.length))
      size += chunk.length
      for (const [, hash] of hashes) hash.update(chunk)
      inspector.write(chunk)
    },
    end: () => ({ size, digests: Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')])), inspection: inspector.end(), head: Uint8Array.from(head) }),
  }
}
