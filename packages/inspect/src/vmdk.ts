import { hasText, toLatin1, beforeZero } from './fields.ts'
import { checkEnd, findingIf, reportSize, type FormatReport, type Format, type CapturedBytes } from './format.ts'
import {
  DESCRIPTOR_LIMIT,
  descriptorFailures,
  hasType,
  isTextAtFirst,
  isSingleFile,
  parentFailures,
  PROBED,
  startsAsDescriptor,
} from './vmdk-descriptor.ts'
import { footerFailures, parseSparseHeader, VMDK_SOURCE } from './vmdk-footer.ts'
import { findGrainEnd, requestGrainTables, requestGrainParts } from './vmdk-grains.ts'

const SECTOR = 512
const EMBEDDED = 'vmdk descriptor'
const TEXT = 'vmdk text'
/** In bytes: QEMU searches this much for a parent, whatever length the header gives the descriptor. */
const PARENT_SEARCH = 20 * SECTOR
/** In bytes: the most that oslo.utils and QEMU read, whatever length the header gives. */
const MAX_DESCRIPTOR_BYTES = 1_048_575
const HEADER_LENGTH = 64

const isSparse = ({ head }: CapturedBytes): boolean => hasText(head, 0, 'KDMV')
/** Older extents of ESX. QEMU opens them and reads their descriptor; oslo.utils does not check them. */
const isOldExtent = ({ head }: CapturedBytes): boolean => hasText(head, 0, 'COWD')

/** The text of a file that is only a descriptor; `null`: it is not one. */
const findDescriptorText = ({ part, head }: CapturedBytes): string | null => {
  const first = toLatin1(head.subarray(0, PROBED))
  const text = toLatin1(beforeZero(part(TEXT) ?? head))
  return startsAsDescriptor(first) || (isTextAtFirst(first) && hasType(text)) ? text : null
}

const readSparse = (captured: CapturedBytes): FormatReport => {
  const header = parseSparseHeader(captured.head)
  const kept = captured.part(EMBEDDED) ?? new Uint8Array()
  const reserved = Math.min(Number(header.descriptorSectors) * SECTOR, MAX_DESCRIPTOR_BYTES)
  const isMissing =
    captured.length < HEADER_LENGTH ||
    ![1, 2, 3].includes(header.version) ||
    header.descriptorSector !== 1n ||
    reserved === 0 ||
    captured.length < SECTOR + reserved
  const descriptor = toLatin1(beforeZero(kept.subarray(0, Math.min(reserved, DESCRIPTOR_LIMIT + 1))))
  const failures = isMissing
    ? [{ check: 'descriptor', what: 'its second sector has no descriptor', source: VMDK_SOURCE }]
    : descriptorFailures(descriptor)
  // QEMU takes a header without sectors for a descriptor file and opens the extents that it names.
  const empty = findingIf(
    !isMissing && header.sectors === 0n,
    'descriptor',
    'its header has no sectors: its data is in other files',
    'QEMU, block/vmdk.c',
  )
  const all = [
    ...failures,
    ...empty,
    ...parentFailures(toLatin1(beforeZero(kept))),
    ...footerFailures(header, captured.tail),
  ]
  return !isMissing && isSingleFile(descriptor)
    ? reportSize(header.sectors * BigInt(SECTOR), VMDK_SOURCE, all, () =>
        checkEnd(captured, findGrainEnd(captured), VMDK_SOURCE),
      )
    : { virtualSize: null, failures: all }
}

/** A descriptor file: the data is in the files that it names. */
const readText = (text: string): FormatReport => {
  const failures = descriptorFailures(text)
  return {
    virtualSize: null,
    failures: [
      ...failures,
      ...findingIf(
        failures.length === 0,
        'descriptor',
        'it is only a descriptor: its data is in other files',
        VMDK_SOURCE,
      ),
      ...parentFailures(text),
    ],
  }
}

/** VMware's disks: sparse extents with an embedded descriptor, and descriptor files. */
export const vmdk: Format = {
  format: 'vmdk',
  isMatch: (captured) => isSparse(captured) || isOldExtent(captured) || findDescriptorText(captured) !== null,
  requestParts: (captured) => {
    if (isSparse(captured))
      return [
        { name: EMBEDDED, start: SECTOR, length: Math.max(PARENT_SEARCH, DESCRIPTOR_LIMIT + 1) },
        ...requestGrainParts(captured),
      ]
    return isTextAtFirst(toLatin1(captured.head.subarray(0, PROBED)))
      ? [{ name: TEXT, start: 0, length: DESCRIPTOR_LIMIT + 1 }]
      : []
  },
  requestTables: (captured) => (isSparse(captured) ? requestGrainTables(captured) : []),
  read: (captured) => {
    if (isSparse(captured)) return readSparse(captured)
    return isOldExtent(captured)
      ? {
          virtualSize: null,
          failures: [
            { check: 'descriptor', what: 'it is an ESX extent, which cannot be checked', source: 'QEMU, block/vmdk.c' },
          ],
        }
      : readText(findDescriptorText(captured) ?? '')
  },
}
