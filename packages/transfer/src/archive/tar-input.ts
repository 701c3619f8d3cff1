import { ImageException, type AbortSignalLike, type ByteSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createByteReader } from '../decompress/byte-reader.ts'

/** Reads the bytes of an archive in order. */
export interface TarInput {
  /** The next `length` bytes; fewer only at the end. */
  readonly take: (length: number) => Promise<Uint8Array>
  /** Skips `length` bytes and returns how many there were. */
  readonly skip: (length: number) => Promise<number>
  readonly close: () => Promise<void>
}

const SKIP_AT_ONCE = 256 * 1024

/** An input from a stream. It reads skipped bytes. */
export const createStreamInput = (bytes: AsyncIterable<Uint8Array>): TarInput => {
  const { take, close } = createByteReader(bytes)
  const skip = async (length: number): Promise<number> => {
    let skipped = 0
    while (skipped < length) {
      const { length: taken } = await take(Math.min(SKIP_AT_ONCE, length - skipped))
      if (taken === 0) break
      skipped += taken
    }
    return skipped
  }
  return { take, skip, close }
}

/** In bytes: the least that is requested at once. */
const WINDOW = 64 * 1024

/** An input that requests ranges and does not read skipped bytes. For sources of a known size that support ranges. */
export const createSeekingInput = (bytes: ByteSource, size: number, signal?: AbortSignalLike): TarInput => {
  let at = 0
  let window: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) }
  const fetched = async (start: number, end: number): Promise<Uint8Array> => {
    const opened = await bytes.open({ start, end }, signal)()
    if (E.isLeft(opened)) throw new ImageException(opened.left)
    const chunks: Uint8Array[] = []
    for await (const chunk of opened.right) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  return {
    take: async (length) => {
      const end = Math.min(size, at + length)
      const isInside = at >= window.start && end <= window.start + window.bytes.length
      if (!isInside && end > at)
        window = { start: at, bytes: await fetched(at, Math.min(size, Math.max(end, at + WINDOW))) }
      const taken = window.bytes.subarray(at - window.start, end - window.start)
      at += taken.length
      return taken
    },
    skip: async (length) => {
      const skipped = Math.max(0, Math.min(length, size - at))
      at += skipped
      return skipped
    },
    close: async () => undefined,
  }
}
