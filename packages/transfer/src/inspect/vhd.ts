import { hasAt, viewOf } from './fields.ts'
import { failIf, sizeFinding, truncated, type Format } from './format.ts'

const SIZE = 40
const DISK_TYPE = 60
const DIFFERENCING = 4

/** Virtual PC's disks: dynamic ones, which start with a copy of their footer. A fixed one is raw bytes with a footer behind them, and read as raw. */
export const vhd: Format = {
  format: 'vhd',
  isMatch: ({ head }) => hasAt(head, 0, 'conectix'),
  read: (seen) => {
    const footer = viewOf(seen.head, 512)
    return sizeFinding(footer.getBigUint64(SIZE), [
      ...truncated(seen, 512, 'the copy of its footer'),
      ...failIf(footer.getUint32(DISK_TYPE) === DIFFERENCING, 'backing_file', 'it is a differencing disk: most of its data is in another file'),
    ])
  },
}
