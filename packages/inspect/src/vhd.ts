import { hasAt, viewOf } from './fields.ts'
import { cutShort, failIf, sizeFinding, truncated, type Finding, type Format, type Seen } from './format.ts'
import type { CheckFailure } from './inspection.ts'
import type { Tables } from './table-scan.ts'

const SECTOR = 512
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

const isDynamic = ({ head }: Seen): boolean => hasAt(head, 0, COOKIE)

/** The last sector; a file that is shorter has none. */
const footerOf = ({ length, tail }: Seen): Uint8Array => (length < SECTOR ? new Uint8Array() : tail.subarray(-SECTOR))

/** The complement of the sum of all its bytes but these. */
const hasChecksum = (footer: Uint8Array): boolean => {
  const sum = footer.reduce((all, byte, index) => (index >= CHECKSUM && index < CHECKSUM + 4 ? all : all + byte), 0)
  return viewOf(footer, SECTOR).getUint32(CHECKSUM) === ~sum >>> 0
}

/** A disk as it is, with a footer behind it. */
const isFixed = (seen: Seen): boolean => {
  const footer = footerOf(seen)
  return !isDynamic(seen) && hasAt(footer, 0, COOKIE) && viewOf(footer, SECTOR).getUint32(DISK_TYPE) === FIXED && hasChecksum(footer)
}

const u64 = (view: DataView, at: number): number => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)

interface Blocks {
  readonly table: number
  readonly entries: number
  /** In bytes, with the bitmap before its data. */
  readonly block: number
}

/** Microsoft's Virtual Hard Disk Image Format Specification; `null`: no header of a dynamic disk there. */
const blocksOf = (seen: Seen): Blocks | null => {
  const bytes = seen.part(HEADER)
  if (bytes?.length !== HEADER_LENGTH || !hasAt(bytes, 0, 'cxsparse')) return null
  const view = viewOf(bytes, HEADER_LENGTH)
  const data = view.getUint32(32)
  const bitmap = Math.ceil(data / SECTOR / 8 / SECTOR) * SECTOR
  return { table: u64(view, 16), entries: view.getUint32(28), block: bitmap + data }
}

const tableLength = ({ entries }: Blocks): number => Math.ceil((entries * 4) / SECTOR) * SECTOR

const tableOf = (blocks: Blocks): Tables => ({
  name: TABLE,
  starts: () => Float64Array.of(blocks.table),
  length: tableLength(blocks),
  width: 4,
  reach: (view, at, entry) => {
    const sector = view.getUint32(at)
    return sector === UNUSED || entry >= blocks.entries ? 0 : sector * SECTOR + blocks.block
  },
})

/** A dynamic disk ends with a footer; it may be followed by what fills a device up. */
const dynamicFailures = (seen: Seen): readonly CheckFailure[] => {
  const place = u64(viewOf(seen.head, SECTOR), DATA_OFFSET)
  const blocks = blocksOf(seen)
  if (blocks === null) return truncated(seen, place <= Number.MAX_SAFE_INTEGER ? place + HEADER_LENGTH : 0, 'the header of a dynamic disk')
  const reached = seen.reached(TABLE)
  const isFollowed = reached?.isWhole === true
  const needed = Math.max(blocks.table + tableLength(blocks), reached?.reach ?? 0) + SECTOR
  const cut = cutShort(seen, needed)
  return cut.length > 0 || isFollowed || hasAt(footerOf(seen), 0, COOKIE) ? cut : [{ check: 'truncated', what: 'it does not end with the footer that a VHD ends with: it was cut short' }]
}

const readDynamic = (seen: Seen): Finding => {
  const footer = viewOf(seen.head, SECTOR)
  const type = footer.getUint32(DISK_TYPE)
  const failures = [
    ...truncated(seen, SECTOR, 'the copy of its footer'),
    ...failIf(type === DIFFERENCING, 'backing_file', 'it is a differencing disk: most of its data is in another file'),
  ]
  return sizeFinding(footer.getBigUint64(SIZE), failures, () => (type === DYNAMIC ? dynamicFailures(seen) : []))
}

const readFixed = (seen: Seen): Finding => {
  const size = viewOf(footerOf(seen), SECTOR).getBigUint64(CURRENT_SIZE)
  const data = BigInt(seen.length - SECTOR)
  return sizeFinding(size, failIf(data < size, 'truncated', `its footer says that the disk has ${size} bytes, and there are ${data}: it was cut short`))
}

/** Virtual PC's disks: dynamic ones, which start with a copy of their footer, and fixed ones, which have it at the end alone. */
export const vhd: Format = {
  format: 'vhd',
  isMatch: (seen) => isDynamic(seen) || isFixed(seen),
  wishes: (seen) => {
    if (!isDynamic(seen)) return []
    const start = u64(viewOf(seen.head, SECTOR), DATA_OFFSET)
    return start >= SECTOR && start <= Number.MAX_SAFE_INTEGER ? [{ name: HEADER, start, length: HEADER_LENGTH }] : []
  },
  tables: (seen) => {
    const blocks = isDynamic(seen) ? blocksOf(seen) : null
    return blocks === null || blocks.table === 0 || blocks.table > Number.MAX_SAFE_INTEGER ? [] : [tableOf(blocks)]
  },
  read: (seen) => (isDynamic(seen) ? readDynamic(seen) : readFixed(seen)),
}
