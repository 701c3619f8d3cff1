import { integrityFailed, type ByteRange, type ByteSource, type ErrorSite, type ImageError } from '@imago/core'
import { createChunkPool, type ChunkPool } from '@imago/http'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHasher } from '../bytes/digest.ts'
import { pooledFileSource } from '../bytes/file.ts'
import { guardEnd } from '../bytes/guard-end.ts'
import { hashBytes } from '../bytes/hash-bytes.ts'
import { toDiskError } from '../state/disk-error.ts'

/** The bytes of a file that must still have this size. */
export const fileBytes = (path: string, size: number, site: ErrorSite, pool?: ChunkPool): ByteSource => ({
  size,
  open: (range, signal) =>
    pipe(
      pooledFileSource(path, site, pool),
      TE.filterOrElse(
        (file) => file.size === size,
        (file): ImageError =>
          integrityFailed(site, {
            what: `the size of ${path} has changed`,
            hint: 'Check that no other program writes to the file, then resume',
            remedy: 'resume',
            expected: `${size} bytes`,
            actual: `${file.size} bytes`,
          }),
      ),
      TE.flatMap((file) => file.open(range, signal)),
    ),
})

/** In bytes: large chunks need fewer calls, and few of them are in memory. */
export const SENT_CHUNK = 2 ** 20

/** The same, to be sent: its chunks are used again after that. */
export const bytesToSend = (path: string, size: number, site: ErrorSite): ByteSource =>
  fileBytes(path, size, site, createChunkPool(SENT_CHUNK))

/** Computes the digest of `bytes`. Throws their errors. */
export const computeDigest = async (
  bytes: AsyncIterable<Uint8Array>,
  algorithm: string,
): Promise<{ readonly size: number; readonly digest: string }> => {
  const hash = createHasher(algorithm)
  let size = 0
  for await (const chunk of bytes) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, digest: hash.digest('hex') }
}

const withholdEnd = (
  all: AsyncIterable<Uint8Array>,
  algorithm: string,
  expected: string,
  site: ErrorSite,
): AsyncIterable<Uint8Array> => {
  const { bytes, result } = hashBytes(all, [algorithm])
  return guardEnd(bytes, () => {
    const actual = result().digests[algorithm]
    if (actual === expected) return Promise.resolve(null)
    return Promise.resolve(
      integrityFailed(site, {
        what: 'verified bytes have changed on the disk of this machine',
        hint: 'Check the disk of this machine, and that no other program writes to the file, then resume',
        remedy: 'resume',
        expected: `${algorithm}:${expected}`,
        actual: `${algorithm}:${actual}`,
      }),
    )
  })
}

/** Whether the range covers all `size` bytes. */
export const isWhole = (range: ByteRange | undefined, size: number | null): boolean =>
  range === undefined || (range.start === 0 && (range.end === null || range.end === size))

/** The same bytes, with the last chunk withheld unless all of them have this digest. Applies to reads of all bytes. */
export const withholdEndUnless = (
  bytes: ByteSource,
  algorithm: string,
  expected: string,
  site: ErrorSite,
): ByteSource => ({
  size: bytes.size,
  open: (range, signal) =>
    isWhole(range, bytes.size)
      ? TE.map((all: AsyncIterable<Uint8Array>) => withholdEnd(all, algorithm, expected, site))(
          bytes.open(range, signal),
        )
      : bytes.open(range, signal),
})

/** Converts an exception about bytes or files to an error. Others are thrown again. */
export const toRunError = (site: ErrorSite, thrown: unknown): ImageError => {
  const error = toDiskError(site, thrown)
  if (error === null) throw thrown
  return error
}
