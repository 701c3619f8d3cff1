import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const BLOCK = 2 * 2 ** 20
/** Blocks that are compressed in parallel threads. */
const AHEAD = 4
/** The compressed size of a block, as a part of its size, above which compression is not worth its time. */
const WORTH = 0.95
/** The number of blocks to store uncompressed before compression is tried again. */
const TRY_AGAIN = 8

/** Blocks of equal size, except the last. */
async function* splitBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(BLOCK)
  let filled = 0
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + BLOCK - filled)
      block.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < BLOCK) continue
      yield block
      block = Buffer.allocUnsafe(BLOCK)
      filled = 0
    }
  }
  if (filled > 0) yield block.subarray(0, filled)
}

/**
 * Compresses the bytes with gzip, one member a block, for speed. Blocks that do not shrink are stored, so that compressed data cost little.
 * A block of zeros is always the same few kilobytes. Uses the memory of a few blocks.
 */
export async function* gzipBlocks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Not at the top level: the command loads `node:zlib` when it is first used.
  const pack = promisify<Buffer, { readonly level: number }, Buffer>(gzip)
  const zeros = Buffer.alloc(BLOCK)
  let packedZeros: Promise<Buffer> | null = null
  let untilTry = 0

  const packBlock = async (block: Buffer): Promise<Buffer> => {
    if (block.equals(zeros)) return (packedZeros ??= pack(zeros, { level: 1 }))
    const isTried = untilTry <= 0
    untilTry -= 1
    const packed = await pack(block, { level: isTried ? 1 : 0 })
    if (isTried) untilTry = packed.length > block.length * WORTH ? TRY_AGAIN : 0
    return packed
  }

  const packing: Promise<Buffer>[] = []
  for await (const block of splitBlocks(bytes)) {
    packing.push(packBlock(block))
    if (packing.length >= AHEAD) yield (await packing.shift()) as Buffer
  }
  for (const packed of packing) yield await packed
}
