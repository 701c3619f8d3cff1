import { hasText, toView } from './fields.ts'
import {
  checkEnd,
  findingIf,
  reportSize,
  checkHeader,
  type FormatReport,
  type Format,
  type CapturedBytes,
} from './format.ts'
import type { Finding } from './inspection.ts'
import type { TableGroup } from './table-scan.ts'

const SECTOR = 512
const SOURCE = 'Microsoft, Virtual Hard Disk Image Format Specification'
const COOKIE = 'conectix'
const DATA_OFFSET = 16
const SIZE = 40
const CURRENT_SIZE = 48
const DISK_TYPE = 60
const CHECKSUM = 64
const FIXED = 2
const DYNAMIC = 3
const DIFFERENCING = 4

const HEADER = 'vhd header'
const HEADER_LENGTH = 1024
const TABLE = 'vhd block allocation table'
const UNUSED = 0xffff_ffff

const isDynamic = ({ head }: CapturedBytes): boolean => hasText(head, 0, COOKIE)

/** The last sector; empty if the image is shorter. */
const findFooter = ({ length, tail }: CapturedBytes): Uint8Array =>
  length < SECTOR ? new Uint8Array() : tail.subarray(-SECTOR)

/** The checksum is the complement of the sum of the other bytes. */
const hasChecksum = (footer: Uint8Array): boolean => {
  const sum = footer.reduce((all, byte, index) => (index >= CHECKSUM && index < CHECKSUM + 4 ? all : all + byte), 0)
  return toView(footer, SECTOR).getUint32(CHECKSUM) === ~sum >>> 0
}

/** A raw disk with a footer after it. */
const isFixed = (captured: CapturedBytes): boolean => {
  const footer = findFooter(captured)
  return (
    !isDynamic(captured) &&
    hasText(footer, 0, COOKIE) &&
    toView(footer, SECTOR).getUint32(DISK_TYPE) === FIXED &&
    hasChecksum(footer)
  )
}

const u64 = (view: DataView, at: number): number => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)

interface Blocks {
  /** Offset of the block allocation table, in bytes. */
  readonly table: number
  readonly entries: number
  /** Length of a block with the bitmap before its data, in bytes. */
  readonly block: number
}

/** `null`: no dynamic disk header was captured. */
const parseBlocks = (captured: CapturedBytes): Blocks | null => {
  const bytes = captured.part(HEADER)
  if (bytes?.length !== HEADER_LENGTH || !hasText(bytes, 0, 'cxsparse')) return null
  const view = toView(bytes, HEADER_LENGTH)
  const data = view.getUint32(32)
  const bitmap = Math.ceil(data / SECTOR / 8 / SECTOR) * SECTOR
  return { table: u64(view, 16), entries: view.getUint32(28), block: bitmap + data }
}

const tableLength = ({ entries }: Blocks): number => Math.ceil((entries * 4) / SECTOR) * SECTOR

const toTableGroup = (blocks: Blocks): TableGroup => ({
  name: TABLE,
  starts: () => Float64Array.of(blocks.table),
  length: tableLength(blocks),
  width: 4,
  entryEnd: (view, at, entry) => {
    const sector = view.getUint32(at)
    return sector === UNUSED || entry >= blocks.entries ? 0 : sector * SECTOR + blocks.block
  },
})

/** A dynamic disk ends with a footer, which padding may follow. */
const dynamicFailures = (captured: CapturedBytes): readonly Finding[] => {
  const place = u64(toView(captured.head, SECTOR), DATA_OFFSET)
  const blocks = parseBlocks(captured)
  if (blocks === null)
    return checkHeader(
      captured,
      place <= Number.MAX_SAFE_INTEGER ? place + HEADER_LENGTH : 0,
      'its dynamic disk header',
      SOURCE,
    )
  const extent = captured.extent(TABLE)
  const isFollowed = extent?.isComplete === true
  const needed = Math.max(blocks.table + tableLength(blocks), extent?.end ?? 0) + SECTOR
  const cut = checkEnd(captured, needed, SOURCE)
  return cut.length > 0 || isFollowed || hasText(findFooter(captured), 0, COOKIE)
    ? cut
    : [{ check: 'truncated', what: 'the image was cut short: it does not end with a footer', source: SOURCE }]
}

const readDynamic = (captured: CapturedBytes): FormatReport => {
  const footer = toView(captured.head, SECTOR)
  const type = footer.getUint32(DISK_TYPE)
  const failures = [
    ...checkHeader(captured, SECTOR, 'the copy of its footer', SOURCE),
    ...findingIf(
      type === DIFFERENCING,
      'backing_file',
      'it is a differencing disk: the rest of its data is in another file',
      SOURCE,
    ),
  ]
  return reportSize(footer.getBigUint64(SIZE), SOURCE, failures, () =>
    type === DYNAMIC ? dynamicFailures(captured) : [],
  )
}

const readFixed = (captured: CapturedBytes): FormatReport => {
  const size = toView(findFooter(captured), SECTOR).getBigUint64(CURRENT_SIZE)
  const data = BigInt(captured.length - SECTOR)
  return reportSize(
    size,
    SOURCE,
    findingIf(
      data < size,
      'truncated',
      `the image was cut short: its footer gives the disk a size of ${size} bytes, and there are ${data}`,
      SOURCE,
    ),
  )
}

/** Virtual PC's disks: dynamic ones, which start with a copy of their footer, and fixed ones, which have it only at the end. Offsets: Microsoft's Virtual Hard Disk Image Format Specification. */
export const vhd: Format = {
  format: 'vhd',
  isMatch: (captured) => isDynamic(captured) || isFixed(captured),
  requestParts: (captured) => {
    if (!isDynamic(captured)) return []
    const start = u64(toView(captured.head, SECTOR), DATA_OFFSET)
    return start >= SECTOR && start <= Number.MAX_SAFE_INTEGER ? [{ name: HEADER, start, length: HEADER_LENGTH }] : []
  },
  requestTables: (captured) => {
    const blocks = isDynamic(captured) ? parseBlocks(captured) : null
    return blocks === null || blocks.table === 0 || blocks.table > Number.MAX_SAFE_INTEGER ? [] : [toTableGroup(blocks)]
  },
  read: (captured) => (isDynamic(captured) ? readDynamic(captured) : readFixed(captured)),
}
