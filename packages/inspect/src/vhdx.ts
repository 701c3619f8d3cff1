import { hasText, toLatin1, toView } from './fields.ts'
import { checkEnd, findingIf, reportSize, type Format, type CapturedBytes, type PartRequest } from './format.ts'
import type { Finding } from './inspection.ts'
import type { TableGroup } from './table-scan.ts'

const SOURCE = '[MS-VHDX]'
const KIB = 1024
const TABLE_LENGTH = 64 * KIB
const REGION_TABLE: PartRequest = { name: 'vhdx region table', start: 192 * KIB, length: TABLE_LENGTH }
const METADATA = 'vhdx metadata'
const SIZE = 'vhdx size'
const PARAMETERS = 'vhdx parameters'
const HAS_PARENT = 2
const ENTRY_LENGTH = 32
const MAX_ENTRIES = 2047

/** A GUID as it stands in the file: its first three groups are little-endian. */
const guid = (text: string): string => {
  const [a = '', b = '', c = '', ...rest] = text.split('-')
  return (
    [a, b, c].map((group) => toLatin1(Buffer.from(group, 'hex').toReversed())).join('') +
    toLatin1(Buffer.from(rest.join(''), 'hex'))
  )
}

const TABLE = 'vhdx block allocation table'
/** The lowest block state with data in the file: fully present, then partially present (2.5.1.1). */
const PRESENT = 6
/** The upper 44 bits of an entry are the offset in MiB. */
const LOW_OFFSET = 0xfff0_0000

const TABLE_REGION = guid('2DC27766-F623-4200-9D64-115E9BFD4A08')
const METADATA_REGION = guid('8B7CA206-4790-4B9A-B8FE-575F050F886E')
const DISK_SIZE_ITEM = guid('2FA54224-CD1B-4876-B211-5DBED83BF4B8')
const PARAMETERS_ITEM = guid('CAA16737-FA36-4D43-B3B6-33F0AA44E76B')

/** The entry of a table with this GUID, as a view of its 32 bytes. */
const findEntry = (table: Uint8Array, first: number, count: number, wanted: string): DataView | null => {
  for (let index = 0; index < Math.min(count, MAX_ENTRIES); index++) {
    const entry = table.subarray(first + index * ENTRY_LENGTH, first + (index + 1) * ENTRY_LENGTH)
    if (entry.length === ENTRY_LENGTH && hasText(entry, 0, wanted)) return toView(entry, ENTRY_LENGTH)
  }
  return null
}

/** The part to request next, or why there is none. */
type Step = { readonly request: PartRequest } | { readonly problem: string }

const metadataStep = (table: Uint8Array): Step => {
  if (!hasText(table, 0, 'regi')) return { problem: 'its region table has no signature' }
  const count = toView(table, TABLE_LENGTH).getUint32(8, true)
  if (count > MAX_ENTRIES)
    return { problem: `its region table has ${count} entries, and at most ${MAX_ENTRIES} are allowed` }
  const entry = findEntry(table, 16, count, METADATA_REGION)
  if (entry === null) return { problem: 'its region table has no metadata region' }
  return { request: { name: METADATA, start: Number(entry.getBigUint64(16, true)), length: TABLE_LENGTH } }
}

/** An item of 8 bytes in the region that starts at `start`. */
const itemStep = (metadata: Uint8Array, start: number, item: string, name: string, meaning: string): Step => {
  if (!hasText(metadata, 0, 'metadata')) return { problem: 'its metadata has no signature' }
  const count = toView(metadata, TABLE_LENGTH).getUint16(10, true)
  if (count > MAX_ENTRIES)
    return { problem: `its metadata has ${count} entries, and at most ${MAX_ENTRIES} are allowed` }
  const entry = findEntry(metadata, 32, count, item)
  if (entry === null) return { problem: `its metadata lacks ${meaning}` }
  const offset = entry.getUint32(16, true)
  const length = entry.getUint32(20, true)
  if (offset < TABLE_LENGTH || length !== 8)
    return {
      problem: `its metadata has ${meaning} in ${length} bytes at offset ${offset}, and it must be 8 bytes at offset 65536 or later`,
    }
  return { request: { name, start: start + offset, length: 8 } }
}

const isVhdx = ({ head }: CapturedBytes): boolean => hasText(head, 0, 'vhdxfile')

