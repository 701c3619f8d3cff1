import { hasAt, latin1, untilZero } from './fields.ts'
import { cutShort, failIf, sizeFinding, type Finding, type Format, type Seen } from './format.ts'
import { DESCRIPTOR_LIMIT, descriptorFailures, hasType, isTextAtFirst, isWhole, parentFailures, PROBED, startsAsDescriptor } from './vmdk-descriptor.ts'
import { footerFailures, sparseHeaderOf } from './vmdk-footer.ts'
import { grainEnd, grainTables, grainWishes } from './vmdk-grains.ts'

const SECTOR = 512
const EMBEDDED = 'vmdk descriptor'
const TEXT = 'vmdk text'
/** QEMU looks for a parent in that many bytes, however long the descriptor is said to be. */
const PARENT_SEARCH = 20 * SECTOR
/** As oslo.utils and QEMU, however much room the header tells of. */
const DESCRIPTOR_ROOM = 1_048_575
const HEADER_LENGTH = 64

const isSparse = ({ head }: Seen): boolean => hasAt(head, 0, 'KDMV')
/** ESX's older extents. QEMU opens them and reads a descriptor as of the newer; nobody checks them. */
const isOldExtent = ({ head }: Seen): boolean => hasAt(head, 0, 'COWD')

/** A file of text alone; `null`: there is no descriptor in it. */
const textOf = ({ part, head }: Seen): string | null => {
  const first = latin1(head.subarray(0, PROBED))
  const text = latin1(untilZero(part(TEXT) ?? head))
  return startsAsDescriptor(first) || (isTextAtFirst(first) && hasType(text)) ? text : null
}

const readSparse = (seen: Seen): Finding => {
  const header = sparseHeaderOf(seen.head)
  const kept = seen.part(EMBEDDED) ?? new Uint8Array()
  const reserved = Math.min(Number(header.descriptorSectors) * SECTOR, DESCRIPTOR_ROOM)
  const isMissing = seen.length < HEADER_LENGTH || ![1, 2, 3].includes(header.version) || header.descriptorSector !== 1n || reserved === 0 || seen.length < SECTOR + reserved
  const descriptor = latin1(untilZero(kept.subarray(0, Math.min(reserved, DESCRIPTOR_LIMIT + 1))))
  const failures = isMissing ? [{ check: 'descriptor', what: 'there is no descriptor where it has to be, in its second sector' }] : descriptorFailures(descriptor)
  // QEMU takes a header without sectors for a descriptor alone, and opens the extents that it names.
  const empty = failIf(!isMissing && header.sectors === 0n, 'descriptor', 'its header tells of no sectors: its data is in other files')
  const all = [...failures, ...empty, ...parentFailures(latin1(untilZero(kept))), ...footerFailures(header, seen.tail)]
  return !isMissing && isWhole(descriptor) ? sizeFinding(header.sectors * BigInt(SECTOR), all, () => cutShort(seen, grainEnd(seen))) : { virtualSize: null, failures: all }
}

/** A descriptor alone: the disk is in the files that it names. */
const readText = (text: string): Finding => {
  const wrong = descriptorFailures(text)
  return { virtualSize: null, failures: [...wrong, ...failIf(wrong.length === 0, 'descriptor', 'it is a descriptor alone, whose data is in other files'), ...parentFailures(text)] }
}

/** VMware's disks. */
export const vmdk: Format = {
  format: 'vmdk',
  isMatch: (seen) => isSparse(seen) || isOldExtent(seen) || textOf(seen) !== null,
  wishes: (seen) => {
    if (isSparse(seen)) return [{ name: EMBEDDED, start: SECTOR, length: Math.max(PARENT_SEARCH, DESCRIPTOR_LIMIT + 1) }, ...grainWishes(seen)]
    return isTextAtFirst(latin1(seen.head.subarray(0, PROBED))) ? [{ name: TEXT, start: 0, length: DESCRIPTOR_LIMIT + 1 }] : []
  },
  tables: (seen) => (isSparse(seen) ? grainTables(seen) : []),
  read: (seen) => {
    if (isSparse(seen)) return readSparse(seen)
    return isOldExtent(seen) ? { virtualSize: null, failures: [{ check: 'descriptor', what: 'it is an extent of ESX, which cannot be checked' }] } : readText(textOf(seen) ?? '')
  },
}
