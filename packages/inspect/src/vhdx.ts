import { hasAt, latin1, viewOf } from './fields.ts'
import { cutShort, failIf, sizeFinding, type Format, type Seen, type Wish } from './format.ts'
import type { CheckFailure } from './inspection.ts'
import type { Tables } from './table-scan.ts'

const KIB = 1024
const TABLE_LENGTH = 64 * KIB
const REGION_TABLE: Wish = { name: 'vhdx region table', start: 192 * KIB, length: TABLE_LENGTH }
const METADATA = 'vhdx metadata'
const SIZE = 'vhdx size'
const PARAMETERS = 'vhdx parameters'
const HAS_PARENT = 2
const ENTRY_LENGTH = 32
const MOST_ENTRIES = 2047

/** As it stands in the file: the first three groups of a GUID are little-endian. */
const guid = (text: string): string => {
  const [a = '', b = '', c = '', ...rest] = text.split('-')
  return [a, b, c].map((group) => latin1(Buffer.from(group, 'hex').toReversed())).join('') + latin1(Buffer.from(rest.join(''), 'hex'))
}

const TABLE = 'vhdx block allocation table'
/** Of a block's state: its data is there, wholly or in part. */
const PRESENT = 6
/** Places are in mebibytes, in the upper 44 bits of an entry. */
const LOW_PLACE = 0xfff0_0000

const TABLE_REGION = guid('2DC27766-F623-4200-9D64-115E9BFD4A08')
const METADATA_REGION = guid('8B7CA206-4790-4B9A-B8FE-575F050F886E')
const DISK_SIZE_ITEM = guid('2FA54224-CD1B-4876-B211-5DBED83BF4B8')
const PARAMETERS_ITEM = guid('CAA16737-FA36-4D43-B3B6-33F0AA44E76B')

/** The table's entry with this GUID, as a view of its 32 bytes. */
const entryOf = (table: Uint8Array, first: number, count: number, wanted: string): DataView | null => {
  for (let index = 0; index < Math.min(count, MOST_ENTRIES); index++) {
    const entry = table.subarray(first + index * ENTRY_LENGTH, first + (index + 1) * ENTRY_LENGTH)
    if (entry.length === ENTRY_LENGTH && hasAt(entry, 0, wanted)) return viewOf(entry, ENTRY_LENGTH)
  }
  return null
}

type Step = { readonly wish: Wish } | { readonly wrong: string }

const metadataStep = (table: Uint8Array): Step => {
  if (!hasAt(table, 0, 'regi')) return { wrong: 'its region table has no signature' }
  const count = viewOf(table, TABLE_LENGTH).getUint32(8, true)
  if (count > MOST_ENTRIES) return { wrong: `its region table has ${count} entries; ${MOST_ENTRIES} is the most` }
  const entry = entryOf(table, 16, count, METADATA_REGION)
  if (entry === null) return { wrong: 'its region table names no metadata' }
  return { wish: { name: METADATA, start: Number(entry.getBigUint64(16, true)), length: TABLE_LENGTH } }
}

/** An item of eight bytes, in the region that starts at `start`. */
const itemStep = (metadata: Uint8Array, start: number, item: string, name: string, meaning: string): Step => {
  if (!hasAt(metadata, 0, 'metadata')) return { wrong: 'its metadata has no signature' }
  const count = viewOf(metadata, TABLE_LENGTH).getUint16(10, true)
  if (count > MOST_ENTRIES) return { wrong: `its metadata has ${count} entries; ${MOST_ENTRIES} is the most` }
  const entry = entryOf(metadata, 32, count, item)
  if (entry === null) return { wrong: `its metadata does not tell ${meaning}` }
  const offset = entry.getUint32(16, true)
  const length = entry.getUint32(20, true)
  if (offset < TABLE_LENGTH || length !== 8) return { wrong: `its metadata tells ${meaning} in ${length} bytes at ${offset}; it takes 8, behind the first 65536` }
  return { wish: { name, start: start + offset, length: 8 } }
}

const isVhdx = ({ head }: Seen): boolean => hasAt(head, 0, 'vhdxfile')

