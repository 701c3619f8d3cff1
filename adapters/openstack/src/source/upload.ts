import { conflict, integrityFailed, type Abortable, type Answer, type ByteSource, type Image, type ImageError, type UploadOptions } from '@imago/core'
import { aroundBytes } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { digestText, startHash, type RunningHash } from '../bytes/hash.ts'
import { callOf, recordOf, siteFor, toImage, withId, type SourceContext, type WireRecord } from './context.ts'

const OPERATION = 'upload'

/** Shorter ones end before a token does. */
const LONG_BYTES = 16 * 2 ** 20

/** How long an image whose upload broke off may be `saving`: Glance notices when it next reads. */
const SETTLE_MS = 5000
const LOOK_MS = 100

/** The hash that this Glance computes: a record from before Rocky (API 2.7) has none, and MD5 alone. glance: glance/common/config.py, hashing_algorithm. */
const algorithmFor = (record: WireRecord): string => (Object.hasOwn(record, 'os_hash_algo') ? 'sha512' : 'md5')

/** What was sent, once all of it was. */
interface Sent {
  readonly size: number
  readonly digest: string | null
}

interface Measured {
  readonly bytes: ByteSource
  /** `null`: not all of it was read. */
  readonly sent: () => Sent | null
}

/** The digest of what is sent, where the caller computes the one that this Glance will tell; `null`: it is computed here. */
const knownDigest = ({ digest }: UploadOptions, algorithm: string): (() => string | null) | null => {
  if (digest?.algorithm !== algorithm) return null
  return () => {
    const value = digest.value()
    return value === null ? null : digestText({ algorithm, value })
  }
}

/** The same bytes, counted and hashed on their way; opened again, they are counted anew. */
const measured = (source: ByteSource, algorithm: string, options: UploadOptions): Measured => {
  const { onProgress } = options
  const known = knownDigest(options, algorithm)
  let most = 0
  let size = 0
  let isOpen = false
  let hash: RunningHash | null = null
  let sent: Sent | null = null
  const got = (chunk: Uint8Array): void => {
    size += chunk.length
    hash?.update(chunk)
    if (size <= most) return
    most = size
    // What is more than there should be is not sent.
    onProgress?.(Math.min(most, source.size ?? most))
  }
  const ended = (): void => {
    sent ??= { size, digest: known === null ? (hash?.digest() ?? null) : known() }
  }
  const opened = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    size = 0
    sent = null
    isOpen = true
    hash = known === null ? startHash(algorithm) : null
    return aroundBytes(bytes, { got, done: ended })
  }
  return {
    bytes: { size: source.size, open: (range, signal) => pipe(source.open(range, signal), TE.map(opened)) },
    sent: () => {
      // Where the size is known, Glance may answer before the source has said that this was all.
      if (isOpen && size === source.size) ended()
      return sent
    },
  }
}

/** Why what Glance has is not what was sent; `null`: it is. */
const disagreement = (context: SourceContext, image: Image, { size, digest }: Sent): ImageError | null => {
  const site = siteFor(context, OPERATION)
  const hint = 'The image was deactivated: delete it, and send the data into a new one'
  if (image.size.stored !== null && image.size.stored !== size) {
    return integrityFailed(site, { what: 'Glance has another number of bytes than were sent', expected: `${size} bytes`, actual: `${image.size.stored} bytes`, hint })
  }
  const algorithm = digest?.split(':')[0]
  const stored = image.digests.find((one) => one.algorithm === algorithm && one.of === 'stored' && one.assertedBy === 'provider')
  if (digest === null || stored === undefined || digestText(stored) === digest) return null
  return integrityFailed(site, { what: 'Glance has other data than were sent', expected: digest, actual: digestText(stored), hint })
}

/** The image once it is no longer `saving`, or when it has been for too long. */
const settled = async (context: SourceContext, id: string, options: Abortable): Promise<E.Either<ImageError, Image>> => {
  const { clock, sleep } = context.timing
  for (const end = clock() + SETTLE_MS; ; await sleep(LOOK_MS, options.signal)) {
    const image = await pipe(recordOf(context, OPERATION, id, options), TE.flatMapEither(toImage(context, OPERATION)))()
    if (E.isLeft(image) || image.right.providerStatus !== 'saving' || clock() >= end) return image
  }
}

/** Whether it may have come of the connection, so that Glance may have got everything all the same. */
const isUncertain = ({ _tag }: ImageError): boolean => _tag === 'Unavailable'

/** Whether Glance has said no, and so is done with it. */
const isRefusal = ({ operation, request }: ImageError): boolean => operation === OPERATION && Math.floor((request?.status ?? 0) / 100) === 4

/**
 * Sends data as they are read. The record is read first: what is no longer waiting for data is told before a byte is sent, and that the token is good is known.
 * It is read again when they are sent, and holds what was sent, or the image is deactivated so that nobody starts from it.
 */
export const upload =
  (context: SourceContext) =>
  (id: string, bytes: ByteSource, options: UploadOptions = {}): Answer<Image> => {
    const { store } = options
    const call = callOf(OPERATION, options)
    const work = async (): Promise<E.Either<ImageError, Image>> => {
      const before = await recordOf(context, OPERATION, id, options)()
      if (E.isLeft(before)) return before
      const status = String(before.right['status'])
      if (status !== 'queued') {
        return E.left(conflict(siteFor(context, OPERATION), { what: `image ${id} does not wait for data: it is ${status}`, hint: 'Make a new image for these data' }))
      }
      if (bytes.size === null || bytes.size > LONG_BYTES) {
        const prolonged = await context.session.prolong(options)()
        if (E.isLeft(prolonged)) return E.left({ ...prolonged.left, operation: OPERATION })
      }
      const { bytes: counted, sent } = measured(bytes, algorithmFor(before.right), options)
      const answer = await context.api.data.upload(id, { bytes: counted, store }, call)()
      if (E.isLeft(answer) && (answer.left._tag === 'Aborted' || isRefusal(answer.left))) return answer
      const after = await settled(context, id, options)
      const all = sent()
      if (E.isLeft(after)) return E.isLeft(answer) ? answer : after
      if (after.right.status !== 'available') {
        return E.isLeft(answer) ? answer : E.left(conflict(siteFor(context, OPERATION), { what: `image ${id} got its data, and is ${after.right.providerStatus} all the same`, hint: 'See what the cloud does with images' }))
      }
      // Somebody else may have put data into it meanwhile; then they stay.
      if (E.isLeft(answer) && (!isUncertain(answer.left) || all === null)) return answer
      const error = all === null ? null : disagreement(context, after.right, all)
      if (error === null) return after
      if (E.isLeft(answer)) return answer
      await context.api.actions.deactivate(id, call)()
      return E.left(error)
    }
    return withId(context, OPERATION, options)(id, work)
  }
