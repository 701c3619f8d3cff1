import {
  decideUploadStep,
  conflict,
  integrityFailed,
  isRetryable,
  getUploadTimeoutMs,
  unavailable,
  classifyUploadError,
  type Abortable,
  type ImageResult,
  type ByteSource,
  type Image,
  type ImageError,
  type UploadResponse,
  type UploadFailure,
  type UploadOptions,
} from '@imago/core/provider'
import { observeBytes } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { digestText, startHash, type RunningHash } from '../bytes/hash.ts'
import { callOf, recordOf, siteFor, toImage, withId, type SourceContext, type WireRecord } from './context.ts'
import { uploadTarget } from './upload-target.ts'

const OPERATION = 'upload'

/** Shorter ones end before a token does. */
const LONG_BYTES = 16 * 2 ** 20

/** Between two looks at an image that is being written: at first, and at most. */
const LOOK_MS = 100
const MOST_LOOK_MS = 5000

/** The oldest record that a cache on the way may give: caches that keep what they must not, keep it for a minute. */
const OLD_RECORD_MS = 90_000

/** Who waits is told so after this long. */
const TELL_MS = 2000

/** The hash that this Glance computes: a record from before Rocky (API 2.7) has none, and MD5 alone. glance: glance/common/config.py, hashing_algorithm. */
const algorithmFor = (record: WireRecord): string => (Object.hasOwn(record, 'os_hash_algo') ? 'sha512' : 'md5')

/** What was sent, once all of it was. */
interface Sent {
  readonly size: number
  /** `null`: not known, as where the caller has not computed it yet. */
  readonly digest: string | null
}

interface Measured {
  readonly bytes: ByteSource
  /** `null`: not all of it was read. */
  readonly sent: () => Sent | null
  /** As many bytes as were handed over since the data were last opened; `null`: they never were. */
  readonly handedOver: () => number | null
}

/** The digest of what is sent, where the caller computes the one that this Glance will tell; `null`: it is computed here. */
const knownDigest = ({ digest }: UploadOptions, algorithm: string): (() => string | null) | null => {
  if (digest?.algorithm !== algorithm) return null
  return () => {
    const value = digest.value()
    return value === null ? null : digestText({ algorithm, value })
  }
}

/** What is to be sent, where its digest is known before it is read. */
const knownBefore = ({ size }: ByteSource, algorithm: string, options: UploadOptions): Sent | null => {
  const digest = knownDigest(options, algorithm)?.() ?? null
  return size === null || digest === null ? null : { size, digest }
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
    return observeBytes(bytes, { onChunk: got, onEnd: ended })
  }
  return {
    bytes: { size: source.size, open: (range, signal) => pipe(source.open(range, signal), TE.map(opened)) },
    sent: () => {
      // Where the size is known, Glance may answer before the source has said that this was all.
      if (isOpen && size === source.size) ended()
      return sent
    },
    handedOver: () => (isOpen ? size : null),
  }
}

const DIFFERS = 'Delete the image, and send the data into a new one'

/** Why what Glance has is not what was sent; `null`: it is, as far as it can be compared. */
const disagreement = (
  context: SourceContext,
  image: Image,
  { size, digest }: Sent,
  hint: string,
): ImageError | null => {
  const site = siteFor(context, OPERATION)
  if (image.size.stored !== null && image.size.stored !== size) {
    return integrityFailed(site, {
      what: 'Glance has another number of bytes than were sent',
      expected: `${size} bytes`,
      actual: `${image.size.stored} bytes`,
      hint,
    })
  }
  const algorithm = digest?.split(':')[0]
  const stored = image.digests.find(
    (one) => one.algorithm === algorithm && one.of === 'stored' && one.assertedBy === 'provider',
  )
  if (digest === null || stored === undefined || digestText(stored) === digest) return null
  return integrityFailed(site, {
    what: 'Glance has other data than were sent',
    expected: digest,
    actual: digestText(stored),
    hint,
  })
}

/** An upload under way: what has been handed over, and what was answered. */
interface Sending {
  /** `null`: there was none yet, or the answer was a success. */
  readonly error: ImageError | null
  readonly answer: UploadResponse
  readonly sent: UploadFailure['sent']
  readonly bytes: number
  /** What the image must hold; `null`: not known. */
  readonly expected: Sent | null
  readonly size: number | null
}

/** Glance has not taken a byte. glance: glance/domain/__init__.py, Image.status. */
const isOccupied = ({ _tag }: ImageError): boolean => _tag === 'Conflict'
const OCCUPIED = 409