/** How far the tables lead: each names where the next is. */
const follow = (seen: Seen): readonly Step[] => {
  const table = seen.part(REGION_TABLE.name)
  if (table?.length !== TABLE_LENGTH) return [{ wish: REGION_TABLE }]
  const toMetadata = metadataStep(table)
  const metadata = seen.part(METADATA)
  if (!('wish' in toMetadata) || metadata?.length !== TABLE_LENGTH) return [{ wish: REGION_TABLE }, toMetadata]
  const { start } = toMetadata.wish
  return [{ wish: REGION_TABLE }, toMetadata, itemStep(metadata, start, PARAMETERS_ITEM, PARAMETERS, 'the parameters of the file'), itemStep(metadata, start, DISK_SIZE_ITEM, SIZE, 'the size of the disk')]
}

interface Region {
  readonly start: number
  readonly length: number
}

/** The regions that the table names. */
const regionsOf = (seen: Seen): readonly (Region & { readonly entry: Uint8Array })[] => {
  const table = seen.part(REGION_TABLE.name)
  if (table?.length !== TABLE_LENGTH || !hasAt(table, 0, 'regi')) return []
  const count = Math.min(viewOf(table, TABLE_LENGTH).getUint32(8, true), MOST_ENTRIES)
  return Array.from({ length: count }, (_, index) => {
    const entry = table.subarray(16 + index * ENTRY_LENGTH, 16 + (index + 1) * ENTRY_LENGTH)
    const view = viewOf(entry, ENTRY_LENGTH)
    return { entry, start: Number(view.getBigUint64(16, true)), length: view.getUint32(24, true) }
  })
}

const blockTable = (seen: Seen): readonly Tables[] => {
  const region = regionsOf(seen).find(({ entry }) => hasAt(entry, 0, TABLE_REGION))
  if (region === undefined || region.start === 0 || !Number.isSafeInteger(region.start)) return []
  const reach: Tables['reach'] = (view, at) => {
    const low = view.getUint32(at, true)
    return (low & 7) < PRESENT ? 0 : view.getUint32(at + 4, true) * 2 ** 32 + ((low & LOW_PLACE) >>> 0)
  }
  return [{ name: TABLE, starts: () => Float64Array.of(region.start), length: region.length - (region.length % 8), width: 8, reach }]
}

/** The first byte behind the regions, and the blocks that the table leads to. */
const endOf = (seen: Seen, blockSize: number): number => {
  const farthest = seen.reached(TABLE)?.reach ?? 0
  return regionsOf(seen).reduce((most, { start, length }) => Math.max(most, start + length), farthest === 0 ? 0 : farthest + blockSize)
}

const missingFailure = ({ length }: Seen, wish: Wish): CheckFailure =>
  wish.start + wish.length > length ? { check: 'truncated', what: `the image ends after ${length} bytes, before its metadata` } : { check: 'metadata', what: 'its tables lead backwards' }

/**
 * Hyper-V's disks: a table of regions at 192 KiB tells where the metadata is, and its table where the parameters of the file and the size of the disk are ([MS-VHDX]).
 * A region behind the place that the stream has reached is found; one before it is not, and the image is refused.
 */
export const vhdx: Format = {
  format: 'vhdx',
  isMatch: isVhdx,
  wishes: (seen) => (isVhdx(seen) ? follow(seen).flatMap((step) => ('wish' in step ? [step.wish] : [])) : []),
  tables: (seen) => (isVhdx(seen) ? blockTable(seen) : []),
  read: (seen) => {
    const steps = follow(seen)
    const wrong = steps.flatMap((step) => ('wrong' in step ? [step.wrong] : []))
    const missing = steps.flatMap((step) => ('wish' in step ? [step.wish] : [])).find(({ name, length }) => seen.part(name)?.length !== length)
    if (wrong.length > 0) return { virtualSize: null, failures: [...new Set(wrong)].map((what) => ({ check: 'metadata', what })) }
    if (missing !== undefined) return { virtualSize: null, failures: [missingFailure(seen, missing)] }
    const parameters = viewOf(seen.part(PARAMETERS) ?? new Uint8Array(), 8)
    const flags = parameters.getUint32(4, true)
    const parent = failIf((flags & HAS_PARENT) !== 0, 'backing_file', 'it is a differencing disk: most of its data is in another file')
    return sizeFinding(viewOf(seen.part(SIZE) ?? new Uint8Array(), 8).getBigUint64(0, true), parent, () => cutShort(seen, endOf(seen, parameters.getUint32(0, true))))
  },
}
