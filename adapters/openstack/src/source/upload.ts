import {
  classifyUploadError,
  conflict,
  type ByteSource,
  type Image,
  type ImageError,
  type ImageResult,
  type UploadFailure,
  type UploadOptions,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createSite, fetchRecord, toCallOptions, withId, type SourceContext, type WireRecord } from './context.ts'
import { isOccupied, maxSent, UPLOAD, type Attempt } from './upload/attempt.ts'
import type { Seen } from './upload/compare.ts'
import { toUploadError } from './upload/failure.ts'
import { toUploadState } from './upload/image-state.ts'
import { measureBytes, predictSentBytes } from './upload/sent-bytes.ts'
import { settleImage, toSeen } from './upload/settle.ts'
import { formatAge, outdatedError, watchImage, type Snapshot } from './upload/watch-image.ts'

/** Larger uploads may outlast a token. */
const LONG_UPLOAD_BYTES = 16 * 2 ** 20

/** The hash that this Glance computes. Before Rocky (API 2.7), records have no hash field, and Glance computes only MD5. glance: glance/common/config.py, hashing_algorithm. */
const chooseAlgorithm = (record: WireRecord): string => (Object.hasOwn(record, 'os_hash_algo') ? 'sha512' : 'md5')

/** Whether reading the source failed, not the upload. */
const isOfSource = ({ operation, provider }: ImageError, { cloud }: SourceContext): boolean =>
  operation !== UPLOAD || provider !== cloud.provider

const withUpload = (error: ImageError, upload: UploadFailure): E.Either<ImageError, never> =>
  E.left({ ...error, upload })

/**
 * Streams the data once. Reads the record first, so that a wrong image state or an invalid token is reported before any data are sent.
 * Afterwards, whatever the response, it reads the record until Glance has stored the data. An image with wrong data is deactivated, so that no server boots from it.
 * Errors contain the state of the image (`upload`).
 */
export const upload =
  (context: SourceContext) =>
  (id: string, bytes: ByteSource, options: UploadOptions = {}): ImageResult<Image> => {
    const { store, earlier = 'nothing' } = options
    const { size } = bytes
    const call = toCallOptions(UPLOAD, options)

    /** The image in its final state, or the error with its state. */
    const conclude = async (attempt: Attempt, look: () => Promise<Snapshot>): Promise<E.Either<ImageError, Image>> => {
      const { response, sent, error } = attempt
      const seen =
        error?._tag === 'Aborted'
          ? E.left<Seen>({ state: 'unknown', error: null })
          : await settleImage(context, id, attempt, look, options)
      if (E.isRight(seen)) return seen
      if (seen.left.state === 'other' && response === 'accepted') await context.api.actions.deactivate(id, call)()
      if (error !== null && isOfSource(error, context)) return E.left(error)
      return withUpload(toUploadError(context, id, attempt, seen.left), {
        response,
        sent,
        bytes: attempt.bytes,
        image: seen.left.state,
      })
    }

    /** Handles an image that is not queued: another upload, or an earlier attempt of this one, may have filled it. `null` if it is queued again. */
    const takeOver = async (
      record: WireRecord,
      age: number,
      look: () => Promise<Snapshot>,
    ): Promise<E.Either<ImageError, Image> | null> => {
      const status = String(record['status'])
      const error = conflict(createSite(context, UPLOAD), {
        what: `image ${id} does not wait for data: it is ${status}`,
        hint: 'Upload the data to a new image',
      })
      if (earlier === 'nothing') {
        const failure = { response: 'failed', sent: 'nothing', bytes: 0 } as const
        return age > 0
          ? withUpload(outdatedError(context, id, formatAge(age)), { ...failure, image: 'stale' })
          : withUpload(error, { ...failure, image: toUploadState(status) })
      }
      const expected = predictSentBytes(bytes, chooseAlgorithm(record), options)
      const found = await conclude({ error, response: 'failed', sent: earlier, bytes: 0, expected, size }, look)
      return E.isLeft(found) && found.left.upload?.image === 'empty' ? null : found
    }

    const send = async (algorithm: string, look: () => Promise<Snapshot>): Promise<E.Either<ImageError, Image>> => {
      const measured = measureBytes(bytes, algorithm, options)
      const result = await context.api.data.upload(id, { bytes: measured.bytes, store }, call)()
      const error = E.isLeft(result) ? result.left : null
      const expected = measured.sent()
      const count = measured.count()
      const sent =
        count === null || (error !== null && isOccupied(error)) ? 'nothing' : expected === null ? 'part' : 'all'
      return conclude(
        {
          error,
          // A success that Glance did not send proves nothing; the image is checked.
          response: error === null || error._tag === 'DecodeFailed' ? 'accepted' : classifyUploadError(error),
          sent: maxSent(earlier, sent),
          bytes: count ?? 0,
          expected: expected ?? predictSentBytes(bytes, algorithm, options),
          size,
        },
        look,
      )
    }

    const work = async (): Promise<E.Either<ImageError, Image>> => {
      let age = 0
      const { signal } = options
      const before = await fetchRecord(context, UPLOAD, id, { signal, onAge: (seconds) => void (age = seconds) })()
      if (E.isLeft(before))
        return withUpload(before.left, {
          response: classifyUploadError(before.left),
          sent: earlier,
          bytes: 0,
          image: toSeen(before).state,
        })
      const record = before.right
      const look = watchImage(context, id, record['updated_at'], options)
      if (record['status'] !== 'queued') {
        const taken = await takeOver(record, age, look)
        if (taken !== null) return taken
      }
      if (size === null || size > LONG_UPLOAD_BYTES) {
        const prolonged = await context.session.prolong(options)()
        if (E.isLeft(prolonged))
          return withUpload(
            { ...prolonged.left, operation: UPLOAD },
            { response: classifyUploadError(prolonged.left), sent: earlier, bytes: 0, image: 'empty' },
          )
      }
      return send(chooseAlgorithm(record), look)
    }
    return withId(context, UPLOAD, options)(id, work)
  }
