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
}

/**
 * Runs all streams at the same time, and gives what they give in the order of the streams: the first as it comes, the others as soon as it is their
 * turn. They start at once, before anybody asks for a value. Left early, it ends them all.
 */
export const inOrder = <T>(streams: readonly AsyncGenerator<T, void, undefined>[]): AsyncGenerator<Ordered<T>, void, undefined> => {
  const lanes = streams.map((): Lane<T> => ({ values: [], isDone: false, failure: null, wake: () => undefined }))
  let isLeft = false
  const run = async (stream: AsyncGenerator<T, void, undefined>, lane: Lane<T>): Promise<void> => {
    try {
      for await (const value of stream) {
        if (isLeft) return
        lane.values.push(value)
        lane.wake()
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
        for (;;) {
          const value = lane.values.shift()
          if (value !== undefined) yield { index, value }
          else if (lane.failure !== null) throw lane.failure.error
          else if (lane.isDone) break
          else await new Promise<void>((resolve) => (lane.wake = resolve))
        }
      }
      await Promise.all(runs)
    } finally {
      isLeft = true
    }
  })()
}
