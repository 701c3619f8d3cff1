import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createErrorSite, type ByteSource, type ErrorSite, type ImageError, ImageException } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { Header } from 'tar/header'
import { toIterable } from '../../src/bytes/to-iterable.ts'

export const SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'test')

const fixtures = JSON.parse(readFileSync(join(__dirname, '../fixtures/archives.json'), 'utf8')) as {
  readonly archives: readonly { readonly name: string; readonly gzipBase64: string }[]
}

/** Created by GNU tar: see test/fixtures/make-archives.mjs. */
export const gnuArchives: ReadonlyMap<string, Buffer> = new Map(
  fixtures.archives.map(({ name, gzipBase64 }) => [name, gunzipSync(Buffer.from(gzipBase64, 'base64'))]),
)

const MIB = 2 ** 20

/** The content of disk.raw in the fixtures. */
export const SPARSE_DISK: Buffer = Buffer.alloc(32 * MIB)
for (let index = 0; index < 30; index += 1) SPARSE_DISK.fill(index + 1, index * MIB, index * MIB + 4096)

/** An entry of an archive that a test creates. */
export interface MadeEntry {
  readonly name: string
  readonly data?: Uint8Array | string
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO' | 'ExtendedHeader'
  /** The size in its header, if it differs from the data's. */
  readonly size?: number
}

const END = Buffer.alloc(1024)

export const entryBytes = ({ name, data = '', type = 'File', size }: MadeEntry): Buffer => {
  const bytes = Buffer.from(data)
  const block = Buffer.alloc(512)
  new Header({
    path: name,
    type,
    size: size ?? bytes.length,
    mode: 0o644,
    mtime: new Date(0),
    ...(type === 'SymbolicLink' ? { linkpath: '/etc/passwd' } : {}),
  }).encode(block)
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

/** A tar archive, with its end marker. */
export const createTar = (...entries: readonly MadeEntry[]): Buffer => Buffer.concat([...entries.map(entryBytes), END])

/** Bytes by ranges, in chunks; how many were read is counted. */
export const countedSource = (
  bytes: Uint8Array,
  chunk = 10_000,
): { readonly source: ByteSource; readonly read: () => number } => {
  let read = 0
  const source: ByteSource = {
    size: bytes.length,
    open:
      (range = { start: 0, end: null }) =>
      async () => {
        let at = range.start
        const end = Math.min(range.end ?? bytes.length, bytes.length)
        const next = async (): Promise<Uint8Array | null> => {
          if (at >= end) return null
          const part = bytes.subarray(at, Math.min(end, at + chunk))
          at += part.length
          read += part.length
          return part
        }
        return E.right(toIterable({ next, close: async () => undefined }))
      },
  }
  return { source, read: () => read }
}

export const createArchiveSource = (bytes: Uint8Array, chunk?: number): ByteSource => countedSource(bytes, chunk).source

/** All bytes of a source, or its error. */
export const readAll = async (source: ByteSource): Promise<E.Either<ImageError, Buffer>> => {
  const opened = await source.open()()
  if (E.isLeft(opened)) return opened
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of opened.right) chunks.push(chunk)
  } catch (thrown) {
    if (ImageException.is(thrown)) return E.left(thrown.error)
    throw thrown
  }
  return E.right(Buffer.concat(chunks))
}
