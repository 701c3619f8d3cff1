import { viewOf } from './fields.ts'
import type { Seen, Wish } from './format.ts'
import { ascending, type Tables } from './table-scan.ts'
import { hasFooter, sparseHeaderOf } from './vmdk-footer.ts'

const SECTOR = 512
const DIRECTORY = 'vmdk grain directory'
const GRAIN_TABLES = 'vmdk grain tables'
const LAST_GRAIN = 'vmdk last grain'
/** In bytes: as much of a grain directory as is kept. Of grains of 64 KiB, one of that length is a disk of 768 GiB. */
const KEPT = 98_304
const COMPRESSED = 1 << 16
/** Of a compressed grain: its sector, its length. */
const MARKER_LENGTH = 12
/** Nothing, or a grain of zeros. */
const FIRST_PLACE = 2

interface Layout {
  readonly isCompressed: boolean
  /** In bytes. */
  readonly size: number
  readonly grain: number
  readonly entries: number
  readonly directory: number
  readonly directoryLength: number
  /** In bytes: where grains begin. */
  readonly overhead: number
}

const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)

/** `null` where the header makes no sense, or its directory is behind the grains: the footer tells then that all is there. Places are of VMware's Virtual Disk Format 5.0. */
const layoutOf = ({ head }: Seen): Layout | null => {
  const header = viewOf(head, SECTOR)
  const entries = header.getUint32(44, true)
  const [sectors, grain, directory] = [u64(header, 12), u64(header, 20), u64(header, 56)]
  if (hasFooter(sparseHeaderOf(head)) || entries === 0 || entries > 512 || grain === 0 || grain > 2 ** 20 || sectors === 0 || directory === 0) return null
  return {
    isCompressed: (header.getUint32(8, true) & COMPRESSED) !== 0,
    size: sectors * SECTOR,
    grain: grain * SECTOR,
    entries,
    directory: directory * SECTOR,
    directoryLength: Math.ceil(sectors / (grain * entries)) * 4,
    overhead: u64(header, 64) * SECTOR,
  }
}

const directoryOf = (seen: Seen, { directoryLength }: Layout): readonly number[] | null => {
  const bytes = seen.part(DIRECTORY)
  if (directoryLength > KEPT || bytes?.length !== directoryLength) return null
  const view = viewOf(bytes, directoryLength)
  return Array.from({ length: directoryLength / 4 }, (_, index) => view.getUint32(index * 4, true) * SECTOR)
}

export const grainWishes = (seen: Seen): readonly Wish[] => {
  const layout = layoutOf(seen)
  if (layout === null || layout.directoryLength > KEPT) return []
  const last = layout.isCompressed ? seen.reached(GRAIN_TABLES) : null
  return [
    { name: DIRECTORY, start: layout.directory, length: layout.directoryLength },
    ...(last !== null && last.isWhole && last.reach > 0 ? [{ name: LAST_GRAIN, start: last.reach - 1, length: MARKER_LENGTH }] : []),
  ]
}

export const grainTables = (seen: Seen): readonly Tables[] => {
  const layout = layoutOf(seen)
  const directory = layout === null ? null : directoryOf(seen, layout)
  if (layout === null || directory === null) return []
  const { isCompressed, size, grain, entries } = layout
  const lastStart = directory.at(-1) ?? 0
  const inLastTable = size - (directory.length - 1) * entries * grain
  return [
    {
      name: GRAIN_TABLES,
      starts: () => ascending(directory),
      length: entries * 4,
      width: 4,
      reach: (view, at, entry, start) => {
        const sector = view.getUint32(at, true)
        if (sector < FIRST_PLACE) return 0
        if (isCompressed) return sector * SECTOR + 1
        const left = start === lastStart ? inLastTable - entry * grain : grain
        return left <= 0 ? 0 : sector * SECTOR + Math.min(grain, left)
      },
    },
  ]
}

/** The first byte behind all that its tables lead to, as far as they could be followed. 0: they lead nowhere, or cannot be followed. */
export const grainEnd = (seen: Seen): number => {
  const layout = layoutOf(seen)
  if (layout === null) return 0
  const { directory, directoryLength, entries, overhead } = layout
  const tables = directoryOf(seen, layout) ?? []
  const marker = seen.part(LAST_GRAIN)
  const reached = seen.reached(GRAIN_TABLES)?.reach ?? 0
  const data = marker?.length === MARKER_LENGTH ? reached - 1 + MARKER_LENGTH + viewOf(marker, MARKER_LENGTH).getUint32(8, true) : reached
  return [overhead, directory + directoryLength, data, ...tables.map((place) => (place === 0 ? 0 : place + entries * 4))].reduce((most, end) => Math.max(most, end), 0)
}