const ageText = (seconds: number): string => `the last one was ${seconds} s old`

/** A look at an image. */
interface Look {
  readonly found: E.Either<ImageError, Image>
  /** Why the answer is one from before, in words; `null`: nothing says that it is. */
  readonly old: string | null
}

/** Looks at an image again and again, and knows an answer that is older than one before. `updatedAt`: as its record had it at first. */
const looker = (
  context: SourceContext,
  id: string,
  updatedAt: unknown,
  { signal }: Abortable,
): (() => Promise<Look>) => {
  let latest = typeof updatedAt === 'string' ? updatedAt : null
  return async () => {
    let age = 0
    const found = await pipe(
      recordOf(context, OPERATION, id, { signal, onAge: (seconds) => void (age = seconds) }),
      TE.flatMapEither(toImage(context, OPERATION)),
    )()
    if (age > 0) return { found, old: ageText(age) }
    const now = E.isRight(found) ? found.right.updatedAt : null
    if (now !== null && latest !== null && Date.parse(now) < Date.parse(latest))
      return { found, old: `its record is of ${now}, and was of ${latest} before` }
    latest = now ?? latest
    return { found, old: null }
  }
}

/** Glance's own answer to the data contradicts a record by which the image waits for them. */
const contradicts = ({ error }: Sending): boolean =>
  error !== null && isOccupied(error) && error.request?.status === OCCUPIED

/** What has become of the image. */
interface Seen {
  readonly state: UploadFailure['image']
  /** Why it is so, where it is not as it should be. */
  readonly error: ImageError | null
}

const seenOf = (found: E.Either<ImageError, Image>): Seen =>
  E.isLeft(found)
    ? { state: found.left._tag === 'NotFound' ? 'gone' : 'unknown', error: found.left }
    : { state: uploadTarget(found.right.providerStatus), error: null }

/** What Glance holds, against what was sent. */
const compared = (context: SourceContext, image: Image, { expected, answer, sent }: Sending): Seen => {
  // What somebody else has sent stays theirs.
  if (expected === null || sent === 'nothing') return { state: 'whole', error: null }
  const error = disagreement(
    context,
    image,
    expected,
    answer === 'accepted' ? `The image was deactivated. ${DIFFERS}` : DIFFERS,
  )
  return { state: error === null ? 'same' : 'other', error }
}

const CACHE =
  'See what stands before Glance: it gives old answers, although it was asked not to. The image may be good: look at it when the cache has run out, then try again'

const staleError = (context: SourceContext, id: string, why: string): ImageError =>
  unavailable(siteFor(context, OPERATION), {
    what: `what has become of image ${id} is not known, as a cache before Glance gives old answers: ${why}`,
    hint: CACHE,
  })

/** Looks at the image until what has become of it is known, or it has taken too long. */
const settled = async (
  context: SourceContext,
  id: string,
  sending: Sending,
  look: () => Promise<Look>,
  options: UploadOptions,
): Promise<E.Either<Seen, Image>> => {
  const { clock, sleep } = context.timing
  const { answer, sent, size } = sending
  const began = clock()
  const end = began + getUploadTimeoutMs(sent, size)
  let isTold = false
  for (let pauseMs = LOOK_MS; ; pauseMs = Math.min(MOST_LOOK_MS, pauseMs * 1.5)) {
    const { found, old } = await look()
    const canWait = clock() < end && options.signal?.aborted !== true
    let seen = seenOf(found)
    // Whether it can be read says nothing of the image: it is asked again, as long as it may still be written.
    if (seen.state === 'unknown' && sent === 'all' && canWait && seen.error !== null && isRetryable(seen.error))
      seen = { state: 'receiving', error: seen.error }
    let step = decideUploadStep({ response: answer, sent, image: seen.state, canWait, canRetry: false })
    if (step === 'compare' && E.isRight(found)) {
      seen = compared(context, found.right, sending)
      step = decideUploadStep({ response: answer, sent, image: seen.state, canWait, canRetry: false })
    }
    if (step === 'done' && E.isRight(found)) return found
    // Glance refuses data for what, by its record, waits for them: nothing is known that anybody could act on.
    if (old === null && seen.state === 'empty' && contradicts(sending)) return E.left({ state: 'stale', error: null })
    // Glance says that it has the data, and the record is as before: a cache on the way may give an old one, without a word of it.
    const mayBeOld = old !== null || (seen.state === 'empty' && answer === 'accepted' && sending.error === null)
    const isWaitingForNew = mayBeOld && options.signal?.aborted !== true && clock() - began < OLD_RECORD_MS
    if (!isWaitingForNew && step !== 'wait')
      return E.left(old === null ? seen : { state: 'stale', error: staleError(context, id, old) })
    const until = step === 'wait' ? end : began + OLD_RECORD_MS
    if (!isTold && clock() - began >= TELL_MS) {
      isTold = true
      const most = Math.ceil((until - clock()) / 60_000)
      options.onStep?.(
        mayBeOld
          ? `a cache before Glance seems to give old answers about image ${id}: waiting for a new one, at most ${most} min`
          : `image ${id} is still being written by Glance: waiting for it, at most ${most} min`,
      )
    }
    await sleep(Math.min(pauseMs, Math.max(0, until - clock())), options.signal)
  }
}

