import type { Transform } from 'node:stream'

export interface SliceTransform {
  /** Takes a slice; gives what became of it. Throws what the stream fails with. */
  readonly take: (slice: Uint8Array) => Promise<readonly Uint8Array[]>
  /** There are no more; gives what was left. */
  readonly finish: () => Promise<readonly Uint8Array[]>
  /** Whether the stream has ended by itself. */
  readonly isEnded: () => boolean
  readonly close: () => void
}

/**
 * Drives a stream that makes of each slice written to it what it can, and pushes that before it calls back.
 * A few bytes can stand for very many: as only one slice is under way, what is held in memory is what that one becomes.
 */
export const createSliceTransform = (stream: Transform): SliceTransform => {
  let made: Uint8Array[] = []
  let failure: { readonly thrown: unknown } | null = null
  let isEnded = false
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Uint8Array) => void made.push(chunk))
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
    const given = made
    made = []
    return given
  }
  return {
    take: (slice) => step((done) => void stream.write(slice, (error) => (error ? undefined : done()))),
    finish: () => (isEnded ? step((done) => done()) : step(() => void stream.end())),
    isEnded: () => isEnded,
    close: () => void stream.destroy(),
  }
}

export function* splitIntoSlices(chunk: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += size) yield chunk.subarray(from, from + size)
}
