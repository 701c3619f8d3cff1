import { viewOf } from './fields.ts'
import type { Seen, Wish } from './format.ts'
import { ascending, type Tables } from './table-scan.ts'

const L1 = 'qcow2 L1 table'
const L2 = 'qcow2 L2 tables'
const REFCOUNTS = 'qcow2 refcount table'
const SNAPSHOTS = 'qcow2 snapshot table'
const LAST_REFCOUNTS = 'qcow2 last refcount block'

/** In bytes: as much of a table as is kept. Of 64 KiB clusters, an L1 table of that length is a disk of 8 TiB. */
const KEPT = 131_072
const SECTOR = 512
/** Not kept in L1 and L2 entries: flags. */
const HIGH_OFFSET = 0x00ff_ffff
const LOW_OFFSET = 0xffff_fe00
const COMPRESSED = 0x4000_0000
const ALL_ZEROS = 1

interface Layout {
  readonly version: number
  /** Bytes. */
  readonly cluster: number
  readonly clusterBits: number
  readonly size: number
  readonly l1: number
  readonly l1Entries: number
  readonly refcounts: number
  /** Bytes. */
  readonly refcountsLength: number
  /** Bits of a refcount. */
  readonly refcountBits: number
  /** There may be clusters that the active tables do not lead to: of snapshots, bitmaps, an encryption header. */
  readonly hasMore: boolean
  readonly snapshots: number
  readonly snapshotCount: number
}

const wide = (high: number, low: number): number => high * 2 ** 32 + low
const u64 = (view: DataView, at: number): number => wide(view.getUint32(at), view.getUint32(at + 4))

