import {
  ImageException,
  integrityFailed,
  rejected,
  type AbortSignalLike,
  type ImageResult,
  type ByteSource,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { DISCARD, digestCommand, DISK_SIZE, stopWriter, TOOLS, writeDisk } from './commands.ts'
import { gzipBlocks } from './gzip-blocks.ts'
import type { RescueServer } from './rescue-server.ts'
import type { Shell } from './ssh-shell.ts'

/** A disk to write. */
export interface DiskWrite {
  readonly site: ErrorSite
  readonly helper: RescueServer
  readonly bytes: ByteSource
  /** The size of the disk, in bytes. It is filled with zeros after `bytes`. */
  readonly size: number
  readonly signal: AbortSignalLike | undefined
  readonly onProgress: ((bytes: number) => void) | undefined
  readonly onStep: (step: string) => void
}

/** The number of connections. Each starts from the beginning. */
const TRIES = 4
const ZEROS = Buffer.alloc(65_536)

/** The bytes while they are sent: counted, hashed and padded to the size of the disk. */
interface OutgoingBytes {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Whether reading has begun. The reader then closes the source. */
  readonly isBegun: () => boolean
  /** The error of the source, not of the connection. */
  readonly failure: () => ImageError | null
  /** The digest of all bytes. */
  readonly sha512: () => string
}

const createOutgoingBytes = (
  given: AsyncIterable<Uint8Array>,
  { site, bytes: { size: declared }, size, onProgress }: DiskWrite,
): OutgoingBytes => {
  const hash = createHash('sha512')
  let count = 0
  let isBegun = false
  let failure: ImageError | null = null
  const fail = (error: ImageError): ImageException => {
    failure = error
    return new ImageException(error)
  }
  const wrongSize = (actual: number): ImageException =>
    fail(
      integrityFailed(site, {
        what: 'the number of bytes differs from the stated size',
        expected: `${declared ?? `at most ${size}`} bytes`,
        actual: `${actual} bytes`,
      }),
    )

  async function* pass(): AsyncGenerator<Uint8Array> {
    isBegun = true
    try {
      for await (const chunk of given) {
        if (count + chunk.length > (declared ?? size)) throw wrongSize(count + chunk.length)
        count += chunk.length
        hash.update(chunk)
        yield chunk
        onProgress?.(count)
      }
    } catch (thrown) {
      if (ImageException.is(thrown)) failure = thrown.error
      throw thrown
    }
    if (declared !== null && count !== declared) throw wrongSize(count)
    for (let missing = size - count; missing > 0; missing -= ZEROS.length) {
      const zeros = ZEROS.subarray(0, missing)
      hash.update(zeros)
      yield zeros
    }
  }
  return { bytes: pass(), isBegun: () => isBegun, failure: () => failure, sha512: () => hash.copy().digest('hex') }
}

/** Never reports fewer bytes than before, even after a restart. */
const rising = (onProgress: DiskWrite['onProgress']): DiskWrite['onProgress'] => {
  let highest = 0
  return onProgress && ((bytes) => void (bytes > highest && onProgress((highest = bytes))))
}

/** The digest of the bytes sent, or the error of the source, which is final. Errors of the connection are outside, and are retried. */
const writeOnce =
  (
    writing: DiskWrite,
    shell: Shell,
    wishes: { readonly isCompressed: boolean; readonly isDense: boolean },
  ): ImageResult<E.Either<ImageError, string>> =>
  async () => {
    const { bytes, helper, signal, onStep } = writing
    await shell.run({ line: stopWriter(helper.name), what: 'stopping an earlier writer', signal })()
    const discarded = await shell.run({ line: DISCARD, what: 'discarding the disk', signal })()
    if (E.isLeft(discarded) && discarded.left._tag !== 'Rejected') return discarded
    const opened = await bytes.open(undefined, signal)()
    if (E.isLeft(opened)) return E.right(opened)
    const { bytes: input, isBegun, failure, sha512 } = createOutgoingBytes(opened.right, writing)
    onStep(`writing the disk of server ${helper.id}${wishes.isCompressed ? ', with compression' : ''}`)
    const written = await shell.run({
      line: writeDisk({
        name: helper.name,
        isCompressed: wishes.isCompressed,
        skipsHoles: E.isRight(discarded) && !wishes.isDense,
      }),
      what: 'writing the disk',
      signal,
      input: wishes.isCompressed ? gzipBlocks(input) : input,
    })()
    if (!isBegun()) await opened.right[Symbol.asyncIterator]().return?.()
    const own = failure()
    if (own !== null) return E.right(E.left(own))
    return E.isLeft(written) ? written : E.right(E.right(sha512()))
  }

const write = (writing: DiskWrite, isCompressed: boolean, isDense: boolean): ImageResult<string> =>
  pipe(
    writing.helper.runOverSsh(TRIES, (shell) => writeOnce(writing, shell, { isCompressed, isDense })),
    TE.flatMapEither((sent) => sent),
  )

/** The SHA-512 of the disk's first bytes. */
const readBack = ({ helper, size, signal, onStep }: DiskWrite): ImageResult<string> =>
  helper.runOverSsh(TRIES, (shell) => {
    onStep(`reading back the disk of server ${helper.id}`)
    return pipe(
      shell.run({ line: digestCommand({ start: 0, length: size }), what: 'reading the disk back', signal }),
      TE.map((printed) => printed.trim().slice(0, 128)),
    )
  })

const mustFit = ({ site, helper, size, signal }: DiskWrite): ImageResult<void> =>
  helper.runOverSsh(TRIES, (shell) =>
    pipe(
      shell.run({ line: DISK_SIZE, what: 'reading the size of its disk', signal }),
      TE.flatMapEither((printed) => {
        const device = Number(printed.trim())
        return device >= size
          ? E.right(undefined)
          : E.left(
              rejected(site, {
                what: `the disk of server ${helper.id} is too small: it has ${printed.trim()} bytes, the image ${size}`,
                hint: 'Choose a server type with a larger disk',
              }),
            )
      }),
    ),
  )

const hasGzip = ({ helper, signal }: DiskWrite): ImageResult<boolean> =>
  helper.runOverSsh(TRIES, (shell) =>
    pipe(
      shell.run({ line: TOOLS, what: 'checking its compression tools', signal }),
      TE.map((printed) => printed.split('\n').includes('gzip')),
    ),
  )

/**
 * Writes the bytes to the disk, and verifies them by reading them back. Blocks of zeros are skipped, because the disk was discarded before. If it does
 * not read as zeros, the digests differ, and everything is written once more without skipping.
 */
export const writeVerified = (given: DiskWrite): ImageResult<void> => {
  const writing = { ...given, onProgress: rising(given.onProgress) }
  const attempt = (
    isCompressed: boolean,
    isDense: boolean,
  ): ImageResult<{ readonly sent: string; readonly found: string }> =>
    pipe(
      TE.Do,
      TE.bind('sent', () => write(writing, isCompressed, isDense)),
      TE.bind('found', () => readBack(writing)),
    )
  return pipe(
    mustFit(writing),
    TE.flatMap(() => hasGzip(writing)),
    TE.flatMap((isCompressed) =>
      pipe(
        attempt(isCompressed, false),
        TE.flatMap((first) => (first.sent === first.found ? TE.right(first) : attempt(isCompressed, true))),
      ),
    ),
    TE.flatMapEither(({ sent, found }) =>
      sent === found
        ? E.right(undefined)
        : E.left(
            integrityFailed(writing.site, {
              what: `the disk of server ${writing.helper.id} differs from the data sent`,
              expected: `sha512:${sent}`,
              actual: `sha512:${found}`,
              hint: 'Retry: another server will be used',
            }),
          ),
    ),
  )
}
