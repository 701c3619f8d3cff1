import { identifyContent } from './content.ts'
import { hasText } from './fields.ts'
import { fileSystemDoubts, FILE_SYSTEM_PARTS } from './file-system.ts'
import { findingIf, type CapturedBytes, type Format, type PartRequest } from './format.ts'
import { gpt } from './gpt.ts'
import type { Content, Finding, InspectedFormat, Inspection } from './inspection.ts'
import { iso } from './iso.ts'
import { luks } from './luks.ts'
import { qcow2 } from './qcow2.ts'
import { qed } from './qed.ts'
import type { TableGroup } from './table-scan.ts'
import { vdi } from './vdi.ts'
import { vhd } from './vhd.ts'
import { vhdx } from './vhdx.ts'
import { vmdk } from './vmdk.ts'

/** Every image is matched against all of them. The first match is its format. */
const FORMATS: readonly Format[] = [qcow2, qed, vhd, vhdx, vmdk, vdi, luks, iso, gpt]

/** The parts that formats need besides head and tail. */
export const requestParts = (captured: CapturedBytes): readonly PartRequest[] => [
  ...FILE_SYSTEM_PARTS,
  ...FORMATS.flatMap((format) => format.requestParts?.(captured) ?? []),
]

/** The tables that formats need to follow. */
export const requestTables = (captured: CapturedBytes): readonly TableGroup[] =>
  FORMATS.flatMap((format) => format.requestTables?.(captured) ?? [])

/** Formats of raw bytes. A hybrid ISO, which also boots from a USB stick, has a partition table before its volume; Glance takes it for an ISO, too. */
const areRaw = (formats: readonly InspectedFormat[]): boolean =>
  formats.every((format) => format === 'iso' || format === 'gpt')

/** A fixed VHD is a raw disk with a footer after it, so the disk inside can match as well. */
const isSingleFormat = (formats: readonly InspectedFormat[], { head }: CapturedBytes): boolean => {
  const [first, ...others] = formats
  return areRaw(formats) || (first === 'vhd' && !hasText(head, 0, 'conectix') && areRaw(others))
}

/** In bytes. */
const SECTOR = 512

const checkLength = (length: number): readonly Finding[] =>
  findingIf(
    length % SECTOR !== 0,
    'not-a-disk',
    `it has ${length} bytes, and a disk consists of whole sectors of ${SECTOR}`,
    'QEMU, BDRV_SECTOR_SIZE',
  ).map((doubt) => ({ ...doubt, advice: 'Check that the file is complete' }))

/** Adds what the bytes are to an inspection of bytes that are not a disk. */
export const addContent = (inspection: Inspection, content: Content): Inspection => {
  const doubt: Finding = {
    check: 'not-a-disk',
    what: `it is ${content.title}`,
    source: 'its first bytes',
    advice: content.advice,
  }
  return { ...inspection, doubts: [doubt, ...(inspection.doubts ?? [])], content }
}

/** Bytes of no known format: a file system without a partition table, other raw bytes, or not a disk at all. */
const inspectRaw = (captured: CapturedBytes): Inspection => {
  const { head, length } = captured
  const content = identifyContent(head)
  const inspection: Inspection = { format: 'raw', formats: ['raw'], virtualSize: length, failures: [] }
  if (content !== null) return addContent(inspection, content)
  const fileSystem = fileSystemDoubts(captured)
  const doubts = fileSystem.length > 0 ? fileSystem : checkLength(length)
  return doubts.length === 0 ? inspection : { ...inspection, doubts }
}

/** A Linux kernel has the signature of a boot sector (55 AA at 510), so that it also boots from a floppy disk. */
const recognizeExecutable = (inspection: Inspection, { head }: CapturedBytes): Inspection => {
  const content = inspection.format === 'gpt' ? identifyContent(head) : null
  return content?.kind === 'executable' ? addContent(inspection, content) : inspection
}

/** The result for the bytes that were captured. */
export const evaluateFormats = (captured: CapturedBytes): Inspection => {
  const matching = FORMATS.filter(({ isMatch }) => isMatch(captured))
  const formats = matching.map(({ format }) => format)
  const [first, ...others] = matching
  if (first === undefined) return inspectRaw(captured)
  if (others.length === 0 || isSingleFormat(formats, captured))
    return recognizeExecutable({ format: first.format, formats, ...first.read(captured) }, captured)
  const failures = matching.flatMap(({ read }) => read(captured).failures)
  const polyglot: Finding = {
    check: 'polyglot',
    what: `it can be read as ${formats.join(' and as ')}`,
    source: 'the signatures of these formats',
  }
  return { format: first.format, formats, virtualSize: null, failures: [polyglot, ...failures] }
}
