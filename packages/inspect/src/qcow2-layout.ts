import { toView } from './fields.ts'
import type { CapturedBytes, PartRequest } from './format.ts'
import { sortOffsets, type TableGroup } from './table-scan.ts'

const L1 = 'qcow2 L1 table'
const L2 = 'qcow2 L2 tables'
const REFCOUNTS = 'qcow2 refcount table'
const SNAPSHOTS = 'qcow2 snapshot table'
const LAST_REFCOUNTS = 'qcow2 last refcount block'

/** In bytes: the longest L1 table that is captured. With clusters of 64 KiB it covers a disk of 8 TiB. */
const L1_LIMIT = 131_072
/** In bytes: as much of the refcount table as is captured. */
const REFCOUNTS_LIMIT = 65_536
/** In bytes: as much of the snapshot table as is captured. */
const SNAPSHOTS_LIMIT = 65_536
const SECTOR = 512
/** The offset in L1 and L2 entries is in bits 9 to 55; the others are flags. */
const HIGH_OFFSET = 0x00ff_ffff
const LOW_OFFSET = 0xffff_fe00
/** Flags of L2 entries: bit 62 and bit 0. */
const COMPRESSED = 0x4000_0000
const ALL_ZEROS = 1

interface Layout {
  readonly version: number
  /** In bytes. */
  readonly cluster: number
  readonly clusterBits: number
  /** Of the disk inside, in bytes. */
  readonly size: number
  /** Offset of the L1 table, in bytes. */
  readonly l1: number
  readonly l1Entries: number
  /** Offset of the refcount table, in bytes. */
  readonly refcounts: number
  /** In bytes. */
  readonly refcountsLength: number
  /** Width of a refcount, in bits. */
  readonly refcountBits: number
  /** There may be clusters that the active L1 table does not reach: those of snapshots, bitmaps or an encryption header. */
  readonly hasMore: boolean
  /** Offset of the snapshot table, in bytes. */
  readonly snapshots: number
  readonly snapshotCount: number
}

const wide = (high: number, low: number): number => high * 2 ** 32 + low
const u64 = (view: DataView, at: number): number => wide(view.getUint32(at), view.getUint32(at + 4))

/** `null` if the header is invalid or the data is in another file. Offsets: QEMU's docs/interop/qcow2.txt. */
const parseLayout = ({ head }: CapturedBytes): Layout | null => {
  const header = toView(head, 512)
  const version = header.getUint32(4)
  const clusterBits = header.getUint32(20)
  if ((version !== 2 && version !== 3) || clusterBits < 9 || clusterBits > 21) return null
  const cluster = 2 ** clusterBits
  const isLater = version === 3
  // External data and extended L2 entries are failures anyway.
  if (isLater && (header.getUint32(76) & 0b10100) !== 0) return null
  return {
    version,
    cluster,
    clusterBits,
    size: u64(header, 24),
    l1: u64(header, 40),
    l1Entries: header.getUint32(36),
    refcounts: u64(header, 48),
    refcountsLength: header.getUint32(56) * cluster,
    refcountBits: isLater ? 2 ** Math.min(header.getUint32(96), 6) : 16,
    snapshots: u64(header, 64),
    snapshotCount: header.getUint32(60),
    hasMore: header.getUint32(60) > 0 || header.getUint32(32) > 0 || (isLater && u64(header, 88) !== 0),
  }
}

/** A part that was captured completely; otherwise `null`. */
const completePart = ({ part }: CapturedBytes, name: string, length: number): DataView | null => {
  const bytes = part(name)
  return bytes?.length === length ? toView(bytes, length) : null
}

const capturedL1Length = ({ l1Entries }: Layout): number => (l1Entries * 8 <= L1_LIMIT ? l1Entries * 8 : 0)
const capturedRefcountsLength = ({ refcountsLength }: Layout): number => Math.min(refcountsLength, REFCOUNTS_LIMIT)

/** In bytes: the fixed part of a snapshot entry, before its extra data, ID and name. */
const SNAPSHOT = 40

/** The end of the snapshot table as an offset in bytes, as far as the table was captured. Its entries differ in length, and each begins at a multiple of 8. */
const findSnapshotsEnd = ({ snapshots, snapshotCount }: Layout, { part }: CapturedBytes): number => {
  const kept = part(SNAPSHOTS) ?? new Uint8Array()
  const view = toView(kept, kept.length)
  let at = 0
  for (let index = 0; index < snapshotCount; index++) {
    at = Math.ceil(at / 8) * 8
    // The entry has at least its fixed part.
    if (at + SNAPSHOT > kept.length)
      return kept.length < SNAPSHOTS_LIMIT ? snapshots + at + SNAPSHOT : snapshots + kept.length
    at += SNAPSHOT + view.getUint32(at + 36) + view.getUint16(at + 12) + view.getUint16(at + 14)
  }
  return snapshotCount === 0 ? 0 : snapshots + at
}

