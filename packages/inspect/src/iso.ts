import { hasAt, viewOf } from './fields.ts'
import { cutShort, HEAD_LENGTH, type Format } from './format.ts'

const DESCRIPTOR = 32_768
const PRIMARY = 1

/** ISO 9660 and UDF: no driver opens them, so nothing is checked but whether the volume is there. */
export const iso: Format = {
  format: 'iso',
  isMatch: ({ head }) => head.length === HEAD_LENGTH && ['CD001', 'NSR02', 'NSR03'].some((name) => hasAt(head, DESCRIPTOR + 1, name)),
  read: (seen) => {
    const descriptor = viewOf(seen.head.subarray(DESCRIPTOR), 2048)
    const blocks = descriptor.getUint32(80, true)
    const virtualSize = descriptor.getUint8(0) === PRIMARY ? blocks * descriptor.getUint16(128, true) : null
    const doubts = cutShort(seen, virtualSize ?? 0)
    return { virtualSize, failures: [], ...(doubts.length === 0 ? {} : { doubts }) }
  },
}
