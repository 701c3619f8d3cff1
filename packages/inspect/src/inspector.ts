import { createCapture, type Capture } from './capture.ts'
import { identifyContent } from './content.ts'
import { hasAt } from './fields.ts'
import { fileSystemDoubts, fileSystemWishes } from './file-system.ts'
import { failIf, type Format, type Seen, type Wish } from './format.ts'
import { gpt } from './gpt.ts'
import type { CheckFailure, Content, InspectedFormat, Inspection, Inspector } from './inspection.ts'
import { iso } from './iso.ts'
import { luks } from './luks.ts'
import { qcow2 } from './qcow2.ts'
import { qed } from './qed.ts'
import type { Tables } from './table-scan.ts'
import { vdi } from './vdi.ts'
import { vhd } from './vhd.ts'
import { vhdx } from './vhdx.ts'
import { vmdk } from './vmdk.ts'

/** All of them look at every stream. Of a polyglot, the first is its format. */
const FORMATS: readonly Format[] = [qcow2, qed, vhd, vhdx, vmdk, vdi, luks, iso, gpt]

/** Raw bytes, by another name. A disc that boots from a stick has a partition table before its volume: as Glance, that is an ISO. */
const areRaw = (formats: readonly InspectedFormat[]): boolean => formats.every((format) => format === 'iso' || format === 'gpt')

/** A fixed VHD is raw bytes with a footer behind them: what is in those is the guest's. */
const isOne = (formats: readonly InspectedFormat[], { head }: Seen): boolean => {
  const [first, ...others] = formats
  return areRaw(formats) || (first === 'vhd' && !hasAt(head, 0, 'conectix') && areRaw(others))
}

/** QEMU and firmware count disks in sectors of so many bytes. */
const SECTOR = 512

const asDoubt = ({ title, advice }: Content): CheckFailure => ({ check: 'not-a-disk', what: `it is ${title}`, advice })

const oddLength = (length: number): readonly CheckFailure[] =>
  failIf(length % SECTOR !== 0, 'not-a-disk', `it has ${length} bytes, and a disk is made of whole sectors of ${SECTOR}`).map((doubt) => ({ ...doubt, advice: 'Check that all of it is there' }))

/** The same, of bytes that turned out to be no disk. */
export const withContent = (inspection: Inspection, content: Content): Inspection => ({ ...inspection, doubts: [asDoubt(content), ...(inspection.doubts ?? [])], content })

/** Bytes of no format that is known: a file system without a table, or no disk at all. */
const rawInspection = (seen: Seen): Inspection => {
  const { head, length } = seen
  const content = identifyContent(head)
  const inspection: Inspection = { format: 'raw', formats: ['raw'], virtualSize: length, failures: [] }
  if (content !== null) return withContent(inspection, content)
  const short = fileSystemDoubts(seen)
  const doubts = short.length > 0 ? short : oddLength(length)
  return doubts.length === 0 ? inspection : { ...inspection, doubts }
}

/** Some programs have, at the end of their first sector, what boot sectors have there: Linux kernels do. */
const programInspection = (inspection: Inspection, { head }: Seen): Inspection => {
  const content = inspection.format === 'gpt' ? identifyContent(head) : null
  return content?.kind === 'executable' ? withContent(inspection, content) : inspection
}

/** What can be said of what was seen. */
export const inspectionOf = (seen: Seen): Inspection => {
  const matching = FORMATS.filter(({ isMatch }) => isMatch(seen))
  const formats = matching.map(({ format }) => format)
  const [first, ...others] = matching
  if (first === undefined) return rawInspection(seen)
  if (others.length === 0 || isOne(formats, seen)) return programInspection({ format: first.format, formats, ...first.read(seen) }, seen)
  const failures = matching.flatMap(({ read }) => read(seen).failures)
  return { format: first.format, formats, virtualSize: null, failures: [{ check: 'polyglot', what: `it can be read as ${formats.join(' and as ')}` }, ...failures] }
}

/** What formats wish to see besides the head. */
export const formatWishes = (seen: Seen): readonly Wish[] => [...fileSystemWishes, ...FORMATS.flatMap(({ wishes }) => wishes?.(seen) ?? [])]

/** The tables that formats wish to be read to their end. */
export const formatTables = (seen: Seen): readonly Tables[] => FORMATS.flatMap(({ tables }) => tables?.(seen) ?? [])

/** Keeps what formats wish to see, and follows their tables. */
export const captureForFormats = (): Capture => createCapture(formatWishes, formatTables)

/** What can be said of what is captured. */
export const inspectorOf = ({ write, end }: Capture): Inspector => ({ write, end: () => inspectionOf(end()) })

/** Reads along with the bytes of one image. Its verdicts are docs/safety.md's. */
export const createInspector = (): Inspector => inspectorOf(captureForFormats())
