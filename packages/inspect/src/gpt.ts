import { hasAt, viewOf } from './fields.ts'
import { findBootSector, findFileSystem } from './file-system.ts'
import { failIf, type Format, type Seen } from './format.ts'
import type { CheckFailure } from './inspection.ts'

const FIRST_ENTRY = 446
const PROTECTIVE = 0xee

/** A boot sector ends with the mark that a partition table ends with. */
const isFat = (sector: DataView): boolean => sector.getUint8(0x10) === 2 && sector.getUint8(0x15) === 0xf8

/** A file system can have that mark without a table: boot loaders write it before file systems that leave them room. */
const isFileSystem = (seen: Seen): boolean => {
  const isEmpty = seen.head.subarray(FIRST_ENTRY, 510).every((byte) => byte === 0)
  return (isEmpty ? findFileSystem(seen) : findBootSector(seen)) !== null
}

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

/** Sizes that disks give sectors: the header of a GPT is in the second. */
const SECTORS = [512, 4096] as const
const SIGNATURE = 'EFI PART'

/** A disk that is longer was grown, and its backup not moved yet. */
const gptDoubts = ({ head, length }: Seen): readonly CheckFailure[] => {
  const sector = SECTORS.find((size) => hasAt(head, size, SIGNATURE))
  if (sector === undefined || head.length < 2 * sector) return []
  const header = viewOf(head.subarray(sector), 92)
  const [backup, last] = [header.getBigUint64(32, true), header.getBigUint64(48, true)]
  const needed = (backup > last ? backup : last) + 1n
  const what = backup > last ? `its GPT has its backup in sector ${backup}` : `its GPT lets partitions use all up to sector ${last}`
  return failIf(needed * BigInt(sector) > BigInt(length), 'truncated', `${what}, and the disk ends after ${Math.floor(length / sector)} sectors of ${sector} bytes: it was cut short`)
}

/** Where there are sectors of 4096 bytes, partitions are longer still. */
const mbrDoubts = (sector: DataView, length: number): readonly CheckFailure[] =>
  [0, 1, 2, 3].flatMap((index) => {
    const at = FIRST_ENTRY + 16 * index
    const type = sector.getUint8(at + 4)
    const last = sector.getUint32(at + 8, true) + sector.getUint32(at + 12, true) - 1
    return failIf(type !== 0 && type !== PROTECTIVE && (last + 1) * 512 > length, 'truncated', `its partition ${index + 1} ends with sector ${last}, and the disk after ${Math.floor(length / 512)} sectors of 512 bytes: it was cut short`)
  })

const doubtsOf = (seen: Seen): readonly CheckFailure[] => {
  const sector = viewOf(seen.head, 512)
  const found = [...gptDoubts(seen), ...mbrDoubts(sector, seen.length)]
  return found.length > 0 ? found : failIf(seen.length % 512 !== 0, 'truncated', `it has ${seen.length} bytes, and a disk is made of whole sectors of 512: it was cut short`)
}

/** A raw disk with a partition table, GPT or MBR: both start with an MBR. No driver opens it; what is checked is whether firmware would agree with itself. */
export const gpt: Format = {
  format: 'gpt',
  isMatch: (seen) => {
    if (seen.head.length < 512) return false
    const sector = viewOf(seen.head, 512)
    return sector.getUint16(510) === 0x55aa && !isFat(sector) && !isFileSystem(seen)
  },
  read: (seen) => {
    const doubts = doubtsOf(seen)
    return { virtualSize: seen.length, failures: tableFailures(viewOf(seen.head, 512)), ...(doubts.length === 0 ? {} : { doubts }) }
  },
}
