import {
  ImageException,
  rejected,
  type AbortSignalLike,
  type ImageResult,
  type ByteRange,
  type ByteSource,
  type DownloadOptions,
  type Image,
  type ImageError,
} from '@imago/core/provider'
import { observeBytes, decodeContent } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageData } from '../api/data.ts'
import { readHead } from '../bytes/read-head.ts'
import { sliced, verified } from '../bytes/verified.ts'
import { toExpectedData, differenceError, checkResponse, mayBeCoded } from './check-response.ts'
import { toCallOptions, createSite, type SourceContext } from './context.ts'

export type Bytes = AsyncIterable<Uint8Array>

const OPERATION = 'download'

/** Number of leading bytes that are compared to detect stores that ignore ranges. */
const HEAD_BYTES = 4096

async function* emptyBytes(): AsyncGenerator<Uint8Array> {
  yield* []
}

const catchImageError = async <A>(work: Promise<A>): Promise<E.Either<ImageError, A>> =>
  work.then(E.right, (thrown: unknown) => {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  })

const isPastEnd = ({ start, end }: ByteRange, size: number | null): boolean =>
  start < 0 || start > (size ?? start) || (end !== null && end < start)

/**
 * The data of an image.
 * - Complete data are checked against the image's digest before the last chunk is returned, unless the caller checks them.
 * - Ranges are checked by length, `Content-Range`, `Content-MD5` and `ETag`. If a store returns all data instead, the range is extracted here. Some stores do
 * so with status 206 (glance: releasenotes/notes/range-header-request-83cf11eebf865fb1.yaml); a comparison with the start of the image detects that.
 * - Data with a `Content-Encoding`, which requests do not accept, are decompressed and checked; ranges are then extracted from all data.
 */
export const imageBytes = (context: SourceContext, image: Image, options: DownloadOptions): ByteSource => {
  const known = toExpectedData(image, options)
  const { size } = known
  const { id } = image.ref
  let etag: string | null = null
  /** Whether this store is known to support ranges. */
  let isRanged = false
  let beginning: Uint8Array | null = null
  let isReported = false

  const requestData = (range: ByteRange | null, signal: AbortSignalLike | undefined): ImageResult<ImageData> =>
    context.api.data.download(id, range, toCallOptions(OPERATION, { signal }))

  const acceptResponse = (data: ImageData, expected: number | null): E.Either<ImageError, ImageData> => {
    const error = checkResponse(known, etag, data, expected)
    etag ??= data.etag
    if (error === null) return E.right(data)
    data.close()
    return E.left(error)
  }

  const checkedWhole = (data: ImageData): Bytes =>
    observeBytes(verified(data.bytes, known, data.site), { onClose: data.close })
  const cut = (data: ImageData, { start, end }: ByteRange): Bytes =>
    observeBytes(sliced(checkedWhole(data), start, end), { onClose: data.close })

  /** All data as stored, decompressed if a proxy compressed them. */
  const plain = async (data: ImageData): Promise<E.Either<ImageError, ImageData>> => {
    if (!mayBeCoded(data, known, size)) return acceptResponse(data, size)
    const unpacked = await catchImageError(decodeContent(data.bytes, data.codings, data.site))
    if (E.isLeft(unpacked)) return unpacked
    const { bytes, decoded } = unpacked.right
    if (decoded.length === 0) return acceptResponse({ ...data, bytes }, size)
    if (!isReported)
      options.onStep?.(
        `the data are sent compressed (Content-Encoding: ${decoded.join(', ')}) although the request does not allow it: they are decompressed here, and cannot be downloaded in ranges`,
      )
    isReported = true
    // Length and ETag describe the compressed bytes.
    return acceptResponse({ ...data, bytes, length: null, etag: null }, size)
  }

  const whole = (signal: AbortSignalLike | undefined): ImageResult<ImageData> =>
    pipe(
      requestData(null, signal),
      TE.flatMap((data) => () => plain(data)),
    )

  /** The first bytes of the image, requested once; `null` if they are compressed. */
  const readBeginning = async (
    signal: AbortSignalLike | undefined,
  ): Promise<E.Either<ImageError, Uint8Array | null>> => {
    if (beginning !== null) return E.right(beginning)
    const end = Math.min(HEAD_BYTES, size ?? HEAD_BYTES)
    const result = await requestData({ start: 0, end }, signal)()
    if (E.isLeft(result)) return result
    if (mayBeCoded(result.right, known, end)) {
      result.right.close()
      return E.right(null)
    }
    const read = await catchImageError(readHead(result.right.bytes, HEAD_BYTES))
    result.right.close()
    if (E.isLeft(read)) return read
    beginning = read.right.head
    return E.right(beginning)
  }

  const part = async (range: ByteRange, signal: AbortSignalLike | undefined): Promise<E.Either<ImageError, Bytes>> => {
    const cutFromWhole = pipe(
      whole(signal),
      TE.map((data) => cut(data, range)),
    )
    const result = await requestData(range, signal)()
    // The store does not support ranges. glance: glance/api/v2/image_data.py, StoreRandomGetNotSupported.
    if (E.isLeft(result))
      return result.left._tag === 'Rejected' && result.left.request?.status === 400 ? cutFromWhole() : result
    const data = result.right
    // The response has all data, with status 200 or with a wrong 206.
    if (data.range === null || (size !== null && data.length === size && data.codings.length === 0)) {
      return pipe(
        await plain(data),
        E.map((all) => cut(all, range)),
      )
    }
    const { start, end } = data.range
    // A range of compressed data and a compressed range are indistinguishable, and neither can be combined with other ranges.
    if (mayBeCoded(data, known, end - start)) {
      data.close()
      return cutFromWhole()
    }
    if (
      start !== range.start ||
      end > (range.end ?? end) ||
      (size !== null && end !== Math.min(range.end ?? size, size))
    ) {
      data.close()
      return E.left(
        differenceError(
          data.site,
          'the response contains another range of the data',
          `bytes ${range.start}-${(range.end ?? size ?? end) - 1}`,
          `bytes ${start}-${end - 1}`,
        ),
      )
    }
    const agreement = acceptResponse(data, end - start)
    if (E.isLeft(agreement)) return agreement
    const exact = observeBytes(verified(data.bytes, { size: end - start, digest: null }, data.site), {
      onClose: data.close,
    })
    if (isRanged || start === 0) return E.right(exact)

    const first = await readBeginning(signal)
    if (E.isLeft(first) || first.right === null) {
      data.close()
      return E.isLeft(first) ? first : cutFromWhole()
    }
    const read = await catchImageError(readHead(exact, Math.min(first.right.length, end - start)))
    if (E.isLeft(read)) return read
    const { head, all, close } = read.right
    if (head.equals(first.right.subarray(0, head.length))) {
      await close()
      return cutFromWhole()
    }
    isRanged = true
    return E.right(all)
  }

  return {
    size,
    open: (range = { start: 0, end: null }, signal) => {
      const { start, end } = range
      if (isPastEnd(range, size))
        return TE.left(
          rejected(createSite(context, OPERATION), {
            what: `the range from ${start} to ${end ?? 'the end'} is not within the data${size === null ? '' : `, which have ${size} bytes`}`,
          }),
        )
      if (start === end || (size !== null && size > 0 && start === size)) return TE.right(emptyBytes())
      if (start === 0 && (end === null || (size !== null && end >= size))) {
        return pipe(whole(signal), TE.map(checkedWhole))
      }
      return () => part({ start, end: end === null || size === null ? end : Math.min(end, size) }, signal)
    },
  }
}
