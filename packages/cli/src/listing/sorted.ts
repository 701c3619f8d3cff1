/** Gathers values that come one by one, to give the first of them in an order. */
export interface Sorted<T> {
  readonly add: (value: T) => void
  /** The first `limit`, sorted. What ties stays in the order in which it came. */
  readonly take: () => readonly T[]
}

/** Sorted anew only when so many more than `limit` are held, or as many as the limit itself. */
const SLACK = 1000

/** Holds no more than about twice `limit` values; without a limit all of them, for the last to come may be the first. */
export const createSorted = <T>(order: (a: T, b: T) => number, limit: number): Sorted<T> => {
  let held: T[] = []
  const most = limit + Math.max(limit, SLACK)
  const prune = (): void => {
    held.sort(order)
    if (held.length > limit) held = held.slice(0, limit)
  }
  return {
    add: (value) => {
      held.push(value)
      if (held.length >= most) prune()
    },
    take: () => {
      prune()
      return held
    },
  }
}
