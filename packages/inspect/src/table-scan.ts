/** Tables of one kind, such as the L2 tables of a qcow2. They are read as they pass, whatever their size; only the end of the data they point to is kept. */
export interface TableGroup {
  readonly name: string
  /** Offset of each table in bytes, ascending, each once. Called once. */
  readonly starts: () => Float64Array
  /** Of each table, in bytes: a multiple of `width`. */
  readonly length: number
  /** Of an entry, in bytes. */
  readonly width: 4 | 8
  /**
   * The end of what an entry points to, as an offset in bytes; 0: it points to nothing.
   * @param at where the entry stands in `view`.
   * @param entry its number in the table that begins at `start`.
   */
  readonly entryEnd: (view: DataView, at: number, entry: number, start: number) => number
}

/** How far the entries of tables lead, as far as the tables were read. */
export interface TableExtent {
  /** The end of the farthest data that an entry points to, as an offset in bytes; 0: no entry points to any. */
  readonly end: number
  /** Every table was read: none had passed before it was requested, and none is still to come. */
  readonly isComplete: boolean
}

export interface TableScan {
  /** Takes the bytes at offset `position`. Offsets must ascend. */
  readonly feed: (bytes: Uint8Array, position: number) => void
  /** Offset in bytes where the last table ends. */
  readonly tablesEnd: number
  readonly extent: () => TableExtent
  /** Memory in use, in bytes. */
  readonly held: number
}

/**
 * Reads tables as they pass in a stream. The result does not depend on how the stream is cut.
 * @param room memory for the list of tables, in bytes; a longer list is not read.
 */
export const createTableScan = (
  { starts: listStarts, length, width, entryEnd }: TableGroup,
  room: number,
): TableScan => {
  const allStarts = listStarts()
  const isTooLong = allStarts.byteLength > room
  const starts = isTooLong ? new Float64Array() : allStarts
  const splitEntry = new DataView(new ArrayBuffer(width))
  let index = 0
  let consumed = 0
  let farthest = 0
  let isMissed = isTooLong
  const tablesEnd = starts.length === 0 ? 0 : (starts[starts.length - 1] ?? 0) + length

  const readEntry = (view: DataView, at: number, start: number): void => {
    const end = entryEnd(view, at, consumed / width, start)
    if (end > farthest) farthest = end
    consumed += width
  }

  /** An entry that is cut by the end of a chunk is collected byte by byte. */
  const consume = (bytes: Uint8Array, start: number): void => {
    let at = 0
    while (at < bytes.length && consumed % width !== 0) {
      const filled = consumed % width
      splitEntry.setUint8(filled, bytes[at] ?? 0)
      at++
      if (filled + 1 === width) {
        consumed -= filled
        readEntry(splitEntry, 0, start)
      } else consumed++
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (; at + width <= bytes.length; at += width) readEntry(view, at, start)
    for (; at < bytes.length; at++) {
      splitEntry.setUint8(consumed % width, bytes[at] ?? 0)
      consumed++
    }
  }

  const beginNextTable = (): void => {
    const end = (starts[index] ?? 0) + length
    index++
    consumed = 0
    // A table that overlaps the one before is not read.
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
          beginNextTable()
          continue
        }
        const until = Math.min(end, start + length)
        consume(bytes.subarray(from - position, until - position), start)
        if (consumed < length) return
        beginNextTable()
      }
    },
    tablesEnd,
    extent: () => ({ end: farthest, isComplete: !isMissed && index >= starts.length }),
    held: starts.byteLength,
  }
}

/** Offsets in ascending order, each once, without 0, which stands for no table. */
export const sortOffsets = (offsets: Iterable<number>): Float64Array => {
  const sorted = Float64Array.from(offsets)
    .filter((offset) => offset > 0 && offset <= Number.MAX_SAFE_INTEGER)
    .sort()
  return sorted.filter((offset, index) => index === 0 || offset !== sorted[index - 1])
}
