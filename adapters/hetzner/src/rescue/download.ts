import {
  aborted,
  conflict,
  forbidden,
  ImageException,
  rejected,
  createErrorSite,
  unavailable,
  type AbortSignalLike,
  type ImageResult,
  type ByteRange,
  type ByteSource,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core/provider'
import { createRunName, findRunProblem } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toDiskGigabytes } from '../map-image/size.ts'
import { bytesWritten } from '../map-image/transferred.ts'
import { architectureWord } from '../requests/image-query.ts'
import { fetchImage, withId } from '../source/context.ts'
import type { DiskRange } from './commands.ts'
import type { RescueContext } from './context.ts'
import { createRescueServer, type RescueTask, type RescueServer } from './rescue-server.ts'
import { pause } from './pause.ts'
import { inspectDisk, chooseCompressor, readVerified } from './read-disk.ts'

/** A server is deleted if its first byte is not requested within this time, because it is billed. */
const UNUSED_MS = 10 * 60_000

/** Returns the image, or why it cannot be downloaded. */
const readable = (site: ErrorSite, image: Image): E.Either<ImageError, Image> => {
  if (image.status === 'pending')
    return E.left(
      conflict(site, { what: `image ${image.ref.id} is still being created`, hint: 'Wait until it is available' }),
    )
  return image.status === 'available'
    ? E.right(image)
    : E.left(
        forbidden(site, {
          what: `image ${image.ref.id} has the status ${image.status}`,
          reason: image.status,
          hint: 'Choose another image',
        }),
      )
}

const toDiskRange = (site: ErrorSite, { start, end }: ByteRange, size: number): E.Either<ImageError, DiskRange> => {
  const stop = Math.min(end ?? size, size)
  return start < 0 || start > stop
    ? E.left(
        rejected(site, {
          what: `the range from ${start} to ${end ?? 'the end'} is not within the ${size} bytes of the disk`,
        }),
      )
    : E.right({ start, length: stop - start })
}

/** Deletes the server when the loop ends in any way, when the signal aborts, and when no loop begins. */
const whileRead = (
  context: RescueContext,
  site: ErrorSite,
  helper: RescueServer,
  bytes: AsyncGenerator<Uint8Array>,
  signal: AbortSignalLike | undefined,
): AsyncIterable<Uint8Array> => {
  let dismissal: Promise<unknown> | null = null
  const deleteAll = (): Promise<unknown> => (dismissal ??= helper.deleteAll())
  const onAbort = (): void => void deleteAll()
  signal?.addEventListener('abort', onAbort)
  const begun = new AbortController()
  void pause(UNUSED_MS, context.session.timing, begun.signal).then((isUnused) => (isUnused ? deleteAll() : undefined))

  async function* read(): AsyncGenerator<Uint8Array> {
    begun.abort()
    try {
      if (signal?.aborted === true) throw new ImageException(aborted(site))
      if (dismissal !== null)
        throw new ImageException(
          unavailable(site, {
            what: `server ${helper.id} was deleted, because nothing was read from it for ${UNUSED_MS / 60_000} minutes`,
          }),
        )
      yield* bytes
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await deleteAll()
    }
  }
  const reading = read()
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next: () => reading.next(),
    // `return` on a generator that has not begun does not run its `finally`.
    return: async () => {
      begun.abort()
      signal?.removeEventListener('abort', onAbort)
      await reading.return(undefined)
      await deleteAll()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

/** The run of the temporary servers, and the receiver of messages about them. */
type Reader = Pick<RescueTask, 'run' | 'epoch' | 'onStep'>

const bytesOfImage = (
  context: RescueContext,
  site: ErrorSite,
  image: Image,
  architecture: string,
  reader: Reader,
): ByteSource => {
  const size = bytesWritten(image.labels) ?? null
  const disk = toDiskGigabytes(image.size.minDisk ?? 0)
  const open: ByteSource['open'] =
    (range = { start: 0, end: null }, signal) =>
    async () => {
      if (signal?.aborted === true) return E.left(aborted(site))
      // Problems that need no server are reported without one.
      const early = size === null ? E.right(null) : toDiskRange(site, range, size)
      if (E.isLeft(early)) return early
      const created = await createRescueServer(context, {
        ...reader,
        site,
        architecture,
        disk,
        image: Number(image.ref.id),
        signal,
      })()
      if (E.isLeft(created)) return created
      const helper = created.right
      const ready = await pipe(
        inspectDisk(helper, signal),
        TE.bind('range', (device) => TE.fromEither(toDiskRange(site, range, size ?? device.size))),
        TE.bind('chosen', ({ range, compressor }) => chooseCompressor(helper, range, compressor, signal)),
        TE.map(({ range, chosen }) => ({ site, helper, range, compressor: chosen, signal })),
      )().catch(async (thrown: unknown) => {
        await helper.deleteAll()
        throw thrown
      })
      if (E.isRight(ready)) return E.right(whileRead(context, site, helper, readVerified(ready.right), signal))
      await helper.deleteAll()
      return ready
    }
  return { size, open }
}

/**
 * The raw disk of an image. Each opening of the bytes creates a temporary server from the image, and deletes it when they have been read.
 * Snapshots of imago have the size of the image in a label; others are read to the end of the disk.
 */
export const download =
  (context: RescueContext): NonNullable<ImageSource['download']> =>
  (id, { signal, run = createRunName(), epoch, onStep = () => undefined } = {}): ImageResult<ByteSource> => {
    const operation = 'download'
    const wrong = findRunProblem(run)
    if (wrong !== null) return TE.left(rejected(createErrorSite(context.session.cloud, operation), { what: wrong }))
    return withId(context, { operation, kind: 'image', id, signal }, (number, site) =>
      pipe(
        fetchImage(context, number, { operation, signal }),
        TE.flatMapEither((image) => readable(site, image)),
        TE.flatMapEither((image) => {
          const architecture = architectureWord(image.architecture ?? 'x86_64')
          return architecture === undefined
            ? E.left(rejected(site, { what: `Hetzner has no servers with the architecture ${image.architecture}` }))
            : E.right(
                bytesOfImage(context, createErrorSite(context.session.cloud, operation), image, architecture, {
                  run,
                  epoch,
                  onStep,
                }),
              )
        }),
      ),
    )
  }
