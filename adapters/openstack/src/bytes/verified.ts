import { ImageException, integrityFailed, type Digest, type ErrorSite } from '@imago/core/provider'
import { formatDigest, startHash } from './hash.ts'

/** The expected size and digest. */
export interface Expected {
  /** `null`: unknown. */
  readonly size: number | null
  /** `null`: unknown, or not computable on this machine. */
  readonly digest: Pick<Digest, 'algorithm' | 'value'> | null
}

const formatBytes = (count: number): string => `${count} bytes`

const wrongSize = (site: ErrorSite, expected: number, actual: number): ImageException =>
  new ImageException(
    integrityFailed(site, {
      what: actual < expected ? 'the data ended too early' : 'the data are longer than expected',
      expected: formatBytes(expected),
      actual: formatBytes(actual),
    }),
  )

/**
 * Verifies data while they are read: the last chunk is returned only if size and digest match.
 * Otherwise throws `IntegrityFailed`, so a complete read implies correct data.
 */
export async function* verified(
  bytes: AsyncIterable<Uint8Array>,
  { size, digest }: Expected,
  site: ErrorSite,
): AsyncGenerator<Uint8Array> {
  const hash = digest === null ? null : startHash(digest.algorithm)
  let seen = 0
  let pending: Uint8Array | null = null
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue
    seen += chunk.length
    if (size !== null && seen > size) throw wrongSize(site, size, seen)
    hash?.update(chunk)
    if (pending !== null) yield pending
    pending = chunk
  }
  if (size !== null && seen !== size) throw wrongSize(site, size, seen)
  if (digest !== null && hash !== null) {
    const expected = formatDigest(digest)
    const actual = hash.digest()
    if (actual !== expected)
      throw new ImageException(
        integrityFailed(site, { what: 'the data differ from the data of the image', expected, actual }),
      )
  }
  if (pending !== null) yield pending
}

/** The bytes from `start` (inclusive) to `end` (exclusive). Stops reading at `end`. */
export async function* sliced(
  bytes: AsyncIterable<Uint8Array>,
  start: number,
  end: number | null,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of bytes) {
    const from = Math.max(0, start - at)
    const to = end === null ? chunk.length : Math.min(chunk.length, end - at)
    if (from < to) yield from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to)
    at += chunk.length
  }
}
