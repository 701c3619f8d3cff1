import { HEAD_LENGTH, TAIL_LENGTH, type CapturedBytes } from './format.ts'
import { evaluateFormats, requestParts, requestTables } from './formats.ts'
import type { Inspection } from './inspection.ts'
import { createTableScan, type TableGroup, type TableScan } from './table-scan.ts'

/** In bytes: how much of a table is read at once. */
const CHUNK = 262_144

/** Reads the bytes from offset `start` up to, not including, `end`. It may return fewer if the image has become shorter. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** Memory for parts, in bytes, as in `createCapture`. */
const PARTS_LIMIT = 460_000
/** In bytes: how much of tables is read. The data of further tables is not checked for completeness. */
const TABLES_LIMIT = 16 * 2 ** 20

/**
 * Inspects an image by reading its head, its tail and the tables between them: at most 17 MiB, whatever its size. It also finds tables that come before
 * the header that names them, which a stream has passed by then. Rejects if `read` does.
 * @param size of the image, in bytes.
 */
export const inspectRanges = async (read: ReadRange, size: number): Promise<Inspection> => {
  const [head, tail] = [await read(0, Math.min(size, HEAD_LENGTH)), await read(Math.max(0, size - TAIL_LENGTH), size)]
  const parts = new Map<string, Uint8Array>()
  const scans = new Map<string, TableScan>()
  const captured: CapturedBytes = {
    length: size,
    head,
    tail,
    part: (name) => parts.get(name) ?? null,
    extent: (name) => scans.get(name)?.extent() ?? null,
  }
  let room = PARTS_LIMIT
  let budget = TABLES_LIMIT
  const readTables = async (tables: TableGroup): Promise<void> => {
    const scan = createTableScan(tables, PARTS_LIMIT)
    scans.set(tables.name, scan)
    for (const start of tables.starts()) {
      if (budget < tables.length || start >= size) return
      budget -= tables.length
      for (let at = start; at < Math.min(size, start + tables.length); at += CHUNK)
        scan.feed(await read(at, Math.min(size, start + tables.length, at + CHUNK)), at)
    }
  }
  for (;;) {
    const newParts = requestParts(captured).filter(({ name }) => !parts.has(name))
    const newTables = requestTables(captured).filter(({ name }) => !scans.has(name))
    if (newParts.length + newTables.length === 0) return evaluateFormats(captured)
    for (const tables of newTables) await readTables(tables)
    for (const { name, start, length } of newParts) {
      const end = length > room ? start : Math.min(size, start + length)
      const part = end > start ? await read(start, end) : new Uint8Array(0)
      room -= part.length
      parts.set(name, part)
    }
  }
}
