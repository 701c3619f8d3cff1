import {
  aborted,
  formatSize,
  ImageException,
  integrityFailed,
  rejected,
  unsafeImage,
  type AbortSignalLike,
  type ByteRange,
  type ByteSource,
  type ErrorDetails,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
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

/** What to do if a limit is exceeded. */
export type LimitAdvice = Pick<ErrorDetails, 'hint' | 'remedy' | 'changes'>

/** Limits of the output. */
export interface DecompressionLimits {
  /** Output in bytes; `null`: unlimited. */
  readonly bytes: number | null
  /** What to do about more than `bytes`; default: decompress it by other means. */
  readonly advice?: LimitAdvice | undefined
  /** Output bytes for each input byte, over all that was read so far. */
  readonly ratio: number
  /** Output in bytes before the ratio counts: an image can begin with a large hole. */
  readonly ratioFrom: number
}

/**
 * 16 TiB, which is more than usual limits of Glance; and a ratio of 1000, after 4 GiB of output. The ratio of gzip is at most 1032, that of published images
 * 2 to 20, and that of an empty disk in xz 7000.
 */
export const DEFAULT_DECOMPRESSION_LIMITS: DecompressionLimits = {
  bytes: 16 * 2 ** 40,
  ratio: 1000,
  ratioFrom: 4 * 2 ** 30,
}

const DECOMPRESS_FIRST: LimitAdvice = {
  hint: 'Decompress it first, then create a new plan with the result',
  remedy: 'new-plan',
}

const DECODERS: Readonly<Record<CompressionKind, Decoder>> = {
  gzip: decodeGzip,
  xz: decodeXz,
  zstd: decodeZstd,
  bzip2: decodeBzip2,
}

interface Passed {
  /** Compressed bytes read. */
  in: number
  /** Bytes of output. */
  out: number
}

const findBomb = (
  kind: CompressionKind,
  { bytes, advice = DECOMPRESS_FIRST, ratio, ratioFrom }: DecompressionLimits,
  passed: Passed,
  site: ErrorSite,
): ImageError | null => {
  const check = 'decompression_bomb'
  if (bytes !== null && passed.out > bytes)
    return unsafeImage(site, {
      check,
      ...advice,
      what: `the ${kind} data expands to more than the ${formatSize(bytes)} allowed`,
    })
  if (passed.out > ratioFrom && passed.out > ratio * passed.in)
    return unsafeImage(site, {
      check,
      ...DECOMPRESS_FIRST,
      what: `the ${kind} data expands to more than ${ratio} times its size: from ${formatSize(passed.in)} to ${formatSize(passed.out)} so far`,
    })
  return null
}

const toError = (fault: DecoderFault, kind: CompressionKind, passed: Passed, site: ErrorSite): ImageError => {
  const what = `the ${kind} data cannot be decompressed: ${fault.what}`
  switch (fault.kind) {
    case 'truncated':
      return integrityFailed(site, {
        what,
        expected: `complete ${kind} data`,
        actual: `data that ends after ${passed.in} bytes`,
      })
    case 'damaged':
      return integrityFailed(site, {
        what,
        expected: `intact ${kind} data`,
        actual: `damage within its first ${passed.in} bytes`,
      })
    case 'trailing':
      return rejected(site, {
        what,
        hint: 'Check that it is the intended file, then create a new plan',
        remedy: 'new-plan',
      })
    case 'memory':
    case 'unsupported':
      return rejected(site, { what, ...DECOMPRESS_FIRST })
  }
}

/** The bytes of `span` of the output, within `limits`. */
const readSpan = (
  source: AsyncIterable<Uint8Array>,
  kind: CompressionKind,
  { start, end }: Span,
  limits: DecompressionLimits,
  site: ErrorSite,
  signal: AbortSignalLike | undefined,
): AsyncIterable<Uint8Array> => {
  const passed: Passed = { in: 0, out: 0 }
  const counted = observe(source, (chunk) => void (passed.in += chunk.length))
  const inner = DECODERS[kind](counted)[Symbol.asyncIterator]()
  let isStarted = false
  const nextChunk = async (): Promise<Uint8Array | null> => {
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
      const bomb = findBomb(kind, limits, passed, site)
      if (bomb !== null) throw new ImageException(bomb)
      const wanted = result.value.subarray(
        Math.max(0, start - before),
        end === null ? undefined : Math.max(0, end - before),
      )
      if (wanted.length > 0) return wanted
    }
    return null
  }
  return toIterable({
    next: () =>
      nextChunk().catch((thrown: unknown) => {
        throw thrown instanceof DecoderFault ? new ImageException(toError(thrown, kind, passed, site)) : thrown
      }),
    // A generator that has not started does not close its input.
    close: async () => void (isStarted ? await inner.return?.() : await source[Symbol.asyncIterator]().return?.()),
  })
}

/**
 * The decompressed content of bytes: all members, streams and frames, with their checksums verified. Its size is unknown (`null`), and opening a range
 * decompresses everything before it. Memory is bounded by the window of the compression, at most 256 MiB.
 *
 * Errors while reading: `IntegrityFailed` for truncated or damaged bytes; `Rejected` for bytes that other data follows, or that are not supported;
 * `UnsafeImage` (`decompression_bomb`) for output beyond `limits`.
 */
export const decompress = (
  bytes: ByteSource,
  kind: CompressionKind,
  limits: DecompressionLimits,
  site: ErrorSite,
): ByteSource => ({
  size: null,
  open: (range?: ByteRange, signal?: AbortSignalLike) => async () => {
    const span = toSpan(range, null, site)
    if (E.isLeft(span)) return span
    const opened = await bytes.open(undefined, signal)()
    return E.isLeft(opened) ? opened : E.right(readSpan(opened.right, kind, span.right, limits, site, signal))
  },
})
