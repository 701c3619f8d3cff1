import { ImageException, integrityFailed, unavailable, type ErrorSite } from '@imago/core/provider'
import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { observeBytes } from './observe-bytes.ts'
import type { HttpHeaders } from './headers.ts'

type Bytes = AsyncIterable<Uint8Array>

/** A compression that an HTTP body may have (RFC 9110, 8.4.1; RFC 8878). */
interface Coding {
  /** `null`: this version of Node has no decoder. */
  readonly decoder: (() => Transform) | null
  /** Whether bytes begin as this coding does. `isAll`: there are no more. */
  readonly fits: (head: Uint8Array, isAll: boolean) => boolean
}

/** As many bytes are tried; output beyond this many proves that they can be decoded. */
const HEAD_BYTES = 4096
const MOST_TRIED = 2 ** 20

const beginsWith =
  (...magic: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head.length >= magic.length && magic.every((byte, index) => head[index] === byte)

/** Where a coding has no mark of its own, only decoding tells. What is short must be whole: some plain text passes for the beginning of a deflate stream. */
const decodes =
  (
    decode: (head: Uint8Array, options: { readonly finishFlush?: number; readonly maxOutputLength: number }) => Buffer,
    flush: number,
  ) =>
  (head: Uint8Array, isAll: boolean): boolean => {
    if (head.length === 0) return false
    try {
      decode(head, { maxOutputLength: MOST_TRIED, ...(isAll ? {} : { finishFlush: flush }) })
      return true
    } catch (thrown) {
      return (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    }
  }

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants

const GZIP: Coding = { decoder: () => zlib.createGunzip(), fits: beginsWith(0x1f, 0x8b, 0x08) }
const ZLIB: Coding = { decoder: () => zlib.createInflate(), fits: decodes(zlib.inflateSync, Z_SYNC_FLUSH) }
/** Not what RFC 9110 means by `deflate`, and what some servers send. */
const RAW_DEFLATE: Coding = { decoder: () => zlib.createInflateRaw(), fits: decodes(zlib.inflateRawSync, Z_SYNC_FLUSH) }
const BROTLI: Coding = {
  decoder: () => zlib.createBrotliDecompress(),
  fits: decodes(zlib.brotliDecompressSync, BROTLI_OPERATION_FLUSH),
}
/** Node has a decoder from 22.15 and 23.8 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform }
const ZSTD: Coding = {
  decoder: createZstdDecompress === undefined ? null : () => createZstdDecompress(),
  fits: beginsWith(0x28, 0xb5, 0x2f, 0xfd),
}
const COMPRESS: Coding = { decoder: null, fits: beginsWith(0x1f, 0x9d) }

const CODINGS: ReadonlyMap<string, readonly Coding[]> = new Map([
  ['gzip', [GZIP]],
  ['x-gzip', [GZIP]],
  ['deflate', [ZLIB, RAW_DEFLATE]],
  ['br', [BROTLI]],
  ['zstd', [ZSTD]],
  ['compress', [COMPRESS]],
  ['x-compress', [COMPRESS]],
])

/** Nobody compresses more than twice; a longer list is not undone. */
const MOST_CODINGS = 3

/**
 * The compressions that `Content-Encoding` names, in the order they were applied, and then those of `Transfer-Encoding`, which Node leaves to others, but for `chunked`.
 * Words that name none, as `identity` and S3's `aws-chunked`, are left out.
 */
export const parseContentCodings = (headers: HttpHeaders): readonly string[] => {
  const words = ['content-encoding', 'transfer-encoding'].flatMap((name) =>
    (headers.get(name) ?? '').slice(0, 200).toLowerCase().split(','),
  )
  return words
    .map((word) => word.trim())
    .filter((word) => CODINGS.has(word))
    .slice(0, MOST_CODINGS)
}

/** Bytes are in a compression that cannot be undone here. */
export class UnsupportedCoding extends Error {
  readonly coding: string
  constructor(coding: string) {
    super(`no decoder for ${coding}`)
    this.name = 'UnknownCoding'
    this.coding = coding
  }
}

/** Bytes whose codings are undone. */
export interface DecodedContent {
  readonly bytes: Bytes
  /** The codings that were undone; empty: none, whatever the headers say. */
  readonly decoded: readonly string[]
}

const ignored = (): void => undefined

/** The first bytes, and all of them again. */
const peeked = async (
  bytes: Bytes,
): Promise<{ readonly head: Uint8Array; readonly isAll: boolean; readonly all: Bytes }> => {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  let isAll = false
  while (size < HEAD_BYTES && !isAll) {
    const result = await iterator.next()
    if (result.done === true) isAll = true
    else {
      first.push(result.value)
      size += result.value.length
    }
  }
  const all: Bytes = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const value = first.shift()
        return value === undefined ? iterator.next() : { done: false, value }
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), isAll, all }
}

