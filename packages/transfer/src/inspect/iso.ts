import { hasAt, viewOf } from './fields.ts'
import { HEAD_LENGTH, type Format } from './format.ts'

const DESCRIPTOR = 32_768
const PRIMARY = 1

/** ISO 9660 and UDF: no driver opens them, so nothing is checked. */
export const iso: Format = {
  format: 'iso',
  isMatch: ({ head }) => head.length === HEAD_LENGTH && ['CD001', 'NSR02', 'NSR03'].some((name) => hasAt(head, DESCRIPTOR + 1, name)),
  read: ({ head }) => {
    const descriptor = viewOf(head.subarray(DESCRIPTOR), 2048)
    const blocks = descriptor.getUint32(80, true)
    return { virtualSize: descriptor.getUint8(0) === PRIMARY ? blocks * descriptor.getUint16(128, true) : null, failures: [] }
  },
}