/** `null` where the header makes no sense, or its data is in another file. Places are of QEMU's docs/interop/qcow2.txt. */
const layoutOf = ({ head }: Seen): Layout | null => {
  const header = viewOf(head, 512)
  const version = header.getUint32(4)
  const clusterBits = header.getUint32(20)
  if ((version !== 2 && version !== 3) || clusterBits < 9 || clusterBits > 21) return null
  const cluster = 2 ** clusterBits
  const isLater = version === 3
  // External data, extended L2 entries: refused anyhow.
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

const part = ({ part }: Seen, name: string, length: number): DataView | null => {
  const bytes = part(name)
  return bytes?.length === length ? viewOf(bytes, length) : null
}

const keptL1 = ({ l1Entries }: Layout): number => (l1Entries * 8 <= KEPT ? l1Entries * 8 : 0)
const keptRefcounts = ({ refcountsLength }: Layout): number => Math.min(refcountsLength, KEPT / 2)

/** Of each, in bytes: what stands before its extra data, its id and its name. */
const SNAPSHOT = 40
/** As much of them as is kept. */
const KEPT_SNAPSHOTS = 65_536

/** The first byte behind the snapshot table, as far as it was kept: its entries are of different lengths, and each begins at a multiple of 8. */
const snapshotsEnd = ({ snapshots, snapshotCount }: Layout, { part }: Seen): number => {
  const kept = part(SNAPSHOTS) ?? new Uint8Array()
  const view = viewOf(kept, kept.length)
  let at = 0
  for (let index = 0; index < snapshotCount; index++) {
    at = Math.ceil(at / 8) * 8
    // It is at least as long as what must be there.
    if (at + SNAPSHOT > kept.length) return kept.length < KEPT_SNAPSHOTS ? snapshots + at + SNAPSHOT : snapshots + kept.length
    at += SNAPSHOT + view.getUint32(at + 36) + view.getUint16(at + 12) + view.getUint16(at + 14)
  }
  return snapshotCount === 0 ? 0 : snapshots + at
}

/** Where tables are that a table names; 0: there is none. */
const entriesOf = (view: DataView | null): readonly number[] => (view === null ? [] : Array.from({ length: view.byteLength / 8 }, (_, index) => wide(view.getUint32(index * 8) & HIGH_OFFSET, (view.getUint32(index * 8 + 4) & LOW_OFFSET) >>> 0)))

/** The data of a cluster, as far as it is of the disk: what is behind its end need not be there. */
const l2Tables = (layout: Layout, l1: readonly number[]): Tables => {
  const { version, cluster, clusterBits, size } = layout
  const entries = cluster / 8
  const lastTable = Math.ceil(size / cluster / entries) - 1
  const lastStart = l1[lastTable] ?? 0
  const sectorBits = 62 - (clusterBits - 8) - 32
  const inLastTable = size - (size % SECTOR) - lastTable * entries * cluster
  return {
    name: L2,
    starts: () => ascending(l1),
    length: cluster,
    width: 8,
    reach: (view, at, entry, start) => {
      const [high, low] = [view.getUint32(at), view.getUint32(at + 4)]
      if ((high & COMPRESSED) !== 0) {
        const sectors = (high & 0x3fff_ffff) >>> sectorBits
        // It ends somewhere in its last sector.
        return wide(high & (2 ** sectorBits - 1), (low & LOW_OFFSET) >>> 0) + sectors * SECTOR + 1
      }
      const place = wide(high & HIGH_OFFSET, (low & LOW_OFFSET) >>> 0)
      if (place === 0) return 0
      // Kept free for what will be written there: nothing is read from it.
      if (version === 3 && (low & ALL_ZEROS) !== 0) return place + 1
      const left = start === lastStart ? inLastTable - entry * cluster : cluster
      return left <= 0 ? 0 : place + Math.min(cluster, left)
    },
  }
}

/** The last cluster that is counted as used. */
const refcountBlock = ({ cluster, refcountBits }: Layout, blocks: readonly number[]): Tables => {
  const last = blocks.findLastIndex((place) => place > 0)
  const first = last * ((cluster * 8) / refcountBits)
  return {
    name: LAST_REFCOUNTS,
    starts: () => ascending([blocks[last] ?? 0]),
    length: cluster,
    width: 8,
    reach: (view, at, entry) => {
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

export const qcow2Wishes = (seen: Seen): readonly Wish[] => {
  const layout = layoutOf(seen)
  if (layout === null) return []
  return [
    { name: L1, start: layout.l1, length: keptL1(layout) },
    { name: REFCOUNTS, start: layout.refcounts, length: keptRefcounts(layout) },
    { name: SNAPSHOTS, start: layout.snapshots, length: layout.snapshotCount === 0 ? 0 : KEPT_SNAPSHOTS },
  ].filter(({ start, length }) => start > 0 && length > 0)
}

export const qcow2Tables = (seen: Seen): readonly Tables[] => {
  const layout = layoutOf(seen)
  if (layout === null) return []
  const l1 = keptL1(layout) === 0 ? null : part(seen, L1, keptL1(layout))
  const blocks = entriesOf(part(seen, REFCOUNTS, keptRefcounts(layout)))
  return [...(l1 === null ? [] : [l2Tables(layout, entriesOf(l1))]), ...(blocks.some((place) => place > 0) ? [refcountBlock(layout, blocks)] : [])]
}

/** The first byte behind all that its tables lead to, as far as they could be followed. 0: they lead nowhere. */
export const qcow2End = (seen: Seen): number => {
  const layout = layoutOf(seen)
  if (layout === null) return 0
  const { cluster, l1, l1Entries, refcounts, refcountsLength, hasMore } = layout
  const l2 = entriesOf(part(seen, L1, keptL1(layout)))
  const data = seen.reached(L2)
  const blocks = entriesOf(part(seen, REFCOUNTS, keptRefcounts(layout)))
  // A crash can leave clusters counted that nothing leads to, and that were never written: counts are asked only where the tables could not be followed.
  const isFollowed = l1Entries === 0 || (data?.isWhole === true && !hasMore)
  const counted = isFollowed ? 0 : (seen.reached(LAST_REFCOUNTS)?.reach ?? 0)
  const ends = [...l2, ...blocks].map((place) => (place === 0 ? 0 : place + cluster))
  return [l1 === 0 ? 0 : l1 + l1Entries * 8, refcounts === 0 ? 0 : refcounts + refcountsLength, data?.reach ?? 0, counted, snapshotsEnd(layout, seen), ...ends].reduce((most, end) => Math.max(most, end), 0)
}
