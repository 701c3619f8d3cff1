import { createCapture, type Capture } from './capture.ts'
import type { Format, Seen } from './format.ts'
import { gpt } from './gpt.ts'
import type { InspectedFormat, Inspection, Inspector } from './inspection.ts'
import { iso } from './iso.ts'
import { luks } from './luks.ts'
import { qcow2 } from './qcow2.ts'
import { qed } from './qed.ts'
import { vdi } from './vdi.ts'
import { vhd } from './vhd.ts'
import { vhdx } from './vhdx.ts'
import { vmdk } from './vmdk.ts'

/** All of them look at every stream. Of a polyglot, the first is its format. */
const FORMATS: readonly Format[] = [qcow2, qed, vhd, vhdx, vmdk, vdi, luks, iso, gpt]

/** A disc that boots from a stick has a partition table before its volume: as Glance, that is an ISO. */
const isBootableDisc = (formats: readonly InspectedFormat[]): boolean => formats.length === 2 && formats.includes('iso') && formats.includes('gpt')

const inspectionOf = (seen: Seen): Inspection => {
  const matching = FORMATS.filter(({ isMatch }) => isMatch(seen))
  const formats = matching.map(({ format }) => format)
  const [first, ...others] = matching
  if (first === undefined) return { format: 'raw', formats: ['raw'], virtualSize: seen.length, failures: [] }
  if (others.length === 0 || isBootableDisc(formats)) return { format: first.format, formats, ...first.read(seen) }
  const failures = matching.flatMap(({ read }) => read(seen).failures)
  return { format: first.format, formats, virtualSize: null, failures: [{ check: 'polyglot', what: `it can be read as ${formats.join(' and as ')}` }, ...failures] }
}

/** What formats wish to see besides the head. */
export const captureForFormats = (): Capture => createCapture((seen) => FORMATS.flatMap(({ wishes }) => wishes?.(seen) ?? []))

/** What can be said of what is captured. */
export const inspectorOf = ({ write, end }: Capture): Inspector => ({ write, end: () => inspectionOf(end()) })

/** Reads along with the bytes of one image. Its verdicts are docs/safety.md's. */
export const createInspector = (): Inspector => inspectorOf(captureForFormats())
