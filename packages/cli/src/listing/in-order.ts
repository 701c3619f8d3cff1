/** A value and the index of its stream. */
export interface Ordered<T> {
  readonly index: number
  readonly value: T
}

interface Lane<T> {
  readonly values: T[]
  isDone: boolean
  failure: { readonly error: unknown } | null
  /** Wakes the consumer if it waits for this lane. */
  wake: () => void
  /** Wakes the lane if it waits for room. */
  resume: () => void
}

export interface InOrderOptions<T> {
  readonly measure: (value: T) => number
  /** The total size of held values at which streams out of turn pause. Each may hold one value of any size, so that none waits forever. */
  readonly maxHeld: number
}

/**
 * Runs all streams concurrently and yields their values in the order of the streams. The streams start at once. The stream whose turn it is runs one
 * value ahead of the consumer; values of the others are held, up to `maxHeld`. Ending the iteration early ends all streams.
 */
export const inOrder = <T>(
  streams: readonly AsyncGenerator<T, void, undefined>[],
  { measure, maxHeld }: InOrderOptions<T>,
): AsyncGenerator<Ordered<T>, void, undefined> => {
  const lanes = streams.map((): Lane<T> => ({
    values: [],
    isDone: false,
    failure: null,
    wake: () => undefined,
    resume: () => undefined,
  }))
  let isEnded = false
  let held = 0
  let turn = 0
  const room = async (lane: Lane<T>): Promise<void> => {
    while (!isEnded && lane.values.length > 0 && (lane === lanes[turn] || held >= maxHeld))
      await new Promise<void>((resolve) => (lane.resume = resolve))
  }
  const resumeAll = (): void => {
    for (const lane of lanes) lane.resume()
  }
  const run = async (stream: AsyncGenerator<T, void, undefined>, lane: Lane<T>): Promise<void> => {
    try {
      for await (const value of stream) {
        if (isEnded) return
        lane.values.push(value)
        held += measure(value)
        lane.wake()
        await room(lane)
        if (isEnded) return
      }
    } catch (error) {
      lane.failure = { error }
    } finally {
      lane.isDone = true
      lane.wake()
    }
  }
  const runs = streams.map((stream, index) => run(stream, lanes[index] as Lane<T>))
  return (async function* () {
    try {
      for (const [index, lane] of lanes.entries()) {
        turn = index
        for (;;) {
          const value = lane.values.shift()
          if (value !== undefined) {
            held -= measure(value)
            resumeAll()
            yield { index, value }
          } else if (lane.failure !== null) throw lane.failure.error
          else if (lane.isDone) break
          else await new Promise<void>((resolve) => (lane.wake = resolve))
        }
      }
      await Promise.all(runs)
    } finally {
      isEnded = true
      resumeAll()
    }
  })()
}
