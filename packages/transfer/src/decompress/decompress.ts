import { aborted, ImageException, integrityFailed, rejected, unsafeImage, type AbortSignalLike, type ByteRange, type ByteSource, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toIterable } from '../bytes/to-iterable.ts'
import { observe } from '../bytes/observe.ts'
import { rangeError, toSpan, type Span } from '../bytes/range.ts'
import { decodeBzip2 } from './bzip2.ts'
import { DecoderFault, type Decoder } from './fault.ts'
import { decodeGzip } from './gzip.ts'
import type { CompressionKind } from './kind.ts'
import { decodeXz } from './xz.ts'
import { decodeZstd } from './zstd.ts'

/** How much may come of how little. */
export interface DecompressionLimits {
  /** The most bytes that may come out; `null`: without limit. */
  readonly bytes: number | null
  /** How many bytes may come of one, over all that was read so far. */
  readonly ratio: number
  /** So many bytes may come out before the ratio counts: an image may begin with a great hole. */
  readonly unjudged: number
}

/**
 * No more than 16 TiB, Glance's usual limits being lower; a thousand bytes of one, once there are 4 GiB. gzip cannot give more than 1032 of one;
 * what is published as an image gives 2 to 20, and an empty disk of xz 7000.
 */
export const DEFAULT_DECOMPRESSION_LIMITS: DecompressionLimits = { bytes: 16 * 2 ** 40, ratio: 1000, unjudged: 4 * 2 ** 30 }

const DECODERS: Readonly<Record<CompressionKind, Decoder>> = { gzip: decodeGzip, xz: decodeXz, zstd: decodeZstd, bzip2: decodeBzip2 }

interface Passed {
  /** Compressed bytes that were read. */
  in: number
  /** Bytes that came of them. */
  out: number
}

const bombOf = (kind: CompressionKind, { bytes, ratio, unjudged }: DecompressionLimits, passed: Passed, site: ErrorSite): ImageError | null => {
  const wording = { check: 'decompression_bomb', hint: 'If the image is meant to be so large, raise the limit' }
  if (bytes !== null && passed.out > bytes) return unsafeImage(site, { ...wording, what: `the ${kind} holds more than the ${bytes} bytes that are allowed` })
  if (passed.out > unjudged && passed.out > ratio * passed.in) return unsafeImage(site, { ...wording, what: `the ${kind} makes more than ${ratio} bytes of one: ${passed.out} of ${passed.in} so far` })
  return null
}

const errorOf = (fault: DecoderFault, kind: CompressionKind, passed: Passed, site: ErrorSite): ImageError => {
  const what = `the ${kind} cannot be decompressed: ${fault.what}`
  switch (fault.kind) {
    case 'truncated':
      return integrityFailed(site, { what, expected: `a whole ${kind}`, actual: `one that ends after ${passed.in} bytes` })
    case 'damaged':
      return integrityFailed(site, { what, expected: `a sound ${kind}`, actual: `damage within its first ${passed.in} bytes` })
    case 'trailing':
      return rejected(site, { what, hint: 'Check that the file is what it is said to be, then make a new plan', remedy: 'new-plan' })
    case 'memory':
    case 'unsupported':
      return rejected(site, { what, hint: 'Decompress it first, and make a new plan of the file that comes of it', remedy: 'new-plan' })
  }
}

/** The bytes of `span`, of all those that come; never more than `limits` allow. */
const reading = (source: AsyncIterable<Uint8Array>, kind: CompressionKind, { start, end }: Span, limits: DecompressionLimits, site: ErrorSite, signal: AbortSignalLike | undefined): AsyncIterable<Uint8Array> => {
  const passed: Passed = { in: 0, out: 0 }
  const counted = observe(source, (chunk) => void (passed.in += chunk.length))
  const inner = DECODERS[kind](counted)[Symbol.asyncIterator]()
  let isStarted = false
  const following = async (): Promise<Uint8Array | null> => {
    while (end === null || passed.out < end) {
      if (signal?.aborted === true) throw new ImageException(aborted(site))
      isStarted = true
      const result = await inner.next()
      if (result.done === true) {
        if (passed.out < start) throw new ImageException(rangeError(site, { start, end }, passed.out))
        return null
      }
      const before = passed.out
      passed.out += result.value.length
      const bomb = bombOf(kind, limits, passed, site)
      if (bomb !== null) throw new ImageException(bomb)
      const wanted = result.value.subarray(Math.max(0, start - before), end === null ? undefined : Math.max(0, end - before))
      if (wanted.length > 0) return wanted
    }
    return null
  }
  return toIterable({
    next: () =>
      following().catch((thrown: unknown) => {
        throw thrown instanceof DecoderFault ? new ImageException(errorOf(thrown, kind, passed, site)) : thrown
      }),
    // A generator that has not begun closes nothing of what it was given.
    close: async () => void (isStarted ? await inner.return?.() : await source[Symbol.asyncIterator]().return?.()),
  })
}

/**
 * What compressed bytes hold: all members, streams and frames of them, their check sums compared. Nobody knows its size before; a range is
 * found by decompressing what stands before it. Memory is bounded: by the compression's own window, 256 MiB at most.
 *
 * Errors, while it is read: `IntegrityFailed` for what is cut short or damaged; `Rejected` for what is followed by something else, or cannot be read here;
 * `UnsafeImage`, `decompression_bomb`, for more bytes than `limits` allow.
 */
export const decompress = (bytes: ByteSource, kind: CompressionKind, limits: DecompressionLimits, site: ErrorSite): ByteSource => ({
  size: null,
  open: (range?: ByteRange, signal?: AbortSignalLike) => async () => {
    const span = toSpan(range, null, site)
    if (E.isLeft(span)) return span
    const opened = await bytes.open(undefined, signal)()
    return E.isLeft(opened) ? opened : E.right(reading(opened.right, kind, span.right, limits, site, signal))
  },
})
