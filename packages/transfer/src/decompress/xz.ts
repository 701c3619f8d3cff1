import type Lzma from 'lzma-native'
import { DecoderFault, type Decoder } from './fault.ts'
import { splitIntoSlices, createSliceTransform } from './slices.ts'

/** LZMA2 makes some 7000 bytes of one: 28 MiB of a slice. */
const SLICE = 4 * 1024

/** `LZMA_CONCATENATED` of liblzma's lzma/container.h: all streams, and the padding between them. lzma-native by itself looks for the end of a stream in its chunks, and misses one that is cut. Its types want a name here, its code wants the number. */
const CONCATENATED = 0x08

/** The dictionary of `xz -9` takes 65 MiB. */
const MEMORY = 256 * 1024 * 1024

const loaded = async (): Promise<typeof Lzma> => {
  try {
    return (await import('lzma-native')).default
  } catch {
    throw new DecoderFault('unsupported', 'the library for it does not run on this machine (lzma-native): decompress it first, with xz')
  }
}

/** By the names that liblzma gives to its errors. */
const faultOf = (thrown: unknown): unknown => {
  const { name } = thrown as { readonly name?: unknown }
  switch (name) {
    case 'LZMA_BUF_ERROR':
      return new DecoderFault('truncated', 'it is cut short')
    case 'LZMA_MEMLIMIT_ERROR':
    case 'LZMA_MEM_ERROR':
      return new DecoderFault('memory', `it wants more than ${MEMORY / 2 ** 20} MiB of memory`)
    case 'LZMA_OPTIONS_ERROR':
    case 'LZMA_UNSUPPORTED_CHECK':
      return new DecoderFault('unsupported', 'it uses a filter or check sum that is not known here')
    case 'LZMA_FORMAT_ERROR':
    case 'LZMA_DATA_ERROR':
      return new DecoderFault('damaged', 'it is damaged, or something else follows its end')
    default:
      return thrown
  }
}

/** By liblzma: all streams, and all check sums. It runs in a thread of Node's pool. */
export const decodeXz: Decoder = async function* (bytes) {
  const { createStream } = await loaded()
  const slices = createSliceTransform(createStream('streamDecoder', { memlimit: MEMORY, flags: CONCATENATED as never }))
  try {
    for await (const chunk of bytes) for (const slice of splitIntoSlices(chunk, SLICE)) yield* await slices.take(slice)
    yield* await slices.finish()
  } catch (thrown) {
    throw faultOf(thrown)
  } finally {
    slices.close()
  }
}
