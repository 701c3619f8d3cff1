import { HEAD_LENGTH, TAIL_LENGTH, type CapturedBytes, type PartRequest } from './format.ts'
import { createTableScan, type TableGroup, type TableScan } from './table-scan.ts'

interface Part {
  readonly start: number
  readonly bytes: Uint8Array
  /** How many of them were read. */
  filled: number
}

/** Captures what formats need of a stream. */
export interface Capture {
  readonly write: (chunk: Uint8Array) => void
  /** Returns what was captured. Call it after the last byte. */
  readonly end: () => CapturedBytes
  /** Memory in use, in bytes. */
  readonly held: () => number
}

/** Memory for parts, in bytes: with head and tail, less than 512 KiB. A part that needs more than is left is captured empty. */
const PARTS_LIMIT = 460_000

/**
 * Captures the head, the tail and the requested parts. Chunks are cut where a part ends, so that formats are asked at the same
 * offsets however the stream is cut. After the last part, a chunk costs only the copy of its tail.
 */
export const createCapture = (
  requestParts: (captured: CapturedBytes) => readonly PartRequest[],
  requestTables: (captured: CapturedBytes) => readonly TableGroup[] = () => [],
): Capture => {
  const head: Part = { start: 0, bytes: new Uint8Array(HEAD_LENGTH), filled: 0 }
  const parts = new Map<string, Part>()
  const scans = new Map<string, TableScan>()
  let openParts: Part[] = [head]
  let openScans: TableScan[] = []
  let length = 0
  const tail = new Uint8Array(TAIL_LENGTH)

  const captured: CapturedBytes = {
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
    extent: (name) => scans.get(name)?.extent() ?? null,
  }

  const isDone = (part: Part): boolean => part.filled === part.bytes.length || part.start + part.filled < length
  const isRead = ({ tablesEnd }: TableScan): boolean => tablesEnd <= length
  const held = (): number =>
    HEAD_LENGTH +
    TAIL_LENGTH +
    [...parts.values()].reduce((sum, { bytes }) => sum + bytes.length, 0) +
    [...scans.values()].reduce((sum, scan) => sum + scan.held, 0)
  const room = (): number => PARTS_LIMIT - (held() - HEAD_LENGTH - TAIL_LENGTH)

  /** Bytes that are in the head are copied from there; others that have passed are lost. */
  const addPart = ({ name, start, length: wanted }: PartRequest): void => {
    const part: Part = { start, bytes: new Uint8Array(wanted > room() ? 0 : wanted), filled: 0 }
    const early = captured.head.subarray(start, start + part.bytes.length)
    part.bytes.set(early)
    part.filled = early.length
    parts.set(name, part)
    if (!isDone(part)) openParts.push(part)
  }

  /** Tables that begin in the head are read from there; others that have passed are missed. */
  const addScan = (tables: TableGroup): void => {
    const scan = createTableScan(tables, room())
    scan.feed(captured.head, 0)
    scans.set(tables.name, scan)
    if (!isRead(scan)) openScans.push(scan)
  }

  /** Repeats, since a part that is in the head can lead to further requests. */
  const addRequests = (): void => {
    for (;;) {
      const newParts = requestParts(captured).filter(({ name }) => !parts.has(name))
      newParts.forEach(addPart)
      const newTables = requestTables(captured).filter(({ name }) => !scans.has(name))
      newTables.forEach(addScan)
      if (newParts.length + newTables.length === 0) return
    }
  }

  /** Takes bytes up to the next end of an open part, and returns how many. */
  const take = (bytes: Uint8Array): number => {
    const ends = [
      ...openParts.map((part) => part.start + part.bytes.length),
      ...openScans.map(({ tablesEnd }) => tablesEnd),
    ]
    const until = ends.reduce((smallest, end) => Math.min(smallest, end), length + bytes.length)
    const taken = bytes.subarray(0, until - length)
    for (const scan of openScans) scan.feed(taken, length)
    for (const part of openParts) {
      const from = part.start + part.filled - length
      if (from >= taken.length) continue
      part.bytes.set(taken.subarray(from), part.filled)
      part.filled += taken.length - from
    }
    length = until
    if (openParts.some(isDone) || openScans.some(isRead)) {
      openParts = openParts.filter((part) => !isDone(part))
      openScans = openScans.filter((scan) => !isRead(scan))
      addRequests()
    }
    return taken.length
  }

  /** The chunk is the last one so far. */
  const keepTail = (chunk: Uint8Array): void => {
    const kept = chunk.subarray(-TAIL_LENGTH)
    tail.copyWithin(0, kept.length)
    tail.set(kept, TAIL_LENGTH - kept.length)
  }

  return {
    write: (chunk) => {
      if (chunk.length === 0) return
      if (openParts.length + openScans.length === 0) length += chunk.length
      else for (let at = 0; at < chunk.length;) at += take(chunk.subarray(at))
      keepTail(chunk)
    },
    end: () => {
      if (head.filled < HEAD_LENGTH) addRequests()
      return captured
    },
    held,
  }
}
