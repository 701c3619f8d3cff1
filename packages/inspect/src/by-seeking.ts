import { HEAD_LENGTH, TAIL_LENGTH, type Seen } from './format.ts'
import { formatTables, formatWishes, inspectionOf } from './inspector.ts'
import type { Inspection } from './inspection.ts'
import { createTableScan, type TableScan, type Tables } from './table-scan.ts'

const CHUNK = 262_144

/** The bytes from `start` to `end`, of a file of a known size. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** As much as formats may wish for, in all: as `createCapture` has it. */
const PARTS_LIMIT = 460_000
/** In bytes: how much of tables is read. What they lead to is then known in part. */
const TABLES_LIMIT = 16 * 2 ** 20

/** Inspects bytes by their head, their tail and what formats wish to see between: not all of them are read, however many there are. */
export const inspectBySeeking = async (read: ReadRange, size: number): Promise<Inspection> => {
  const [head, tail] = [await read(0, Math.min(size, HEAD_LENGTH)), await read(Math.max(0, size - TAIL_LENGTH), size)]
  const parts = new Map<string, Uint8Array>()
  const scans = new Map<string, TableScan>()
  const seen: Seen = { length: size, head, tail, part: (name) => parts.get(name) ?? null, reached: (name) => scans.get(name)?.result() ?? null }
  let room = PARTS_LIMIT
  let budget = TABLES_LIMIT
  const scan = async (tables: Tables): Promise<void> => {
    const one = createTableScan(tables, PARTS_LIMIT)
    scans.set(tables.name, one)
    for (const start of tables.starts()) {
      if (budget < tables.length || start >= size) return
      budget -= tables.length
      for (let at = start; at < Math.min(size, start + tables.length); at += CHUNK) one.feed(await read(at, Math.min(size, start + tables.length, at + CHUNK)), at)
    }
  }
  for (;;) {
    const fresh = formatWishes(seen).filter(({ name }) => !parts.has(name))
    const asked = formatTables(seen).filter(({ name }) => !scans.has(name))
    if (fresh.length + asked.length === 0) return inspectionOf(seen)
    for (const tables of asked) await scan(tables)
    for (const { name, start, length } of fresh) {
      const end = length > room ? start : Math.min(size, start + length)
      const part = end > start ? await read(start, end) : new Uint8Array(0)
      room -= part.length
      parts.set(name, part)
    }
  }
}
