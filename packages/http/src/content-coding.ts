import { ImageException, integrityFailed, unavailable, type ErrorSite } from '@imago/core/provider'
import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { observeBytes } from './observe-bytes.ts'
import type { HttpHeaders } from './headers.ts'

type Bytes = AsyncIterable<Uint8Array>

/** A content coding of HTTP bodies (RFC 9110, 8.4.1; RFC 8878). */
interface Coding {
  /** `null`: this version of Node has no decoder. */
  readonly decoder: (() => Transform) | null
  /** Whether bytes have this coding. `isAll`: `head` is all of them. */
  readonly fits: (head: Uint8Array, isAll: boolean) => boolean
}

/** Bytes that are tested. More output than `MAX_TRIED_BYTES` proves that they can be decoded. */
const HEAD_BYTES = 4096
const MAX_TRIED_BYTES = 2 ** 20

const beginsWith =
  (...magic: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head.length >= magic.length && magic.every((byte, index) => head[index] === byte)

/** Detects codings without a signature by decoding. Short bodies must decode completely, because some plain text looks like the start of a deflate stream. */
const decodes =
  (
    decode: (head: Uint8Array, options: { readonly finishFlush?: number; readonly maxOutputLength: number }) => Buffer,
    flush: 'Z_SYNC_FLUSH' | 'BROTLI_OPERATION_FLUSH',
  ) =>
  (head: Uint8Array, isAll: boolean): boolean => {
    if (head.length === 0) return false
    try {
      decode(head, { maxOutputLength: MAX_TRIED_BYTES, ...(isAll ? {} : { finishFlush: zlib.constants[flush] }) })
      return true
    } catch (thrown) {
      return (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    }
  }

// `zlib` is used only inside functions: the command loads it with the first body that has a coding.
const GZIP: Coding = { decoder: () => zlib.createGunzip(), fits: beginsWith(0x1f, 0x8b, 0x08) }
const ZLIB: Coding = {
  decoder: () => zlib.createInflate(),
  fits: decodes((head, options) => zlib.inflateSync(head, options), 'Z_SYNC_FLUSH'),
}
/** Some servers send this as `deflate`, contrary to RFC 9110. */
const RAW_DEFLATE: Coding = {
  decoder: () => zlib.createInflateRaw(),
  fits: decodes((head, options) => zlib.inflateRawSync(head, options), 'Z_SYNC_FLUSH'),
}
const BROTLI: Coding = {
  decoder: () => zlib.createBrotliDecompress(),
  fits: decodes((head, options) => zlib.brotliDecompressSync(head, options), 'BROTLI_OPERATION_FLUSH'),
}
const ZSTD: Coding = {
  /** In Node 22.15, 23.8 and later. */
  get decoder() {
    const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform }
    return createZstdDecompress === undefined ? null : () => createZstdDecompress()
  },
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

/** The maximum number of codings that are decoded. */
const MAX_CODINGS = 3

/**
 * Parses the codings in `Content-Encoding`, in the order they were applied, followed by those in `Transfer-Encoding`, of which Node decodes only `chunked`.
 * Others are left out, such as `identity` and S3's `aws-chunked`.
 */
export const parseContentCodings = (headers: HttpHeaders): readonly string[] => {
  const words = ['content-encoding', 'transfer-encoding'].flatMap((name) =>
    (headers.get(name) ?? '').slice(0, 200).toLowerCase().split(','),
  )
  return words
    .map((word) => word.trim())
    .filter((word) => CODINGS.has(word))
    .slice(0, MAX_CODINGS)
}

/** The error for a coding without a decoder. */
export class UnsupportedCoding extends Error {
  readonly coding: string
  constructor(coding: string) {
    super(`no decoder for ${coding}`)
    this.name = 'UnknownCoding'
    this.coding = coding
  }
}

/** Decoded bytes. */
export interface DecodedContent {
  readonly bytes: Bytes
  /** The codings that the bytes had; empty: none, whatever the headers name. */
  readonly decoded: readonly string[]
}

const ignored = (): void => undefined

/** Reads the first bytes. `all` still returns all of them. */
const peek = async (
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

/** Pipes bytes through a decoder. Closes it even if it is left before the first chunk, unlike the iterator of a stream. */
const pipeThrough = (bytes: Bytes, decoder: Transform): Bytes => {
  pipeline(Readable.from(bytes, { objectMode: false }), decoder, ignored)
  // The decoder may fail without a reader. Readers get the error from the iterator.
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
 * Decodes a body, as far as its bytes have the named codings. Reads the first bytes.
 * Throws the errors of `bytes` and of zlib, and `UnsupportedCoding`.
 */
export const decodeCodings = async (bytes: Bytes, codings: readonly string[]): Promise<DecodedContent> => {
  let current = bytes
  const undone: string[] = []
  for (const name of codings.toReversed()) {
    const { head, isAll, all } = await peek(current)
    current = all
    const coding = (CODINGS.get(name) ?? []).find(({ fits }) => fits(head, isAll))
    if (coding === undefined) break
    if (coding.decoder === null) {
      await all[Symbol.asyncIterator]().return?.()
      throw new UnsupportedCoding(name)
    }
    current = pipeThrough(all, coding.decoder())
    undone.push(name)
  }
  return { bytes: current, decoded: undone }
}

const HINT = 'Disable compression of image data in the gateway or proxy before the server'

const TRUNCATED = new Set<unknown>(['Z_BUF_ERROR', 'ERR__ERROR_FORMAT_UNEXPECTED_END'])

/** The code of an error of zlib, brotli or zstd; `null`: another error. */
const findDecoderCode = (thrown: unknown): string | null => {
  const { code } = (thrown ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' && /^(?:Z_|ZSTD_|ERR__?(?:ERROR_|ZSTD))/.test(code) ? code : null
}

/**
 * Decodes image data; throws errors as `ImageException`. `Unavailable`: the body is truncated. `IntegrityFailed`: it is damaged, or its coding has no
 * decoder.
 */
export const decodeContent = async (
  bytes: Bytes,
  codings: readonly string[],
  site: ErrorSite,
): Promise<DecodedContent> => {
  const within = `Content-Encoding: ${codings.join(', ')}`
  let received = 0
  const translateError = (thrown: unknown): unknown => {
    if (thrown instanceof UnsupportedCoding)
      return new ImageException(
        integrityFailed(site, {
          what: `the response is compressed with ${thrown.coding}, which was not requested and has no decoder here`,
          hint: HINT,
          expected: 'uncompressed bytes',
          actual: within,
        }),
      )
    const code = findDecoderCode(thrown)
    if (code === null) return thrown
    if (TRUNCATED.has(code) || /unexpected end/i.test((thrown as Error).message)) {
      return new ImageException(
        unavailable(site, {
          what: `the compressed response (${within}) was truncated after ${received} decompressed bytes`,
          hint: HINT,
          truncated: { received, expected: null },
        }),
      )
    }
    return new ImageException(
      integrityFailed(site, {
        what: `the response is compressed, which was not requested, and cannot be decompressed (${code})`,
        hint: HINT,
        expected: 'uncompressed bytes',
        actual: within,
      }),
    )
  }
  try {
    const plain = await decodeCodings(bytes, codings)
    return {
      decoded: plain.decoded,
      bytes: observeBytes(plain.bytes, {
        onChunk: (chunk) => void (received += chunk.length),
        mapError: translateError,
      }),
    }
  } catch (thrown) {
    throw translateError(thrown)
  }
}
