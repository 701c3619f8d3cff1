import { hasAt, viewOf } from './fields.ts'
import { cutShort, failIf, truncated, type Format } from './format.ts'

const PAYLOAD_OFFSET = 104
const HEADER_LENGTH = 592

/** An encrypted disk, of the version that QEMU reads. What is inside cannot be seen. */
export const luks: Format = {
  format: 'luks',
  isMatch: ({ head }) => hasAt(head, 0, 'LUKS\xba\xbe'),
  read: (seen) => {
    const header = viewOf(seen.head, HEADER_LENGTH)
    const version = header.getUint16(6)
    const payload = header.getUint32(PAYLOAD_OFFSET) * 512
    const size = seen.length - payload
    return {
      virtualSize: version === 1 && size >= 0 ? size : null,
      failures: [...truncated(seen, HEADER_LENGTH, 'its header'), ...failIf(version !== 1, 'version', `its version is ${version}; only 1 is known`)],
      // How much data there should be, it does not say.
      ...(version === 1 && size < 0 ? { doubts: cutShort(seen, payload) } : {}),
    }
  },
}
