/** Tables of a format, of which only the farthest place is kept that an entry leads to. They are read as they pass, whatever their size. */
export interface Tables {
  readonly name: string
  /** Where each begins, in bytes; ascending, each once. Asked once. */
  readonly starts: () => Float64Array
  /** Of each, in bytes: a multiple of `width`. */
  readonly length: number
  /** Of an entry, in bytes. */
  readonly width: 4 | 8
  /** The first byte behind what an entry leads to; 0: to nothing. `at`: where in `view` it stands; `entry`: its number in the table that begins at `start`. */
  readonly reach: (view: DataView, at: number, entry: number, start: number) => number
}

/** What the tables lead to, as far as they have passed. */
export interface Reached {
  /** The first byte behind the farthest of it; 0: nothing. */
  readonly reach: number
  /** All of them were read: none had passed before it was known of, and none is still to come. */
  readonly isWhole: boolean
}

export interface TableScan {
  /** The bytes that stand at `position`; they must come in order. */
  readonly feed: (bytes: Uint8Array, position: number) => void
  /** Where the last table ends, in bytes. */
  readonly end: number
  readonly result: () => Reached
  /** In bytes: how much memory is taken. */
  readonly held: number
}

/** Reads tables along with a stream. What it finds does not depend on how the stream is cut. `room`: in bytes, for the list of tables; one that needs more is not read. */
export const createTableScan = ({ starts: startsOf, length, width, reach }: Tables, room: number): TableScan => {
  const known = startsOf()
  const isTooMany = known.byteLength > room
  const starts = isTooMany ? new Float64Array() : known
  const entry = new DataView(new ArrayBuffer(width))
  let index = 0
  let consumed = 0
  let farthest = 0
  let isMissed = isTooMany
  const lastEnd = starts.length === 0 ? 0 : (starts[starts.length - 1] ?? 0) + length

  const note = (view: DataView, at: number, start: number): void => {
    const reached = reach(view, at, consumed / width, start)
    if (reached > farthest) farthest = reached
    consumed += width
  }

  /** An entry that is cut by the end of a chunk is gathered byte by byte. */
  const consume = (bytes: Uint8Array, start: number): void => {
    let at = 0
    while (at < bytes.length && consumed % width !== 0) {
      const filled = consumed % width
      entry.setUint8(filled, bytes[at] ?? 0)
      at++
      if (filled + 1 === width) {
        consumed -= filled
        note(entry, 0, start)
      } else consumed++
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (; at + width <= bytes.length; at += width) note(view, at, start)
    for (; at < bytes.length; at++) {
      entry.setUint8(consumed % width, bytes[at] ?? 0)
      consumed++
    }
  }

  const next = (): void => {
    const end = (starts[index] ?? 0) + length
    index++
    consumed = 0
    // Two tables at one place: the second is not read.
    while (index < starts.length && (starts[index] ?? 0) < end) {
      isMissed = true
      index++
    }
  }

  return {
    feed: (bytes, position) => {
      const end = position + bytes.length
      while (index < starts.length && (starts[index] ?? 0) < end) {
        const start = starts[index] ?? 0
        const from = start + consumed
        if (from < position) {
          isMissed = true
          next()
          continue
        }
        const until = Math.min(end, start + length)
        consume(bytes.subarray(from - position, until - position), start)
        if (consumed < length) return
        next()
      }
    },
    end: lastEnd,
    result: () => ({ reach: farthest, isWhole: !isMissed && index >= starts.length }),
    held: starts.byteLength,
  }
}

/** Ascending, each once, without what leads nowhere. */
export const ascending = (places: Iterable<number>): Float64Array => {
  const sorted = Float64Array.from(places).filter((place) => place > 0 && place <= Number.MAX_SAFE_INTEGER).sort()
  return sorted.filter((place, index) => index === 0 || place !== sorted[index - 1])
}
