import { constants, createGunzip } from 'node:zlib'
import { DecoderFault, type Decoder } from './fault.ts'
import { splitIntoSlices, createSliceTransform } from './slices.ts'

/** Deflate makes at most 1032 bytes of one: 16 MiB of a slice. */
const SLICE = 16 * 1024

const faultOf = (thrown: unknown): unknown => {
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown }
  if (code === 'Z_BUF_ERROR') return new DecoderFault('truncated', 'it is cut short')
  // zlib's words for a member that is none; the first one is (`detectCompression`), so that this is said of what follows it.
  if (code === 'Z_DATA_ERROR' && message === 'incorrect header check') return new DecoderFault('trailing', 'after its end, something follows that is no gzip')
  return typeof code === 'string' && code.startsWith('Z_') ? new DecoderFault('damaged', `it is damaged (${String(message)})`) : thrown
}

/** zlib ends at the first zero after a member, and leaves the rest unread. */
const checkPadding = (rest: Uint8Array): void => {
  if (rest.some((byte) => byte !== 0)) throw new DecoderFault('trailing', 'after its end and zeros, something else follows')
}

/** By Node's zlib: all members; zeros after the last are padding (as gzip(1) has it). */
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
    throw faultOf(thrown)
  } finally {
    slices.close()
  }
}
