import {
  aborted,
  ABORTED,
  ImageException,
  integrityFailed,
  raceAbort,
  unavailable,
  type AbortSignalLike,
  type ImageResult,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { digestCommand, DISK_SIZE, compressedSizeCommand, readDisk, TOOLS, type DiskRange } from './commands.ts'
import type { RescueServer } from './rescue-server.ts'
import type { Shell } from './ssh-shell.ts'

/** A part of a disk to read. */
export interface DiskRead {
  readonly site: ErrorSite
  readonly helper: RescueServer
  readonly range: DiskRange
  /** The program that compresses the data; `null`: none. */
  readonly compressor: string | null
  readonly signal: AbortSignalLike | undefined
}

/** The number of connections. Each continues where the last one broke. */
const TRIES = 6

const PACKERS = ['pigz', 'gzip'] as const

/** Reads the size of the disk, and finds a program to compress its data. */
export const inspectDisk = (
  helper: RescueServer,
  signal: AbortSignalLike | undefined,
): ImageResult<{ readonly size: number; readonly compressor: string | null }> =>
  helper.runOverSsh(TRIES, (shell) =>
    pipe(
      TE.Do,
      TE.bind('size', () => shell.run({ line: DISK_SIZE, what: 'reading the size of its disk', signal })),
      TE.bind('tools', () => shell.run({ line: TOOLS, what: 'checking its compression tools', signal })),
      TE.map(({ size, tools }) => ({
        size: Number(size.trim()),
        compressor: PACKERS.find((compressor) => tools.split('\n').includes(compressor)) ?? null,
      })),
    ),
  )

const SAMPLES = 8
const SAMPLE = 2 ** 20
/** The compressed size of samples, as a part of their size, above which compression is not worth its time. */
const WORTH = 0.9

/** The program to compress this part of the disk; `null`: none, because the data does not shrink, such as compressed or encrypted data. */
export const chooseCompressor = (
  helper: RescueServer,
  { start, length }: DiskRange,
  compressor: string | null,
  signal: AbortSignalLike | undefined,
): ImageResult<string | null> => {
  const distance = Math.floor(length / SAMPLES)
  if (compressor === null || distance <= SAMPLE) return TE.right(compressor)
  const samples = Array.from({ length: SAMPLES }, (_, index): DiskRange => ({
    start: start + index * distance,
    length: SAMPLE,
  }))
  return helper.runOverSsh(TRIES, (shell) =>
    pipe(
      shell.run({ line: compressedSizeCommand(samples, compressor), what: 'compressing samples of its disk', signal }),
      TE.map((printed) => (Number(printed.trim()) < SAMPLES * SAMPLE * WORTH ? compressor : null)),
    ),
  )
}

const unpacked = (packed: Readable, compressor: string | null): Readable =>
  compressor === null ? packed : pipeline(packed, createGunzip(), () => undefined)

/** Stops reading. A channel closes only when all received data have been read. */
const leave = (output: Readable): void => {
  output.destroy()
  output.resume()
}

const begun = <A>(work: Promise<A>): Promise<E.Either<ImageError, A>> =>
  work.then(E.right, (thrown: unknown) => {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  })

/** The bytes of one connection. `ended` has the reason of its end, because gzip reports a broken connection as the end or as invalid data. */
async function* readChunks(
  shell: Shell,
  range: DiskRange,
  { compressor, signal }: DiskRead,
): AsyncGenerator<Uint8Array, ImageError | null> {
  const started = await begun(shell.stream({ line: readDisk(range, compressor), what: 'reading its disk', signal }))
  if (E.isLeft(started)) return started.left
  const output = started.right
  try {
    for await (const chunk of unpacked(output, compressor)) yield chunk as Uint8Array
  } catch {
    leave(output)
    return (await output.ended) ?? null
  } finally {
    leave(output)
  }
  return output.ended
}

/**
 * Reads a part of the disk, and continues over another connection when one breaks. At the end, the digest of the bytes is compared to that of the
 * disk, which the server computes meanwhile; a difference is thrown as `IntegrityFailed`.
 */
export async function* readVerified(reading: DiskRead): AsyncGenerator<Uint8Array> {
  const { site, helper, range, signal } = reading
  const hash = createHash('sha512')
  const digest = (): ReturnType<ImageResult<string>> =>
    helper.runOverSsh(TRIES, (shell) =>
      shell.run({ line: digestCommand(range), what: 'computing the digest of its disk', signal }),
    )()
  const meanwhile = digest()
  let count = 0
  for (let tries = 1; count < range.length; tries++) {
    const shell = await helper.runOverSsh(1, (open) => TE.right(open))()
    if (E.isLeft(shell)) throw new ImageException(shell.left)
    const chunks = readChunks(shell.right, { start: range.start + count, length: range.length - count }, reading)
    let failure: ImageError | null = null
    try {
      for (;;) {
        const next = await raceAbort(chunks.next(), signal)
        if (next === ABORTED) throw new ImageException(aborted(site))
        if (next.done === true) {
          failure = next.value
          break
        }
        hash.update(next.value)
        count += next.value.length
        yield next.value
      }
    } finally {
      void chunks.return(null)
    }
    if (count === range.length) break
    const why = failure ?? unavailable(site, { what: `server ${helper.id} sent ${count} of ${range.length} bytes` })
    if (why._tag !== 'Unavailable' || tries >= TRIES) throw new ImageException(why)
    helper.disconnect(shell.right)
  }
  const found = await meanwhile
  if (E.isLeft(found)) throw new ImageException(found.left)
  const [expected, actual] = [found.right.trim().slice(0, 128), hash.digest('hex')]
  if (expected !== actual)
    throw new ImageException(
      integrityFailed(site, {
        what: `the data received differ from the disk of server ${helper.id}`,
        expected: `sha512:${expected}`,
        actual: `sha512:${actual}`,
      }),
    )
}