const grouped = (count: number): string => count.toLocaleString('en-US')

/** Glance gives each of its answers an id. What comes without one was written by what stands before it. */
const isOfGateway = ({ request }: ImageError): boolean =>
  request !== null && request.status !== null && request.requestId === null

const ON_THE_WAY =
  'Try again later; if it fails each time, look for a limit of size or time on the way to Glance: in a gateway, a proxy, a firewall'

/** Who failed, and after how many bytes. */
const withPlace = (error: ImageError, bytes: number, size: number | null): ImageError => {
  if (error._tag === 'Aborted' || error._tag === 'IntegrityFailed') return error
  const isOfOther = isOfGateway(error) && error._tag === 'Unavailable'
  const who = isOfOther ? `a gateway answered in Glance’s place: ${error.what}` : error.what
  // The image is looked at in any case: nobody else need do so.
  const hint =
    error._tag === 'Unavailable' && (isOfOther || (bytes > 0 && error.request?.status === null))
      ? ON_THE_WAY
      : error.hint
  return {
    ...error,
    hint,
    what:
      bytes === 0 ? who : `${who}; ${grouped(bytes)}${size === null ? '' : ` of ${grouped(size)}`} bytes had been sent`,
  }
}

/** Why an upload whose image is so has failed. */
const failureOf = (
  context: SourceContext,
  id: string,
  { error: given, answer, sent, bytes, size }: Sending,
  seen: Seen,
): ImageError => {
  if (seen.error?._tag === 'Aborted') return seen.error
  const error = given === null ? null : withPlace(given, bytes, size)
  const site = error === null ? siteFor(context, OPERATION) : { ...siteFor(context, OPERATION), request: error.request }
  const answered = error === null ? '' : ` (the upload was answered: ${error.what})`
  switch (seen.state) {
    case 'other':
      return (
        seen.error ??
        integrityFailed(site, {
          what: `image ${id} has other data than were sent`,
          expected: 'what was sent',
          actual: 'other data',
          hint: DIFFERS,
        })
      )
    case 'receiving':
      if (sent !== 'all') break
      return unavailable(site, {
        what: `image ${id} got all its data, and Glance is still saving them${answered}`,
        hint: 'Wait until the image is active, then try again: it is taken as it is. If it stays so, a server of Glance was stopped: delete the image, then try again',
      })
    case 'withheld':
      return conflict(site, {
        what: `image ${id} has been deactivated while it was sent${answered}`,
        hint: 'See who deactivated it; reactivate it, or delete it, then try again',
      })
    case 'failed':
      return unavailable(site, {
        what: `Glance has given up image ${id}${answered}`,
        hint: 'Delete it, and send the data into a new one',
      })
    case 'empty':
      if (answer === 'accepted' && error !== null)
        return conflict(site, {
          what: `${error.what}; image ${id} is still queued`,
          hint: 'See what stands before Glance: it answered in its place',
        })
      if (answer === 'accepted')
        return conflict(site, {
          what: `the data of image ${id} were accepted, and it waits for data all the same`,
          hint: 'See what stands before Glance: it may have answered in its place',
        })
      break
    case 'stale':
      if (seen.error !== null) return { ...seen.error, what: `${seen.error.what}${answered}` }
      return conflict(site, {
        what: `${error?.what ?? 'data were refused'}; by its record image ${id} waits for data: a cache before Glance may give an old one`,
        hint: CACHE,
      })
    default:
  }
  return (
    error ??
    seen.error ??
    conflict(site, {
      what: `image ${id} is ${seen.state} after its data were sent`,
      hint: 'Look at the image, then decide',
    })
  )
}

