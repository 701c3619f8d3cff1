import { viewOf } from './fields.ts'
import { failIf, type Format } from './format.ts'
import type { CheckFailure } from './inspection.ts'

const FIRST_ENTRY = 446
const PROTECTIVE = 0xee

/** A boot sector ends with the mark that a partition table ends with. */
const isFat = (sector: DataView): boolean => sector.getUint8(0x10) === 2 && sector.getUint8(0x15) === 0xf8

const tableFailures = (sector: DataView): readonly CheckFailure[] => {
  const entries = [0, 1, 2, 3].map((index) => {
    const at = FIRST_ENTRY + 16 * index
    return { index, boot: sector.getUint8(at), chs: [1, 2, 3].map((byte) => sector.getUint8(at + byte)).join(','), type: sector.getUint8(at + 4), lba: sector.getUint32(at + 8, true) }
  })
  const used = entries.filter(({ type }) => type !== 0)
  const protective = entries.filter(({ type }) => type === PROTECTIVE)
  return [
    ...entries.flatMap(({ index, boot }) => failIf(boot !== 0 && boot !== 0x80, 'mbr', `entry ${index} of its partition table has a boot flag of ${boot}; 0 and 128 are known`)),
    ...protective.flatMap(({ chs, lba }) => [
      ...failIf(chs !== '0,2,0', 'mbr', `the protective entry of its GPT starts at CHS ${chs}, not 0,2,0`),
      ...failIf(lba !== 1, 'mbr', `the protective entry of its GPT starts at sector ${lba}, not 1`),
    ]),
    ...failIf(protective.length > 0 && (used.length !== 1 || used[0]?.index !== 0), 'mbr', 'the table before its GPT defines other partitions'),
    ...failIf(used.length === 0, 'mbr', 'its partition table has no partitions'),
  ]
}

/** A raw disk with a partition table, GPT or MBR: both start with an MBR. No driver opens it; what is checked is whether firmware would agree with itself. */
export const gpt: Format = {
  format: 'gpt',
  isMatch: ({ head }) => {
    if (head.length < 512) return false
    const sector = viewOf(head, 512)
    return sector.getUint16(510) === 0x55aa && !isFat(sector)
  },
  read: ({ head, length }) => ({ virtualSize: length, failures: tableFailures(viewOf(head, 512)) }),
}
