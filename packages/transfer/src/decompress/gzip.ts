import { constants, createGunzip } from 'node:zlib'
import { DecoderFault, type Decoder } from './fault.ts'
import { splitIntoSlices, createSliceTransform } from './slices.ts'

/** In bytes. Deflate expands by at most 1032, so a slice becomes at most 16 MiB. */
const SLICE = 16 * 1024

const toFault = (thrown: unknown): unknown => {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  if (code === 'Z_BUF_ERROR') return new DecoderFault('truncated', 'it is truncated')
  // zlib's message for an invalid member header. The first member was detected, so this is about what follows it.
  if (code === 'Z_DATA_ERROR' && message === 'incorrect header check')
    return new DecoderFault('trailing', 'data that is not gzip follows its end')
  return typeof code === 'string' && code.startsWith('Z_')
    ? new DecoderFault('damaged', `it is damaged (${String(message)})`)
    : thrown
}

/** zlib stops at the first zero after a member and does not read the rest. */
const checkPadding = (rest: Uint8Array): void => {
  if (rest.some((byte) => byte !== 0)) throw new DecoderFault('trailing', 'other data follows its end and zeros')
}

/** Decodes all members with Node's zlib. Zeros after the last one are padding, as in gzip(1). */
export const decodeGzip: Decoder = async function* (bytes) {
  const stream = createGunzip({ chunkSize: 64 * 1024, finishFlush: constants.Z_FINISH })
  const slices = createSliceTransform(stream)
  let taken = 0
  try {
    for await (const chunk of bytes) {
      for (const slice of splitIntoSlices(chunk, SLICE)) {
        if (slices.isEnded()) {
          checkPadding(slice)
          continue
        }
        yield* await slices.take(slice)
        taken += slice.length
        const rest = taken - stream.bytesWritten
        if (rest > 0) {
          checkPadding(slice.subarray(slice.length - rest))
          yield* await slices.finish()
        }
      }
    }
    if (!slices.isEnded()) yield* await slices.finish()
  } catch (thrown) {
    throw toFault(thrown)
  } finally {
    slices.close()
  }
}
