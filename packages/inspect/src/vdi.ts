import { viewOf } from './fields.ts'
import { cutShort, failIf, sizeFinding, truncated, type Format, type Seen } from './format.ts'

const MAGIC = 0x40
const VERSION = 0x44
const TYPE = 0x4c
const DATA_OFFSET = 0x158
const SIZE = 0x170
const BLOCK_SIZE = 0x178
const BLOCK_EXTRA = 0x17c
const BLOCKS_ALLOCATED = 0x184
const VERSION_1_1 = 0x0001_0001
const DIFFERENCING = 4

/** Blocks stand behind each other, as many as the header tells of. */
const endOf = ({ head }: Seen): number => {
  const header = viewOf(head, 512)
  const at = (place: number): number => header.getUint32(place, true)
  return at(VERSION) === VERSION_1_1 ? at(DATA_OFFSET) + at(BLOCKS_ALLOCATED) * (at(BLOCK_SIZE) + at(BLOCK_EXTRA)) : 0
}

/** VirtualBox's disks. */
export const vdi: Format = {
  format: 'vdi',
  isMatch: ({ head }) => viewOf(head, MAGIC + 4).getUint32(MAGIC, true) === 0xbeda107f,
  read: (seen) => {
    const header = viewOf(seen.head, 512)
    const failures = [
      ...truncated(seen, 512, 'its header'),
      ...failIf(header.getUint32(TYPE, true) === DIFFERENCING, 'backing_file', 'it is a differencing disk: most of its data is in another file'),
    ]
    return sizeFinding(header.getBigUint64(SIZE, true), failures, () => cutShort(seen, endOf(seen)))
  },
}
