import type { Transform } from 'node:stream'

/** Transforms bytes slice by slice. */
export interface SliceTransform {
  /** Transforms a slice and returns the output. Throws the error of the stream. */
  readonly take: (slice: Uint8Array) => Promise<readonly Uint8Array[]>
  /** Ends the stream and returns the rest of the output. */
  readonly finish: () => Promise<readonly Uint8Array[]>
  /** Whether the stream ended by itself. */
  readonly isEnded: () => boolean
  readonly close: () => void
}

/**
 * Drives a transform stream that pushes all output of a write before it calls back. Since a few bytes can expand to very many, only one slice
 * is in the stream at a time: memory is bounded by the output of one slice.
 */
export const createSliceTransform = (stream: Transform): SliceTransform => {
  let pending: Uint8Array[] = []
  let failure: { readonly thrown: unknown } | null = null
  let isEnded = false
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Uint8Array) => void pending.push(chunk))
  stream.on('error', (thrown: unknown) => {
    failure ??= { thrown }
    wake()
  })
  stream.on('end', () => {
    isEnded = true
    wake()
  })
  stream.on('close', () => wake())
  const step = async (start: (done: () => void) => void): Promise<readonly Uint8Array[]> => {
    if (failure === null) {
      await new Promise<void>((resolve) => {
        wake = resolve
        start(resolve)
      })
    }
    if (failure !== null) throw (failure as { readonly thrown: unknown }).thrown
    const output = pending
    pending = []
    return output
  }
  return {
    take: (slice) => step((done) => void stream.write(slice, (error) => (error ? undefined : done()))),
    finish: () => (isEnded ? step((done) => done()) : step(() => void stream.end())),
    isEnded: () => isEnded,
    close: () => void stream.destroy(),
  }
}

/** The chunk in slices of at most `size` bytes. */
export function* splitIntoSlices(chunk: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += size) yield chunk.subarray(from, from + size)
}
