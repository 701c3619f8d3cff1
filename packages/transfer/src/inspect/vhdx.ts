import { hasAt, latin1, viewOf } from './fields.ts'
import { sizeFinding, type Format, type Seen, type Wish } from './format.ts'

const KIB = 1024
const TABLE_LENGTH = 64 * KIB
const REGION_TABLE: Wish = { name: 'vhdx region table', start: 192 * KIB, length: TABLE_LENGTH }
const METADATA = 'vhdx metadata'
const SIZE = 'vhdx size'
const ENTRY_LENGTH = 32
const MOST_ENTRIES = 2047

/** As it stands in the file: the first three groups of a GUID are little-endian. */
const guid = (text: string): string => {
  const [a = '', b = '', c = '', ...rest] = text.split('-')
  return [a, b, c].map((group) => latin1(Buffer.from(group, 'hex').reverse())).join('') + latin1(Buffer.from(rest.join(''), 'hex'))
}

const METADATA_REGION = guid('8B7CA206-4790-4B9A-B8FE-575F050F886E')
const DISK_SIZE_ITEM = guid('2FA54224-CD1B-4876-B211-5DBED83BF4B8')

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

const sizeStep = (metadata: Uint8Array, start: number): Step => {
  if (!hasAt(metadata, 0, 'metadata')) return { wrong: 'its metadata has no signature' }
  const count = viewOf(metadata, TABLE_LENGTH).getUint16(10, true)
  if (count > MOST_ENTRIES) return { wrong: `its metadata has ${count} entries; ${MOST_ENTRIES} is the most` }
  const entry = entryOf(metadata, 32, count, DISK_SIZE_ITEM)
  if (entry === null) return { wrong: 'its metadata does not tell the size of the disk' }
  const offset = entry.getUint32(16, true)
  const length = entry.getUint32(20, true)
  if (offset < TABLE_LENGTH || length !== 8) return { wrong: `its metadata tells the size of the disk in ${length} bytes at ${offset}; it takes 8, behind the first 65536` }
  return { wish: { name: SIZE, start: start + offset, length: 8 } }
}

/** How far the tables lead: each names where the next is. */
const follow = (seen: Seen): readonly Step[] => {
  const table = seen.part(REGION_TABLE.name)
  if (table?.length !== TABLE_LENGTH) return [{ wish: REGION_TABLE }]
  const toMetadata = metadataStep(table)
  const metadata = seen.part(METADATA)
  if (!('wish' in toMetadata) || metadata?.length !== TABLE_LENGTH) return [{ wish: REGION_TABLE }, toMetadata]
  return [{ wish: REGION_TABLE }, toMetadata, sizeStep(metadata, toMetadata.wish.start)]
}

/**
 * Hyper-V's disks: a table of regions at 192 KiB tells where the metadata is, and its table where the size of the disk is ([MS-VHDX]).
 * A region behind the place that the stream has reached is found; one before it is not, and the image is refused.
 */
export const vhdx: Format = {
  format: 'vhdx',
  isMatch: ({ head }) => hasAt(head, 0, 'vhdxfile'),
  wishes: (seen) => follow(seen).flatMap((step) => ('wish' in step ? [step.wish] : [])),
  read: (seen) => {
    const last = follow(seen).at(-1)
    if (last !== undefined && 'wrong' in last) return { virtualSize: null, failures: [{ check: 'metadata', what: last.wrong }] }
    const size = seen.part(SIZE)
    if (size?.length === 8) return sizeFinding(viewOf(size, 8).getBigUint64(0, true), [])
    const missing = last === undefined ? REGION_TABLE : last.wish
    return {
      virtualSize: null,
      failures: [missing.start + missing.length > seen.length ? { check: 'truncated', what: `the image ends after ${seen.length} bytes, before its metadata` } : { check: 'metadata', what: 'its tables lead backwards' }],
    }
  },
}
