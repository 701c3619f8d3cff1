import { toView } from './fields.ts'
import { checkEnd, findingIf, reportSize, checkHeader, type Format, type CapturedBytes } from './format.ts'

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

/** The blocks that the header counts follow each other, from the data offset on. */
const findEnd = ({ head }: CapturedBytes): number => {
  const header = toView(head, 512)
  const at = (offset: number): number => header.getUint32(offset, true)
  return at(VERSION) === VERSION_1_1 ? at(DATA_OFFSET) + at(BLOCKS_ALLOCATED) * (at(BLOCK_SIZE) + at(BLOCK_EXTRA)) : 0
}

const SOURCE = 'QEMU, block/vdi.c'

/** VirtualBox's disks. Offsets: `VdiHeader` in QEMU's block/vdi.c. */
export const vdi: Format = {
  format: 'vdi',
  isMatch: ({ head }) => toView(head, MAGIC + 4).getUint32(MAGIC, true) === 0xbeda107f,
  read: (captured) => {
    const header = toView(captured.head, 512)
    const failures = [
      ...checkHeader(captured, 512, 'its header', SOURCE),
      ...findingIf(
        header.getUint32(TYPE, true) === DIFFERENCING,
        'backing_file',
        'it is a differencing disk: the rest of its data is in another file',
        SOURCE,
      ),
    ]
    return reportSize(header.getBigUint64(SIZE, true), SOURCE, failures, () =>
      checkEnd(captured, findEnd(captured), SOURCE),
    )
  },
}
