/** Remembers the most recent keys of a sequence of any length, in constant memory. */
export interface Recent {
  /** Adds `key`. Returns whether it was already among the last `capacity` keys. Exact: keys are never confused. */
  readonly note: (key: string) => boolean
  /** Marks a key that was just added. */
  readonly mark: (key: string) => void
  /** Whether the key is among the last `capacity` keys and is marked. */
  readonly isMarked: (key: string) => boolean
  /** Whether the keys repeat in a cycle longer than `capacity`: all keys of a sample appeared again `laps` times after they had left the memory. */
  readonly isCircle: () => boolean
}

export interface RecentOptions {
  /** Number of remembered keys. */
  readonly capacity: number
  /** Number of consecutive keys that must all appear again to prove a cycle; less than `capacity`. */
  readonly sampleSize: number
  /** How often they must appear again. 1: every repetition is an error. 2: one repetition is allowed, as in a list with two parts. */
  readonly laps: number
}

/**
 * Remembers the last `capacity` keys and a sample of older ones. The sample is replaced each time the number of keys has doubled, as in Brent's algorithm.
 * A cycle of any length is therefore found after a small multiple of the keys before its first repetition.
 */
export const createRecent = ({ capacity, sampleSize, laps }: RecentOptions): Recent => {
  /** The last keys; key number n is at index n modulo `capacity`. */
  const ring: string[] = []
  /** The ring index of each key, times two, plus one if the key is marked. */
  const slots = new Map<string, number>()
  let sample: string[] = []
  /** The keys of the sample that have not appeared again in this lap. */
  const missing = new Set<string>()
  let lap = 0
  let count = 0
  let sampleAt = capacity

  /** Handles a key that is not in the ring: a new key, or one that has left it. */
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
      // Keep the slot of the oldest key if the key has appeared again since.
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
