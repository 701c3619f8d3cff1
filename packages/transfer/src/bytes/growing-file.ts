import { open, type FileHandle } from 'node:fs/promises'
import {
  aborted,
  ABORTED,
  ImageException,
  raceAbort,
  unavailable,
  type AbortSignalLike,
  type ByteSource,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import type { ChunkPool } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toSpan, type Span } from './range.ts'
import { toIterable } from './to-iterable.ts'

/** A file that is sent while it is written. */
export interface GrowingFile {
  /** The writer starts, with the first `length` bytes in the file at `path`. A second start fails everyone who reads. */
  readonly begin: (path: string, length: number) => void
  /** The first `length` bytes are written. */
  readonly grow: (length: number) => void
  /** The writer has ended, with `null` if the bytes are valid. */
  readonly end: (error: ImageError | null) => void
  /** Bytes as they are written. The last chunk is withheld until the writer has ended, and never returned if it ended with an error. */
  readonly bytes: ByteSource
}

/** Reads `chunk.length` bytes at `position`, all of which are written: what the file lacks at its end is a hole. */
const readAt = async (handle: FileHandle, chunk: Buffer, position: number): Promise<void> => {
  let filled = 0
  while (filled < chunk.length) {
    const { bytesRead } = await handle.read(chunk, filled, chunk.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  chunk.fill(0, filled)
}

/**
 * Errors of `bytes`: that of the writer; `Unavailable` if it starts again.
 * @param size of the complete file, in bytes.
 */
export const createGrowingFile = (size: number, pool: ChunkPool, site: ErrorSite): GrowingFile => {
  let current: { readonly path: string } | null = null
  let written = 0
  let result: { readonly error: ImageError | null } | null = null
  let changed: () => void = () => undefined
  let change = new Promise<void>((resolve) => (changed = resolve))
  const notify = (): void => {
    const wake = changed
    change = new Promise<void>((resolve) => (changed = resolve))
    wake()
  }

  /** Waits until `isReached`. Throws the error of the writer. */
  const until = async (isReached: () => boolean, signal: AbortSignalLike | undefined): Promise<void> => {
    for (;;) {
      if (result !== null && result.error !== null) throw new ImageException(result.error)
      if (isReached()) return
      if ((await raceAbort(change, signal)) === ABORTED) throw new ImageException(aborted(site))
    }
  }

  const readSpan = (
    handle: FileHandle,
    opened: typeof current,
    { start, end }: Span,
    signal: AbortSignalLike | undefined,
  ): AsyncIterable<Uint8Array> => {
    const stop = end ?? size
    let at = start
    const next = async (): Promise<Uint8Array | null> => {
      if (at >= stop) return null
      const chunk = stop - at >= pool.size ? pool.take() : Buffer.allocUnsafeSlow(stop - at)
      const after = at + chunk.length
      await until(() => current !== opened || (written >= after && (after < size || result !== null)), signal)
      if (current === opened) await readAt(handle, chunk, at)
      // It may have started again while it was read.
      if (current !== opened)
        throw new ImageException(unavailable(site, { what: 'the source is read again from the start' }))
      at = after
      return chunk
    }
    return toIterable({ next, close: () => handle.close() })
  }

  const openSpan = async (
    span: Span,
    signal: AbortSignalLike | undefined,
  ): Promise<E.Either<ImageError, AsyncIterable<Uint8Array>>> => {
    try {
      await until(() => current !== null || result !== null, signal)
      const opened = current
      if (opened === null) return E.left(unavailable(site, { what: 'no bytes were staged' }))
      return E.right(readSpan(await open(opened.path, 'r'), opened, span, signal))
    } catch (thrown) {
      if (ImageException.is(thrown)) return E.left(thrown.error)
      return E.left(unavailable(site, { what: 'the staged file cannot be opened while it is written' }))
    }
  }

  return {
    begin: (path, length) => {
      current = { path }
      written = length
      notify()
    },
    grow: (length) => {
      written = length
      notify()
    },
    end: (error) => {
      result ??= { error }
      notify()
    },
    bytes: {
      size,
      open: (range, signal) =>
        pipe(
          TE.fromEither(toSpan(range, size, site)),
          TE.flatMap((span) => () => openSpan(span, signal)),
        ),
    },
  }
}
