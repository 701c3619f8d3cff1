import {
  aborted,
  conflict,
  forbidden,
  ImageException,
  notFound,
  rejected,
  type AbortSignalLike,
  type ImageResult,
  type ByteSource,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import type { ChunkPool } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { constants, type BigIntStats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { toIterable } from './to-iterable.ts'
import { toSpan, type Span } from './range.ts'

const CHUNK = 256 * 1024

const findCode = (thrown: unknown): string => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : 'UNKNOWN'
}

const cannotRead =
  (path: string, site: ErrorSite) =>
  (thrown: unknown): ImageError => {
    const code = findCode(thrown)
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return notFound(site, { what: `file not found: ${path}`, hint: 'Check the path' })
      case 'EACCES':
      case 'EPERM':
        return forbidden(site, {
          what: `permission denied: ${path}`,
          reason: code,
          hint: 'Make the file readable to you',
        })
      default:
        return rejected(site, { what: `cannot read ${path} (${code})`, hint: 'Check its disk' })
    }
  }

/** Whether a file is still the same, and unchanged. */
const isSame = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs

const changed = (path: string, site: ErrorSite): ImageError =>
  conflict(site, {
    what: `${path} has changed since it was first opened`,
    hint: 'Start again when no program writes to it',
  })

const openSame = async (
  path: string,
  first: BigIntStats,
  site: ErrorSite,
): Promise<E.Either<ImageError, FileHandle>> => {
  // If it was replaced by a pipe, opening it must not wait for a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const now = await handle.stat({ bigint: true }).catch(async (thrown: unknown) => {
    await handle.close()
    throw thrown
  })
  if (isSame(first, now)) return E.right(handle)
  await handle.close()
  return E.left(changed(path, site))
}

const readSpan = (
  handle: FileHandle,
  path: string,
  first: BigIntStats,
  { start, end }: Span,
  site: ErrorSite,
  signal: AbortSignalLike | undefined,
  pool: ChunkPool | undefined,
): AsyncIterable<Uint8Array> => {
  const stop = end ?? Number(first.size)
  let at = start
  const failed = cannotRead(path, site)
  const next = async (): Promise<Uint8Array | null> => {
    if (signal?.aborted === true) throw new ImageException(aborted(site))
    if (at < stop) {
      const length = Math.min(pool?.size ?? CHUNK, stop - at)
      const buffer = length === pool?.size ? pool.take() : Buffer.allocUnsafeSlow(length)
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at)
      if (bytesRead > 0) {
        at += bytesRead
        return bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead)
      }
    }
    // The bytes are consistent only if the file has not changed meanwhile; it may also have become shorter.
    if (isSame(first, await handle.stat({ bigint: true }))) return null
    throw new ImageException(changed(path, site))
  }
  return toIterable({
    next: () =>
      next().catch((thrown: unknown) => {
        throw ImageException.is(thrown) ? thrown : new ImageException(failed(thrown))
      }),
    close: () => handle.close(),
  })
}

/** `fileSource` with chunks of `pool`; `undefined`: a new buffer for each chunk. */
export const pooledFileSource = (path: string, site: ErrorSite, pool: ChunkPool | undefined): ImageResult<ByteSource> =>
  pipe(
    TE.tryCatch(() => stat(path, { bigint: true }), cannotRead(path, site)),
    TE.filterOrElse(
      (info) => info.isFile(),
      (info): ImageError =>
        rejected(site, {
          what: `${path} is ${info.isDirectory() ? 'a directory' : 'not a regular file'}`,
          hint: 'Choose a file',
        }),
    ),
    TE.map((first): ByteSource => {
      const size = Number(first.size)
      return {
        size,
        open: (range, signal) =>
          signal?.aborted === true
            ? TE.left(aborted(site))
            : pipe(
                TE.fromEither(toSpan(range, size, site)),
                TE.bindTo('span'),
                TE.bind('handle', () =>
                  pipe(
                    TE.tryCatch(() => openSame(path, first, site), cannotRead(path, site)),
                    TE.flatMapEither((opened) => opened),
                  ),
                ),
                TE.map(({ span, handle }) => readSpan(handle, path, first, span, site, signal, pool)),
              ),
      }
    }),
  )

/**
 * The bytes of a regular file, which must not change: if its size or modification time differs when it is opened again, or after it was
 * read, that is `Conflict`.
 *
 * Errors: `NotFound`, `Forbidden`, `Rejected` for anything but a regular file, or if it cannot be read.
 */
export const fileSource = (path: string, site: ErrorSite): ImageResult<ByteSource> =>
  pooledFileSource(path, site, undefined)
