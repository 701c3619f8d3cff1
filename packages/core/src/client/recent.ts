/** The keys that came last, of any number of them, in memory that does not grow. */
export interface Recent {
  /** Notes that `key` came. Returns whether it came before, among the last `capacity` keys. Exact: no key is ever taken for another. */
  readonly note: (key: string) => boolean
  /** Marks a key that was just noted. */
  readonly mark: (key: string) => void
  /** Whether the key is among the last `capacity`, and marked. */
  readonly isMarked: (key: string) => boolean
  /** Whether the keys run in a circle longer than `capacity`: all keys of a sample came again, `laps` times, after they had been forgotten. */
  readonly isCircle: () => boolean
}

export interface RecentOptions {
  /** How many keys are remembered. */
  readonly capacity: number
  /** How many keys, that came in a row, must all come again to prove a circle; less than `capacity`. */
  readonly sampleSize: number
  /** How often they must. 1: what comes a second time is wrong as it is. 2: it may, of a list that goes through two parts. */
  readonly laps: number
}

/**
 * Remembers the last `capacity` keys, and a sample of older ones. The sample is taken anew each time the number of keys has doubled, so a circle of any
 * length is found: as in Brent's algorithm, after a small multiple of the keys that came before its first repeat.
 */
export const createRecent = ({ capacity, sampleSize, laps }: RecentOptions): Recent => {
  /** The last keys, at their number modulo `capacity`. */
  const ring: string[] = []
  /** Where each key stands in the ring, times two; plus one if it is marked. */
  const slots = new Map<string, number>()
  let sample: string[] = []
  /** Of the sample, what has not come again in this lap. */
  const missing = new Set<string>()
  let lap = 0
  let count = 0
  let sampleAt = capacity

  /** Takes a key that is not among the last ones: a new one, or one that was forgotten. */
  const compareWithSample = (key: string): void => {
    if (lap >= laps) return
    if (count >= sampleAt) {
      sampleAt *= 2
      sample = []
      missing.clear()
      lap = 0
    }
    if (sample.length < sampleSize) {
      if (count < capacity) return
      sample.push(key)
      missing.add(key)
    } else if (missing.delete(key) && missing.size === 0 && ++lap < laps) for (const one of sample) missing.add(one)
  }

  return {
    note: (key) => {
      const known = slots.get(key)
      if (known === undefined) compareWithSample(key)
      const slot = count % capacity
      const oldest = ring[slot]
      // The oldest may have come again since: then it stands elsewhere, too.
      if (oldest !== undefined && oldest !== key && (slots.get(oldest) ?? -1) >> 1 === slot) slots.delete(oldest)
      ring[slot] = key
      slots.set(key, slot * 2 + ((known ?? 0) & 1))
      count++
      return known !== undefined
    },
    mark: (key) => {
      const slot = slots.get(key)
      if (slot !== undefined) slots.set(key, slot | 1)
    },
    isMarked: (key) => ((slots.get(key) ?? 0) & 1) === 1,
    isCircle: () => lap >= laps,
  }
}
