/** Collects values, and returns the first ones in sort order. */
export interface Sorted<T> {
  readonly add: (value: T) => void
  /** The first `limit` values, sorted. Equal values keep their order. */
  readonly take: () => readonly T[]
}

/** Sorts again only after this many additional values, or `limit` if that is larger. */
const SLACK = 1000

/** Holds at maxHeld about twice `limit` values; without a limit, all values. */
export const createSorted = <T>(order: (a: T, b: T) => number, limit: number): Sorted<T> => {
  let held: T[] = []
  const maxHeld = limit + Math.max(limit, SLACK)
  const prune = (): void => {
    held.sort(order)
    if (held.length > limit) held = held.slice(0, limit)
  }
  return {
    add: (value) => {
      held.push(value)
      if (held.length >= maxHeld) prune()
    },
    take: () => {
      prune()
      return held
    },
  }
}
