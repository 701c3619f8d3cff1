import { viewOf } from './fields.ts'
import { failIf, sizeFinding, truncated, type Format } from './format.ts'

const MAGIC = 0x40
const TYPE = 0x4c
const SIZE = 0x170
const DIFFERENCING = 4

/** VirtualBox's disks. */
export const vdi: Format = {
  format: 'vdi',
  isMatch: ({ head }) => viewOf(head, MAGIC + 4).getUint32(MAGIC, true) === 0xbeda107f,
  read: (seen) => {
    const header = viewOf(seen.head, 512)
    return sizeFinding(header.getBigUint64(SIZE, true), [
      ...truncated(seen, 512, 'its header'),
      ...failIf(header.getUint32(TYPE, true) === DIFFERENCING, 'backing_file', 'it is a differencing disk: most of its data is in another file'),
    ])
  },
}
