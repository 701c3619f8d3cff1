import { toView } from './fields.ts'
import type { CapturedBytes, PartRequest } from './format.ts'
import { sortOffsets, type TableGroup } from './table-scan.ts'
import { hasFooter, parseSparseHeader } from './vmdk-footer.ts'

const SECTOR = 512
const DIRECTORY = 'vmdk grain directory'
const GRAIN_TABLES = 'vmdk grain tables'
const LAST_GRAIN = 'vmdk last grain'
/** In bytes: the longest grain directory that is captured. With grains of 64 KiB it covers a disk of 768 GiB. */
const DIRECTORY_LIMIT = 98_304
const COMPRESSED = 1 << 16
/** In bytes: the marker of a compressed grain has its sector and its length. */
const MARKER_LENGTH = 12
/** Entries below are 0 (no grain) and 1 (a grain of zeros). */
const FIRST_SECTOR = 2

interface Layout {
  readonly isCompressed: boolean
  /** Of the disk inside, in bytes. */
  readonly size: number
  /** Of a grain, in bytes. */
  readonly grain: number
  /** Of a grain table. */
  readonly entries: number
  /** Offset of the grain directory, in bytes. */
  readonly directory: number
  /** In bytes. */
  readonly directoryLength: number
  /** Offset of the first grain, in bytes. */
  readonly overhead: number
}

const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)

/** `null` if the header is invalid, or if the file has a footer, which proves that it is complete. Offsets: VMware's Virtual Disk Format 5.0. */
const parseLayout = ({ head }: CapturedBytes): Layout | null => {
  const header = toView(head, SECTOR)
  const entries = header.getUint32(44, true)
  const [sectors, grain, directory] = [u64(header, 12), u64(header, 20), u64(header, 56)]
  if (
    hasFooter(parseSparseHeader(head)) ||
    entries === 0 ||
    entries > 512 ||
    grain === 0 ||
    grain > 2 ** 20 ||
    sectors === 0 ||
    directory === 0
  )
    return null
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

const parseDirectory = (captured: CapturedBytes, { directoryLength }: Layout): readonly number[] | null => {
  const bytes = captured.part(DIRECTORY)
  if (directoryLength > DIRECTORY_LIMIT || bytes?.length !== directoryLength) return null
  const view = toView(bytes, directoryLength)
  return Array.from({ length: directoryLength / 4 }, (_, index) => view.getUint32(index * 4, true) * SECTOR)
}

export const requestGrainParts = (captured: CapturedBytes): readonly PartRequest[] => {
  const layout = parseLayout(captured)
  if (layout === null || layout.directoryLength > DIRECTORY_LIMIT) return []
  const last = layout.isCompressed ? captured.extent(GRAIN_TABLES) : null
  return [
    { name: DIRECTORY, start: layout.directory, length: layout.directoryLength },
    ...(last !== null && last.isComplete && last.end > 0
      ? [{ name: LAST_GRAIN, start: last.end - 1, length: MARKER_LENGTH }]
      : []),
  ]
}

export const requestGrainTables = (captured: CapturedBytes): readonly TableGroup[] => {
  const layout = parseLayout(captured)
  const directory = layout === null ? null : parseDirectory(captured, layout)
  if (layout === null || directory === null) return []
  const { isCompressed, size, grain, entries } = layout
  const lastStart = directory.at(-1) ?? 0
  const inLastTable = size - (directory.length - 1) * entries * grain
  return [
    {
      name: GRAIN_TABLES,
      starts: () => sortOffsets(directory),
      length: entries * 4,
      width: 4,
      entryEnd: (view, at, entry, start) => {
        const sector = view.getUint32(at, true)
        if (sector < FIRST_SECTOR) return 0
        if (isCompressed) return sector * SECTOR + 1
        const left = start === lastStart ? inLastTable - entry * grain : grain
        return left <= 0 ? 0 : sector * SECTOR + Math.min(grain, left)
      },
    },
  ]
}

/** The end of all that the tables point to as an offset in bytes, as far as they could be followed. 0: they point to nothing, or cannot be followed. */
export const findGrainEnd = (captured: CapturedBytes): number => {
  const layout = parseLayout(captured)
  if (layout === null) return 0
  const { directory, directoryLength, entries, overhead } = layout
  const tables = parseDirectory(captured, layout) ?? []
  const marker = captured.part(LAST_GRAIN)
  const grainsEnd = captured.extent(GRAIN_TABLES)?.end ?? 0
  const data =
    marker?.length === MARKER_LENGTH
      ? grainsEnd - 1 + MARKER_LENGTH + toView(marker, MARKER_LENGTH).getUint32(8, true)
      : grainsEnd
  return [
    overhead,
    directory + directoryLength,
    data,
    ...tables.map((offset) => (offset === 0 ? 0 : offset + entries * 4)),
  ].reduce((largest, end) => Math.max(largest, end), 0)
}