/** Bytes through a decoder. Whoever leaves them, closes them, also before the first: the iterator of a stream does so only once it has begun. */
const decoded = (bytes: Bytes, decoder: Transform): Bytes => {
  pipeline(Readable.from(bytes, { objectMode: false }), decoder, ignored)
  // What nobody reads to its end may fail all the same. Whoever reads is told.
  decoder.on('error', ignored)
  return {
    [Symbol.asyncIterator]: () => {
      const inner = (decoder as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
      return {
        next: () => inner.next(),
        return: async () => {
          decoder.destroy()
          return { done: true, value: undefined }
        },
      }
    },
  }
}

/**
 * Undoes the codings of a body, as far as its bytes have them: a header that names a coding which the bytes do not have is passed over. Reads the first bytes.
 * Throws what `bytes` throw, and zlib's errors; `UnknownCoding` at once, for what cannot be undone here.
 */
export const decodeCodings = async (bytes: Bytes, codings: readonly string[]): Promise<DecodedContent> => {
  let current = bytes
  const undone: string[] = []
  for (const name of codings.toReversed()) {
    const { head, isAll, all } = await peeked(current)
    current = all
    const coding = (CODINGS.get(name) ?? []).find(({ fits }) => fits(head, isAll))
    if (coding === undefined) break
    if (coding.decoder === null) {
      await all[Symbol.asyncIterator]().return?.()
      throw new UnsupportedCoding(name)
    }
    current = decoded(all, coding.decoder())
    undone.push(name)
  }
  return { bytes: current, decoded: undone }
}

/** Who changes bodies is not the one who stores them. */
const WHY =
  'Something on the way compresses what it was asked to leave as it is: turn that off for image data, in the gateway or proxy'

const TRUNCATED = new Set<unknown>(['Z_BUF_ERROR', 'ERR__ERROR_FORMAT_UNEXPECTED_END'])

/** An error of zlib's, brotli's or zstd's. */
const decoderCode = (thrown: unknown): string | null => {
  const { code } = (thrown ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' && /^(?:Z_|ZSTD_|ERR__?(?:ERROR_|ZSTD))/.test(code) ? code : null
}

/**
 * The same for image data: what is wrong is thrown as `ImageException`. `Unavailable`: the body ends within its coding; `IntegrityFailed`: it is damaged, or cannot be
 * undone here. `within`: the codings, as the header has them.
 */
export const decodeContent = async (
  bytes: Bytes,
  codings: readonly string[],
  site: ErrorSite,
): Promise<DecodedContent> => {
  const within = `Content-Encoding: ${codings.join(', ')}`
  let received = 0
  const translated = (thrown: unknown): unknown => {
    if (thrown instanceof UnsupportedCoding)
      return new ImageException(
        integrityFailed(site, {
          what: `the bytes came compressed by ${thrown.coding}, which was not asked for and cannot be undone here`,
          hint: WHY,
          expected: 'bytes as they are stored',
          actual: within,
        }),
      )
    const code = decoderCode(thrown)
    if (code === null) return thrown
    if (TRUNCATED.has(code) || /unexpected end/i.test((thrown as Error).message)) {
      return new ImageException(
        unavailable(site, {
          what: `the bytes came compressed (${within}), and ended within that, after ${received} bytes were unpacked`,
          hint: WHY,
          truncated: { received, expected: null },
        }),
      )
    }
    return new ImageException(
      integrityFailed(site, {
        what: `the bytes came compressed, which was not asked for, and cannot be unpacked (${code})`,
        hint: WHY,
        expected: 'bytes as they are stored',
        actual: within,
      }),
    )
  }
  try {
    const plain = await decodeCodings(bytes, codings)
    return {
      decoded: plain.decoded,
      bytes: observeBytes(plain.bytes, { onChunk: (chunk) => void (received += chunk.length), mapError: translated }),
    }
  } catch (thrown) {
    throw translated(thrown)
  }
}
