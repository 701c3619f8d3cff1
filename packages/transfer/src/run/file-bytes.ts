import { open } from 'node:fs/promises'
import { aborted, ImageException, integrityFailed, rejected, type ByteSource, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { diskError } from '../spool/disk-error.ts'

const CHUNK = 2 ** 20

async function* read(path: string, start: number, end: number, size: number, site: ErrorSite, signal: { readonly aborted: boolean } | undefined): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    for (let at = start; at < end; ) {
      if (signal?.aborted === true) throw new ImageException(aborted(site))
      // A buffer for each chunk: whoever is given one may keep it.
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK, end - at)), 0, Math.min(CHUNK, end - at), at)
      if (bytesRead === 0) throw new ImageException(integrityFailed(site, { what: `${path} became shorter while it was read`, expected: `${size} bytes`, actual: `${at} bytes` }))
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } catch (thrown) {
    const error = diskError(site, thrown)
    throw error === null || ImageException.is(thrown) ? thrown : new ImageException(error)
  } finally {
    await handle.close()
  }
}

/** The bytes of a file of `size` bytes that nobody else writes to. */
export const fileBytes = (path: string, size: number, site: ErrorSite): ByteSource => ({
  size,
  open: ({ start, end } = { start: 0, end: null }, signal) => {
    if (signal?.aborted === true) return TE.left(aborted(site))
    const stop = Math.min(end ?? size, size)
    if (start < 0 || start > stop) return TE.left(rejected(site, { what: `there are no bytes from ${start} to ${end ?? 'the end'} among ${size}` }))
    return async () => E.right(read(path, start, stop, size, site, signal))
  },
})

/** The digest of what `bytes` give. A failure of theirs is thrown. */
export const digestOf = async (bytes: AsyncIterable<Uint8Array>, algorithm: string): Promise<{ readonly size: number; readonly digest: string }> => {
  const hash = createHash(algorithm.replaceAll('_', '-'))
  let size = 0
  for await (const chunk of bytes) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, digest: hash.digest('hex') }
}

async function* withheld(bytes: AsyncIterable<Uint8Array>, algorithm: string, expected: string, site: ErrorSite): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithm.replaceAll('_', '-'))
  let last: Uint8Array | null = null
  for await (const chunk of bytes) {
    hash.update(chunk)
    if (last !== null) yield last
    last = chunk
  }
  const actual = hash.digest('hex')
  if (actual !== expected) throw new ImageException(integrityFailed(site, { what: 'what was verified has changed since on this machine’s disk', expected: `${algorithm}:${expected}`, actual: `${algorithm}:${actual}` }))
  if (last !== null) yield last
}

/** The same bytes; but the last chunk is given only if all of them have this digest. For those who read all of them. */
export const withheldUnless = (bytes: ByteSource, algorithm: string, expected: string, site: ErrorSite): ByteSource => ({
  size: bytes.size,
  open: (range, signal) => {
    const isWhole = range === undefined || (range.start === 0 && (range.end === null || range.end === bytes.size))
    return isWhole ? TE.map((all: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => withheld(all, algorithm, expected, site))(bytes.open(range, signal)) : bytes.open(range, signal)
  },
})

/** What ended bytes too early or otherwise wrongly, as an error; anything else is thrown on. */
export const failureOf = (site: ErrorSite, thrown: unknown): ImageError => {
  const error = diskError(site, thrown)
  if (error === null) throw thrown
  return error
}
