import { hasText, toView } from './fields.ts'
import { checkEnd, findingIf, checkHeader, type Format } from './format.ts'

const PAYLOAD_OFFSET = 104
const HEADER_LENGTH = 592

const SOURCE = 'LUKS1 On-Disk Format Specification, 2.1'

/** An encrypted disk. QEMU reads version 1 only. The data cannot be inspected. */
export const luks: Format = {
  format: 'luks',
  isMatch: ({ head }) => hasText(head, 0, 'LUKS\xba\xbe'),
  read: (captured) => {
    const header = toView(captured.head, HEADER_LENGTH)
    const version = header.getUint16(6)
    const payload = header.getUint32(PAYLOAD_OFFSET) * 512
    const size = captured.length - payload
    return {
      virtualSize: version === 1 && size >= 0 ? size : null,
      failures: [
        ...checkHeader(captured, HEADER_LENGTH, 'its header', SOURCE),
        ...findingIf(version !== 1, 'version', `it has version ${version}, and only version 1 is supported`, SOURCE),
      ],
      // The header does not give the length of the data.
      ...(version === 1 && size < 0 ? { doubts: checkEnd(captured, payload, SOURCE) } : {}),
    }
  },
}
