import type Lzma from 'lzma-native'
import { DecoderFault, type Decoder } from './fault.ts'
import { splitIntoSlices, createSliceTransform } from './slices.ts'

/** In bytes. LZMA2 expands by up to about 7,000, so a slice becomes at most 28 MiB. */
const SLICE = 4 * 1024

/**
 * `LZMA_CONCATENATED` of liblzma's lzma/container.h: all streams, and the padding between them. lzma-native itself searches chunks for the end of a stream, and misses one that is
 * split across chunks. Its types expect a name here, its code the number.
 */
const CONCATENATED = 0x08

/** In bytes. `xz -9` needs 65 MiB. */
const MEMORY = 256 * 1024 * 1024

const load = async (): Promise<typeof Lzma> => {
  try {
    return (await import('lzma-native')).default
  } catch {
    throw new DecoderFault('unsupported', 'the library lzma-native does not run on this machine')
  }
}

/** Faults by the names of liblzma's errors. */
const toFault = (thrown: unknown): unknown => {
  const { name } = thrown as { readonly name?: unknown }
  switch (name) {
    case 'LZMA_BUF_ERROR':
      return new DecoderFault('truncated', 'it is truncated')
    case 'LZMA_MEMLIMIT_ERROR':
    case 'LZMA_MEM_ERROR':
      return new DecoderFault('memory', `it needs more than ${MEMORY / 2 ** 20} MiB of memory`)
    case 'LZMA_OPTIONS_ERROR':
    case 'LZMA_UNSUPPORTED_CHECK':
      return new DecoderFault('unsupported', 'it uses an unsupported filter or checksum')
    case 'LZMA_FORMAT_ERROR':
    case 'LZMA_DATA_ERROR':
      return new DecoderFault('damaged', 'it is damaged, or other data follows its end')
    default:
      return thrown
  }
}

/** Decodes all streams with liblzma, which verifies all checksums, in a thread of Node's pool. */
export const decodeXz: Decoder = async function* (bytes) {
  const { createStream } = await load()
  const slices = createSliceTransform(createStream('streamDecoder', { memlimit: MEMORY, flags: CONCATENATED as never }))
  try {
    for await (const chunk of bytes) for (const slice of splitIntoSlices(chunk, SLICE)) yield* await slices.take(slice)
    yield* await slices.finish()
  } catch (thrown) {
    throw toFault(thrown)
  } finally {
    slices.close()
  }
}
