import { ImageException, integrityFailed, type Digest, type ErrorSite } from '@imago/core'
import { formatDigest, startHash } from './hash.ts'

/** What bytes are said to be. */
export interface Expected {
  /** `null`: not known. */
  readonly size: number | null
  /** `null`: none is known, or none that can be computed here. */
  readonly digest: Pick<Digest, 'algorithm' | 'value'> | null
}

const bytesInWords = (count: number): string => `${count} bytes`

const wrongSize = (site: ErrorSite, expected: number, actual: number): ImageException =>
  new ImageException(
    integrityFailed(site, {
      what: actual < expected ? 'the data ended early' : 'there are more data than there should be',
      expected: bytesInWords(expected),
      actual: bytesInWords(actual),
    }),
  )

/**
 * Whole data, given only as far as they are what they should be: the last chunk is held back until size and digest agree. What does not is thrown as
 * `IntegrityFailed`, so that nobody who reads to the end has read anything else.
 */
export async function* verified(
  bytes: AsyncIterable<Uint8Array>,
  { size, digest }: Expected,
  site: ErrorSite,
): AsyncGenerator<Uint8Array> {
  const hash = digest === null ? null : startHash(digest.algorithm)
  let seen = 0
  let held: Uint8Array | null = null
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue
    seen += chunk.length
    if (size !== null && seen > size) throw wrongSize(site, size, seen)
    hash?.update(chunk)
    if (held !== null) yield held
    held = chunk
  }
  if (size !== null && seen !== size) throw wrongSize(site, size, seen)
  if (digest !== null && hash !== null) {
    const expected = formatDigest(digest)
    const actual = hash.digest()
    if (actual !== expected)
      throw new ImageException(
        integrityFailed(site, { what: 'the data are not those that the image should have', expected, actual }),
      )
  }
  if (held !== null) yield held
}

/** The bytes from `start` up to, not including, `end` of `bytes`; reads to the end of all only if that is wanted. */
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