/** The steps from table to table, as far as the tables were captured: each names the offset of the next. */
const findSteps = (captured: CapturedBytes): readonly Step[] => {
  const table = captured.part(REGION_TABLE.name)
  if (table?.length !== TABLE_LENGTH) return [{ request: REGION_TABLE }]
  const toMetadata = metadataStep(table)
  const metadata = captured.part(METADATA)
  if (!('request' in toMetadata) || metadata?.length !== TABLE_LENGTH) return [{ request: REGION_TABLE }, toMetadata]
  const { start } = toMetadata.request
  return [
    { request: REGION_TABLE },
    toMetadata,
    itemStep(metadata, start, PARAMETERS_ITEM, PARAMETERS, 'the file parameters'),
    itemStep(metadata, start, DISK_SIZE_ITEM, SIZE, 'the disk size'),
  ]
}

interface Region {
  readonly start: number
  readonly length: number
}

/** The regions in the region table. */
const parseRegions = (captured: CapturedBytes): readonly (Region & { readonly entry: Uint8Array })[] => {
  const table = captured.part(REGION_TABLE.name)
  if (table?.length !== TABLE_LENGTH || !hasText(table, 0, 'regi')) return []
  const count = Math.min(toView(table, TABLE_LENGTH).getUint32(8, true), MAX_ENTRIES)
  return Array.from({ length: count }, (_, index) => {
    const entry = table.subarray(16 + index * ENTRY_LENGTH, 16 + (index + 1) * ENTRY_LENGTH)
    const view = toView(entry, ENTRY_LENGTH)
    return { entry, start: Number(view.getBigUint64(16, true)), length: view.getUint32(24, true) }
  })
}

const requestBlockTable = (captured: CapturedBytes): readonly TableGroup[] => {
  const region = parseRegions(captured).find(({ entry }) => hasText(entry, 0, TABLE_REGION))
  if (region === undefined || region.start === 0 || !Number.isSafeInteger(region.start)) return []
  const entryEnd: TableGroup['entryEnd'] = (view, at) => {
    const low = view.getUint32(at, true)
    return (low & 7) < PRESENT ? 0 : view.getUint32(at + 4, true) * 2 ** 32 + ((low & LOW_OFFSET) >>> 0)
  }
  return [
    {
      name: TABLE,
      starts: () => Float64Array.of(region.start),
      length: region.length - (region.length % 8),
      width: 8,
      entryEnd,
    },
  ]
}

/** The end of the regions, and of the blocks that the table points to, as an offset in bytes. */
const findEnd = (captured: CapturedBytes, blockSize: number): number => {
  const farthest = captured.extent(TABLE)?.end ?? 0
  return parseRegions(captured).reduce(
    (largest, { start, length }) => Math.max(largest, start + length),
    farthest === 0 ? 0 : farthest + blockSize,
  )
}

const toMissingFinding = ({ length }: CapturedBytes, request: PartRequest): Finding =>
  request.start + request.length > length
    ? { check: 'truncated', what: `the image ends after ${length} bytes, before its metadata`, source: SOURCE }
    : { check: 'metadata', what: 'its tables point backwards', source: SOURCE }

/**
 * Hyper-V's disks, by [MS-VHDX]: the region table at 192 KiB has the offset of the metadata, and the metadata table those of the file parameters and the disk size.
 * In a stream, a region that has passed before it is known of cannot be read; such an image fails the check `metadata`.
 */
export const vhdx: Format = {
  format: 'vhdx',
  isMatch: isVhdx,
  requestParts: (captured) =>
    isVhdx(captured) ? findSteps(captured).flatMap((step) => ('request' in step ? [step.request] : [])) : [],
  requestTables: (captured) => (isVhdx(captured) ? requestBlockTable(captured) : []),
  read: (captured) => {
    const steps = findSteps(captured)
    const problems = steps.flatMap((step) => ('problem' in step ? [step.problem] : []))
    const missing = steps
      .flatMap((step) => ('request' in step ? [step.request] : []))
      .find(({ name, length }) => captured.part(name)?.length !== length)
    if (problems.length > 0)
      return {
        virtualSize: null,
        failures: [...new Set(problems)].map((what) => ({ check: 'metadata', what, source: SOURCE })),
      }
    if (missing !== undefined) return { virtualSize: null, failures: [toMissingFinding(captured, missing)] }
    const parameters = toView(captured.part(PARAMETERS) ?? new Uint8Array(), 8)
    const flags = parameters.getUint32(4, true)
    const parent = findingIf(
      (flags & HAS_PARENT) !== 0,
      'backing_file',
      'it is a differencing disk: the rest of its data is in another file',
      SOURCE,
    )
    return reportSize(toView(captured.part(SIZE) ?? new Uint8Array(), 8).getBigUint64(0, true), SOURCE, parent, () =>
      checkEnd(captured, findEnd(captured, parameters.getUint32(0, true)), SOURCE),
    )
  },
}
