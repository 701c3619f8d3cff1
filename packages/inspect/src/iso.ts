import { hasText, toView } from './fields.ts'
import { checkEnd, HEAD_LENGTH, type Format } from './format.ts'

const DESCRIPTOR = 32_768
const PRIMARY = 1

/** ECMA-119 (ISO 9660) and ECMA-167 (UDF). QEMU opens them as raw bytes, so only the length is checked. Offsets: ECMA-119, 8.4. */
export const iso: Format = {
  format: 'iso',
  isMatch: ({ head }) =>
    head.length === HEAD_LENGTH && ['CD001', 'NSR02', 'NSR03'].some((name) => hasText(head, DESCRIPTOR + 1, name)),
  read: (captured) => {
    const descriptor = toView(captured.head.subarray(DESCRIPTOR), 2048)
    const blocks = descriptor.getUint32(80, true)
    const virtualSize = descriptor.getUint8(0) === PRIMARY ? blocks * descriptor.getUint16(128, true) : null
    const doubts = checkEnd(captured, virtualSize ?? 0, 'ECMA-119, 8.4')
    return { virtualSize, failures: [], ...(doubts.length === 0 ? {} : { doubts }) }
  },
}