/** The offsets in a table; 0: the entry points to nothing. */
const parseEntries = (view: DataView | null): readonly number[] =>
  view === null
    ? []
    : Array.from({ length: view.byteLength / 8 }, (_, index) =>
        wide(view.getUint32(index * 8) & HIGH_OFFSET, (view.getUint32(index * 8 + 4) & LOW_OFFSET) >>> 0),
      )

/** The last cluster counts only up to the end of the disk: the file may end there. */
const l2Tables = (layout: Layout, l1: readonly number[]): TableGroup => {
  const { version, cluster, clusterBits, size } = layout
  const entries = cluster / 8
  const lastTable = Math.ceil(size / cluster / entries) - 1
  const lastStart = l1[lastTable] ?? 0
  const sectorBits = 62 - (clusterBits - 8) - 32
  const inLastTable = size - (size % SECTOR) - lastTable * entries * cluster
  return {
    name: L2,
    starts: () => sortOffsets(l1),
    length: cluster,
    width: 8,
    entryEnd: (view, at, entry, start) => {
      const [high, low] = [view.getUint32(at), view.getUint32(at + 4)]
      if ((high & COMPRESSED) !== 0) {
        const sectors = (high & 0x3fff_ffff) >>> sectorBits
        // The compressed data ends somewhere in its last sector.
        return wide(high & (2 ** sectorBits - 1), (low & LOW_OFFSET) >>> 0) + sectors * SECTOR + 1
      }
      const offset = wide(high & HIGH_OFFSET, (low & LOW_OFFSET) >>> 0)
      if (offset === 0) return 0
      // A preallocated cluster that reads as zeros need not be in the file.
      if (version === 3 && (low & ALL_ZEROS) !== 0) return offset + 1
      const left = start === lastStart ? inLastTable - entry * cluster : cluster
      return left <= 0 ? 0 : offset + Math.min(cluster, left)
    },
  }
}

/** The last refcount block: it gives the last cluster that is in use. */
const refcountBlock = ({ cluster, refcountBits }: Layout, blocks: readonly number[]): TableGroup => {
  const last = blocks.findLastIndex((offset) => offset > 0)
  const first = last * ((cluster * 8) / refcountBits)
  return {
    name: LAST_REFCOUNTS,
    starts: () => sortOffsets([blocks[last] ?? 0]),
    length: cluster,
    width: 8,
    entryEnd: (view, at, entry) => {
      for (let byte = 7; byte >= 0; byte--) {
        const value = view.getUint8(at + byte)
        if (value === 0) continue
        const within = refcountBits < 8 ? Math.floor((31 - Math.clz32(value)) / refcountBits) : 0
        return (first + Math.floor((entry * 64 + byte * 8) / refcountBits) + within) * cluster + 1
      }
      return 0
    },
  }
}

export const requestQcow2Parts = (captured: CapturedBytes): readonly PartRequest[] => {
  const layout = parseLayout(captured)
  if (layout === null) return []
  return [
    { name: L1, start: layout.l1, length: capturedL1Length(layout) },
    { name: REFCOUNTS, start: layout.refcounts, length: capturedRefcountsLength(layout) },
    { name: SNAPSHOTS, start: layout.snapshots, length: layout.snapshotCount === 0 ? 0 : SNAPSHOTS_LIMIT },
  ].filter(({ start, length }) => start > 0 && length > 0)
}

export const requestQcow2Tables = (captured: CapturedBytes): readonly TableGroup[] => {
  const layout = parseLayout(captured)
  if (layout === null) return []
  const l1 = capturedL1Length(layout) === 0 ? null : completePart(captured, L1, capturedL1Length(layout))
  const blocks = parseEntries(completePart(captured, REFCOUNTS, capturedRefcountsLength(layout)))
  return [
    ...(l1 === null ? [] : [l2Tables(layout, parseEntries(l1))]),
    ...(blocks.some((offset) => offset > 0) ? [refcountBlock(layout, blocks)] : []),
  ]
}

/** The end of all that the tables point to as an offset in bytes, as far as they could be followed. 0: they point to nothing. */
export const findQcow2End = (captured: CapturedBytes): number => {
  const layout = parseLayout(captured)
  if (layout === null) return 0
  const { cluster, l1, l1Entries, refcounts, refcountsLength, hasMore } = layout
  const l2 = parseEntries(completePart(captured, L1, capturedL1Length(layout)))
  const data = captured.extent(L2)
  const blocks = parseEntries(completePart(captured, REFCOUNTS, capturedRefcountsLength(layout)))
  // After a crash, refcounts can count clusters that were never written, so they are used only where the tables could not be followed.
  const isFollowed = l1Entries === 0 || (data?.isComplete === true && !hasMore)
  const counted = isFollowed ? 0 : (captured.extent(LAST_REFCOUNTS)?.end ?? 0)
  const ends = [...l2, ...blocks].map((offset) => (offset === 0 ? 0 : offset + cluster))
  return [
    l1 === 0 ? 0 : l1 + l1Entries * 8,
    refcounts === 0 ? 0 : refcounts + refcountsLength,
    data?.end ?? 0,
    counted,
    findSnapshotsEnd(layout, captured),
    ...ends,
  ].reduce((largest, end) => Math.max(largest, end), 0)
}
