import { HEAD_LENGTH, TAIL_LENGTH, type Seen } from './format.ts'
import { formatWishes, inspectionOf } from './inspector.ts'
import type { Inspection } from './inspection.ts'

/** The bytes from `start` to `end`, of a file of a known size. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** As much as formats may wish for, in all: as `createCapture` has it. */
const PARTS_LIMIT = 460_000

/** Inspects bytes by their head, their tail and what formats wish to see between: not all of them are read, however many there are. */
export const inspectBySeeking = async (read: ReadRange, size: number): Promise<Inspection> => {
  const [head, tail] = [await read(0, Math.min(size, HEAD_LENGTH)), await read(Math.max(0, size - TAIL_LENGTH), size)]
  const parts = new Map<string, Uint8Array>()
  const seen: Seen = { length: size, head, tail, part: (name) => parts.get(name) ?? null }
  let room = PARTS_LIMIT
  for (;;) {
    const fresh = formatWishes(seen).filter(({ name }) => !parts.has(name))
    if (fresh.length === 0) return inspectionOf(seen)
    for (const { name, start, length } of fresh) {
      const end = length > room ? start : Math.min(size, start + length)
      const part = end > start ? await read(start, end) : new Uint8Array(0)
      room -= part.length
      parts.set(name, part)
    }
  }
}
