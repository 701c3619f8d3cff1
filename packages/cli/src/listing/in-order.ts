/** A value, and the index of the stream that gave it. */
export interface Ordered<T> {
  readonly index: number
  readonly value: T
}

interface Lane<T> {
  readonly values: T[]
  isDone: boolean
  failure: { readonly error: unknown } | null
  /** Lets whoever waits for this lane look again. */
  wake: () => void
  /** Lets the lane look again whether there is room. */
  resume: () => void
}

export interface InOrderOptions<T> {
  readonly measure: (value: T) => number
  /** The size of all values held at which the streams whose turn has not come are asked for no more. Each may hold one value whatever its size, so none waits for ever. */
  readonly mostHeld: number
}

/**
 * Runs all streams at the same time, and gives what they give in the order of the streams: the first as it comes, the others as soon as it is their
 * turn. They start at once, before anybody asks for a value. The stream whose turn it is, is one value ahead of whoever takes them; what the others give is
 * held, up to `mostHeld`. Left early, it ends them all.
 */
export const inOrder = <T>(
  streams: readonly AsyncGenerator<T, void, undefined>[],
  { measure, mostHeld }: InOrderOptions<T>,
): AsyncGenerator<Ordered<T>, void, undefined> => {
  const lanes = streams.map((): Lane<T> => ({
    values: [],
    isDone: false,
    failure: null,
    wake: () => undefined,
    resume: () => undefined,
  }))
  let isLeft = false
  let held = 0
  let turn = 0
  const room = async (lane: Lane<T>): Promise<void> => {
    while (!isLeft && lane.values.length > 0 && (lane === lanes[turn] || held >= mostHeld))
      await new Promise<void>((resolve) => (lane.resume = resolve))
  }
  const resumeAll = (): void => {
    for (const lane of lanes) lane.resume()
  }
  const run = async (stream: AsyncGenerator<T, void, undefined>, lane: Lane<T>): Promise<void> => {
    try {
      for await (const value of stream) {
        if (isLeft) return
        lane.values.push(value)
        held += measure(value)
        lane.wake()
        await room(lane)
        if (isLeft) return
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
      isLeft = true
      resumeAll()
    }
  })()
}
