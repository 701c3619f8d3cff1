import {
  ImageException,
  integrityFailed,
  rejected,
  type AbortSignalLike,
  type ImageResult,
  type ByteRange,
  type ByteSource,
  type Digest,
  type DownloadOptions,
  type ErrorSite,
  type Image,
  type ImageError,
} from '@imago/core/provider'
import { observeBytes, decodeContent } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageData } from '../api/data.ts'
import { checkableDigest } from '../bytes/hash.ts'
import { sliced, verified } from '../bytes/verified.ts'
import { toCallOptions, createSite, type SourceContext } from './context.ts'

type Bytes = AsyncIterable<Uint8Array>

const OPERATION = 'download'

/** As many bytes of the beginning are compared, to see whether a store keeps to ranges. */
const HEAD_BYTES = 4096

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* []
}

/** What all answers must agree in. */
interface Known {
  readonly size: number | null
  readonly digest: Digest | null
  /** In hexadecimal digits. */
  readonly md5: string | null
}

const toKnown = ({ size, digests }: Image, { verifiedByCaller = false }: DownloadOptions): Known => ({
  size: size.stored,
  digest: verifiedByCaller ? null : checkableDigest(digests),
  md5:
    digests
      .find(({ algorithm, assertedBy }) => algorithm === 'md5' && assertedBy === 'provider')
      ?.value.toLowerCase() ?? null,
})

const differs = (site: ErrorSite, what: string, expected: string, actual: string): ImageError =>
  integrityFailed(site, { what, expected, actual })

/** What is wrong with an answer before its first byte; `null`: nothing. `held`: as many bytes as it should hold. */
const disagreement = (
  { size, md5 }: Known,
  etag: string | null,
  data: ImageData,
  held: number | null,
): ImageError | null => {
  const { site, range, length } = data
  const total = range?.total ?? null
  if (size !== null && total !== null && total !== size)
    return differs(site, 'the size of the data is not that of the image', `${size} bytes`, `${total} bytes`)
  if (length !== null && held !== null && length !== held)
    return differs(site, 'the answer is not as long as it should be', `${held} bytes`, `${length} bytes`)
  if (data.md5 !== null && md5 !== null && data.md5.toLowerCase() !== md5)
    return differs(site, 'the data are not those of the image', `md5:${md5}`, `md5:${data.md5.toLowerCase()}`)
  if (data.etag !== null && etag !== null && data.etag !== etag)
    return differs(site, 'the data have changed since they were first asked for', etag, data.etag)
  return null
}

