import { HEAD_LENGTH, TAIL_LENGTH, type Seen, type Wish } from './format.ts'
import { createTableScan, type TableScan, type Tables } from './table-scan.ts'

interface Part {
  readonly start: number
  readonly bytes: Uint8Array
  /** How many of them have come. */
  filled: number
}

/** What is kept of a stream while it passes. */
export interface Capture {
  readonly write: (chunk: Uint8Array) => void
  /** After the last byte. */
  readonly end: () => Seen
  /** In bytes: how much memory is taken. */
  readonly held: () => number
}

/** How much there can be in parts, in bytes: with head and tail, less than 512 KiB. Nothing is kept of a wish beyond it. */
const PARTS_LIMIT = 460_000

/**
 * Keeps the head, the tail and what is wished for. Chunks are cut where a part ends, so that wishes are asked for at the same
 * places however the stream is cut. Behind the last part, writing costs the copy of a tail.
 */
export const createCapture = (wishes: (seen: Seen) => readonly Wish[], tables: (seen: Seen) => readonly Tables[] = () => []): Capture => {
  const head: Part = { start: 0, bytes: new Uint8Array(HEAD_LENGTH), filled: 0 }
  const parts = new Map<string, Part>()
  const scans = new Map<string, TableScan>()
  let open: Part[] = [head]
  let reading: TableScan[] = []
  let length = 0
  const tail = new Uint8Array(TAIL_LENGTH)

  const seen: Seen = {
    get length() {
      return length
    },
    get head() {
      return head.bytes.subarray(0, head.filled)
    },
    get tail() {
      return tail.subarray(Math.max(0, TAIL_LENGTH - length))
    },
    part: (name) => {
      const part = parts.get(name)
      return part === undefined ? null : part.bytes.subarray(0, part.filled)
    },
    reached: (name) => scans.get(name)?.result() ?? null,
  }

  const isDone = (part: Part): boolean => part.filled === part.bytes.length || part.start + part.filled < length
  const isRead = ({ end }: TableScan): boolean => end <= length
  const held = (): number => HEAD_LENGTH + TAIL_LENGTH + [...parts.values()].reduce((sum, { bytes }) => sum + bytes.length, 0) + [...scans.values()].reduce((sum, scan) => sum + scan.held, 0)
  const room = (): number => PARTS_LIMIT - (held() - HEAD_LENGTH - TAIL_LENGTH)

  /** What is in the head already comes from there. What has passed otherwise is lost. */
  const add = ({ name, start, length: wanted }: Wish): void => {
    const part: Part = { start, bytes: new Uint8Array(wanted > room() ? 0 : wanted), filled: 0 }
    const early = seen.head.subarray(start, start + part.bytes.length)
    part.bytes.set(early)
    part.filled = early.length
    parts.set(name, part)
    if (!isDone(part)) open.push(part)
  }

  /** Tables that begin in the head come from there; of others, those that have passed are missed. */
  const scan = (asked: Tables): void => {
    const one = createTableScan(asked, room())
    one.feed(seen.head, 0)
    scans.set(asked.name, one)
    if (!isRead(one)) reading.push(one)
  }

  /** As long as what came makes for new wishes. */
  const ask = (): void => {
    for (;;) {
      const fresh = wishes(seen).filter(({ name }) => !parts.has(name))
      fresh.forEach(add)
      const asked = tables(seen).filter(({ name }) => !scans.has(name))
      asked.forEach(scan)
      if (fresh.length + asked.length === 0) return
    }
  }

  /** No further than to the next end of an open part. */
  const take = (bytes: Uint8Array): number => {
    const ends = [...open.map((part) => part.start + part.bytes.length), ...reading.map(({ end }) => end)]
    const until = ends.reduce((least, end) => Math.min(least, end), length + bytes.length)
    const taken = bytes.subarray(0, until - length)
    for (const one of reading) one.feed(taken, length)
    for (const part of open) {
      const from = part.start + part.filled - length
      if (from >= taken.length) continue
      part.bytes.set(taken.subarray(from), part.filled)
      part.filled += taken.length - from
    }
    length = until
    if (open.some(isDone) || reading.some(isRead)) {
      open = open.filter((part) => !isDone(part))
      reading = reading.filter((one) => !isRead(one))
      ask()
    }
    return taken.length
  }

  /** Its last byte is the last of the stream. */
  const keepTail = (chunk: Uint8Array): void => {
    const kept = chunk.subarray(-TAIL_LENGTH)
    tail.copyWithin(0, kept.length)
    tail.set(kept, TAIL_LENGTH - kept.length)
  }

  return {
    write: (chunk) => {
      if (chunk.length === 0) return
      if (open.length + reading.length === 0) length += chunk.length
      else for (let at = 0; at < chunk.length; ) at += take(chunk.subarray(at))
      keepTail(chunk)
    },
    end: () => {
      if (head.filled < HEAD_LENGTH) ask()
      return seen
    },
    held,
  }
}
