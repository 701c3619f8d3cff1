import type { Digest } from '@imago/core'
import type { Inspection } from '@imago/inspect'
import { isKnownDigest } from '../bytes/digest.ts'
import { startHashes } from '../bytes/hashes.ts'
import type { RunTools } from './tools.ts'

/** What was measured while a stream was read. */
export interface Measured {
  readonly size: number
  readonly digests: Readonly<Record<string, string>>
  readonly inspection: Inspection
  /** The first bytes. */
  readonly head: Uint8Array
}

export interface Meter {
  /** Await it before the next chunk. */
  readonly write: (chunk: Uint8Array) => Promise<void>
  readonly end: () => Promise<Measured>
  /** Must be called at the end, also after an error. */
  readonly close: () => void
}

/** From strongest to weakest. */
const ORDER: readonly string[] = ['sha512', 'sha3_512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5']

/** The digests of stored bytes that imago can compute, strongest first. */
export const selectComparable = (digests: readonly Digest[]): readonly Digest[] => {
  const rank = ({ algorithm }: Digest): number => (ORDER.includes(algorithm) ? ORDER.indexOf(algorithm) : ORDER.length)
  return digests
    .filter(({ algorithm, of }) => of === 'stored' && isKnownDigest(algorithm))
    .sort((one, other) => rank(one) - rank(other))
}

/** The strongest algorithm that imago can compute; SHA-512 by default. */
export const selectAlgorithm = (algorithms: readonly string[]): string =>
  ORDER.find((one) => algorithms.includes(one) && isKnownDigest(one)) ?? 'sha512'

/** How many of the first bytes are kept. */
export const HEAD_BYTES = 512

/** Counts, hashes and inspects bytes. `size`: expected bytes; `null`: unknown. */
export const createMeter = (
  algorithms: readonly string[],
  size: number | null,
  { createInspector }: Pick<RunTools, 'createInspector'>,
): Meter => {
  const hashes = startHashes(algorithms, size)
  const inspector = createInspector()
  const head: number[] = []
  let seen = 0
  return {
    write: (chunk) => {
      if (head.length < HEAD_BYTES) head.push(...chunk.subarray(0, HEAD_BYTES - head.length))
      seen += chunk.length
      inspector.write(chunk)
      return hashes.write(chunk)
    },
    end: async () => ({
      size: seen,
      digests: await hashes.digests(),
      inspection: inspector.end(),
      head: Uint8Array.from(head),
    }),
    close: hashes.close,
  }
}

/** Measures `chunks`; `onProgress` gets the number of bytes read. Throws their errors. */
export const measure = async (
  chunks: AsyncIterable<Uint8Array>,
  meter: Meter,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<Measured> => {
  let read = 0
  try {
    for await (const chunk of chunks) {
      await meter.write(chunk)
      read += chunk.length
      onProgress(read)
    }
    return await meter.end()
  } finally {
    meter.close()
  }
}