/** The first `count` bytes, or all if there are fewer, and then the rest. */
const withHead = async (
  bytes: Bytes,
  count: number,
): Promise<{ readonly head: Buffer; readonly all: Bytes; readonly close: () => Promise<void> }> => {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  for (let seen = 0; seen < count;) {
    const { done, value } = await iterator.next()
    if (done === true) break
    first.push(value)
    seen += value.length
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  const close = async (): Promise<void> => void (await iterator.return?.())
  return {
    head: Buffer.concat(first).subarray(0, count),
    all: observeBytes(all(), { onClose: () => void close() }),
    close,
  }
}

const caught = async <A>(work: Promise<A>): Promise<E.Either<ImageError, A>> =>
  work.then(E.right, (thrown: unknown) => {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  })

/**
 * Whether the bytes may be in a coding that was not asked for. Those of the announced number are as they are stored, whatever the header says. `held`: as many bytes as
 * the answer should hold.
 */
const mayBeCoded = ({ codings, length, range }: ImageData, { size }: Known, held: number | null): boolean =>
  codings.length > 0 && (length === null || length !== held || (range !== null && range.total !== size))

const isPastEnd = ({ start, end }: ByteRange, size: number | null): boolean =>
  start < 0 || start > (size ?? start) || (end !== null && end < start)

/**
 * The data of an image, as its record describes them.
 * - Whole data are checked by the image's digest before their last chunk is given, unless the caller does.
 * - Of ranges only lengths, `Content-Range`, `Content-MD5` and `ETag` can be checked. Some stores answer them with all data: then what was asked for is cut out.
 *   Some do so and say the contrary (glance: releasenotes/notes/range-header-request-83cf11eebf865fb1.yaml): they are found out by the beginning of the image.
 * - What comes in a `Content-Encoding`, which is never asked for, is unpacked, and then checked like any other; ranges are then cut from all data.
 */
export const imageBytes = (context: SourceContext, image: Image, options: DownloadOptions): ByteSource => {
  const known = toKnown(image, options)
  const { size } = known
  const { id } = image.ref
  let etag: string | null = null
  /** Whether this store has been seen to keep to ranges. */
  let isRanged = false
  let beginning: Uint8Array | null = null
  let isTold = false

  const asked = (range: ByteRange | null, signal: AbortSignalLike | undefined): ImageResult<ImageData> =>
    context.api.data.download(id, range, toCallOptions(OPERATION, { signal }))

  const agreed = (data: ImageData, held: number | null): E.Either<ImageError, ImageData> => {
    const error = disagreement(known, etag, data, held)
    etag ??= data.etag
    if (error === null) return E.right(data)
    data.close()
    return E.left(error)
  }

  const checkedWhole = (data: ImageData): Bytes =>
    observeBytes(verified(data.bytes, known, data.site), { onClose: data.close })
  const cut = (data: ImageData, { start, end }: ByteRange): Bytes =>
    observeBytes(sliced(checkedWhole(data), start, end), { onClose: data.close })

  /** All data as they are stored: where something on the way has compressed them, unpacked. */
  const plain = async (data: ImageData): Promise<E.Either<ImageError, ImageData>> => {
    if (!mayBeCoded(data, known, size)) return agreed(data, size)
    const unpacked = await caught(decodeContent(data.bytes, data.codings, data.site))
    if (E.isLeft(unpacked)) return unpacked
    const { bytes, decoded } = unpacked.right
    if (decoded.length === 0) return agreed({ ...data, bytes }, size)
    if (!isTold)
      options.onStep?.(
        `the data come compressed (Content-Encoding: ${decoded.join(', ')}), which was not asked for: they are unpacked here, and cannot be fetched in parts`,
      )
    isTold = true
    // Length and ETag are of what was sent.
    return agreed({ ...data, bytes, length: null, etag: null }, size)
  }

  const whole = (signal: AbortSignalLike | undefined): ImageResult<ImageData> =>
    pipe(
      asked(null, signal),
      TE.flatMap((data) => () => plain(data)),
    )

  /** The first bytes of the image: asked for once. `null`: they come in a coding. */
  const readBeginning = async (
    signal: AbortSignalLike | undefined,
  ): Promise<E.Either<ImageError, Uint8Array | null>> => {
    if (beginning !== null) return E.right(beginning)
    const end = Math.min(HEAD_BYTES, size ?? HEAD_BYTES)
    const answer = await asked({ start: 0, end }, signal)()
    if (E.isLeft(answer)) return answer
    if (mayBeCoded(answer.right, known, end)) {
      answer.right.close()
      return E.right(null)
    }
    const read = await caught(withHead(answer.right.bytes, HEAD_BYTES))
    answer.right.close()
    if (E.isLeft(read)) return read
    beginning = read.right.head
    return E.right(beginning)
  }

  const part = async (range: ByteRange, signal: AbortSignalLike | undefined): Promise<E.Either<ImageError, Bytes>> => {
    const cutFromWhole = pipe(
      whole(signal),
      TE.map((data) => cut(data, range)),
    )
    const answer = await asked(range, signal)()
    // A store that can give no ranges at all, and says so. glance: glance/api/v2/image_data.py, StoreRandomGetNotSupported.
    if (E.isLeft(answer))
      return answer.left._tag === 'Rejected' && answer.left.request?.status === 400 ? cutFromWhole() : answer
    const data = answer.right
    // All data: because it was answered 200, or though it was not.
    if (data.range === null || (size !== null && data.length === size && data.codings.length === 0)) {
      return pipe(
        await plain(data),
        E.map((all) => cut(all, range)),
      )
    }
    const { start, end } = data.range
    // A part of what is compressed, or a part that was compressed by itself: neither can be told from the other, nor put together with what is here.
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
        differs(
          data.site,
          'the answer holds another part of the data',
          `bytes ${range.start}-${(range.end ?? size ?? end) - 1}`,
          `bytes ${start}-${end - 1}`,
        ),
      )
    }
    const agreement = agreed(data, end - start)
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
    const read = await caught(withHead(exact, Math.min(first.right.length, end - start)))
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
            what: `there are no bytes from ${start} to ${end ?? 'the end'}${size === null ? '' : ` among ${size}`}`,
          }),
        )
      if (start === end || (size !== null && size > 0 && start === size)) return TE.right(nothing())
      if (start === 0 && (end === null || (size !== null && end >= size))) {
        return pipe(whole(signal), TE.map(checkedWhole))
      }
      return () => part({ start, end: end === null || size === null ? end : Math.min(end, size) }, signal)
    },
  }
}