const strongest = (one: UploadFailure['sent'], other: UploadFailure['sent']): UploadFailure['sent'] => {
  const order = ['nothing', 'part', 'all'] as const
  return order.indexOf(one) > order.indexOf(other) ? one : other
}

/** Whether it is the source of the bytes that failed, in its own words. */
const isOfSource = ({ operation, provider }: ImageError, { cloud }: SourceContext): boolean =>
  operation !== OPERATION || provider !== cloud.provider

/**
 * Sends data as they are read, once. The record is read first: what is no longer waiting for data is told before a byte is sent, and that the token is good is known.
 * It is read again when they are sent, however that was answered, and as long as they are being written. It holds what was sent, or the image is deactivated so that nobody starts from it.
 * An error says what has become of the image (`upload`).
 */
export const upload =
  (context: SourceContext) =>
  (id: string, bytes: ByteSource, options: UploadOptions = {}): ImageResult<Image> => {
    const { store, earlier = 'nothing' } = options
    const call = callOf(OPERATION, options)

    /** The image as it has become, or the error with what is known. */
    const concluded = async (sending: Sending, look: () => Promise<Look>): Promise<E.Either<ImageError, Image>> => {
      const { answer, sent, bytes: count, error } = sending
      const seen =
        error?._tag === 'Aborted'
          ? E.left<Seen>({ state: 'unknown', error: null })
          : await settled(context, id, sending, look, options)
      if (E.isRight(seen)) return seen
      if (seen.left.state === 'other' && answer === 'accepted') await context.api.actions.deactivate(id, call)()
      if (error !== null && isOfSource(error, context)) return E.left(error)
      return E.left({
        ...failureOf(context, id, sending, seen.left),
        upload: { response: answer, sent, bytes: count, image: seen.left.state },
      })
    }

    const work = async (): Promise<E.Either<ImageError, Image>> => {
      let age = 0
      const before = await recordOf(context, OPERATION, id, {
        signal: options.signal,
        onAge: (seconds) => void (age = seconds),
      })()
      if (E.isLeft(before))
        return E.left({
          ...before.left,
          upload: { response: classifyUploadError(before.left), sent: earlier, bytes: 0, image: seenOf(before).state },
        })
      const algorithm = algorithmFor(before.right)
      const status = String(before.right['status'])
      const look = looker(context, id, before.right['updated_at'], options)
      if (status !== 'queued') {
        const error = conflict(siteFor(context, OPERATION), {
          what: `image ${id} does not wait for data: it is ${status}`,
          hint: 'Make a new image for these data',
        })
        if (earlier === 'nothing' && age > 0)
          return E.left({
            ...staleError(context, id, ageText(age)),
            upload: { response: 'failed', sent: 'nothing', bytes: 0, image: 'stale' },
          })
        if (earlier === 'nothing')
          return E.left({
            ...error,
            upload: { response: 'failed', sent: 'nothing', bytes: 0, image: uploadTarget(status) },
          })
        const found = await concluded(
          {
            error,
            answer: 'failed',
            sent: earlier,
            bytes: 0,
            expected: knownBefore(bytes, algorithm, options),
            size: bytes.size,
          },
          look,
        )
        // It was let go of, and waits for data again.
        if (E.isRight(found) || found.left.upload?.image !== 'empty') return found
      }
      if (bytes.size === null || bytes.size > LONG_BYTES) {
        const prolonged = await context.session.prolong(options)()
        if (E.isLeft(prolonged))
          return E.left({
            ...prolonged.left,
            operation: OPERATION,
            upload: { response: classifyUploadError(prolonged.left), sent: earlier, bytes: 0, image: 'empty' },
          })
      }
      const { bytes: counted, sent, handedOver } = measured(bytes, algorithm, options)
      const answer = await context.api.data.upload(id, { bytes: counted, store }, call)()
      const expected = sent()
      const count = handedOver()
      const own =
        count === null || (E.isLeft(answer) && isOccupied(answer.left)) ? 'nothing' : expected === null ? 'part' : 'all'
      return concluded(
        {
          error: E.isLeft(answer) ? answer.left : null,
          // A success that is not Glance's is nobody's word to act on: only the image tells.
          answer:
            E.isLeft(answer) && answer.left._tag !== 'DecodeFailed' ? classifyUploadError(answer.left) : 'accepted',
          sent: strongest(earlier, own),
          bytes: count ?? 0,
          expected: expected ?? knownBefore(bytes, algorithm, options),
          size: bytes.size,
        },
        look,
      )
    }
    return withId(context, OPERATION, options)(id, work)
  }
