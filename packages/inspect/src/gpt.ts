import { hasText, toView } from './fields.ts'
import { findBootSector, findFileSystem } from './file-system.ts'
import { findingIf, type Format, type CapturedBytes } from './format.ts'
import type { Finding } from './inspection.ts'

const MBR_SOURCE = 'UEFI Specification, 5.2.1 (legacy MBR)'
const PROTECTIVE_MBR_SOURCE = 'UEFI Specification, 5.2.3 (protective MBR)'
const GPT_SOURCE = 'UEFI Specification, 5.3.2 (GPT header)'

/** Offset of the first of four entries of 16 bytes. */
const FIRST_ENTRY = 446
/** The partition type of the MBR entry that covers a GPT. */
const PROTECTIVE = 0xee

/** The boot sector of a FAT file system has the signature of an MBR (55 AA) as well; oslo.utils tells them apart this way. */
const isFat = (sector: DataView): boolean => sector.getUint8(0x10) === 2 && sector.getUint8(0x15) === 0xf8

/** A disk can have the signature without a partition table: boot loaders write it into the first sector of file systems that leave it free. */
const isFileSystem = (captured: CapturedBytes): boolean => {
  const isEmpty = captured.head.subarray(FIRST_ENTRY, 510).every((byte) => byte === 0)
  return (isEmpty ? findFileSystem(captured) : findBootSector(captured)) !== null
}

const tableFailures = (sector: DataView): readonly Finding[] => {
  const entries = [0, 1, 2, 3].map((index) => {
    const at = FIRST_ENTRY + 16 * index
    return {
      index,
      boot: sector.getUint8(at),
      chs: [1, 2, 3].map((byte) => sector.getUint8(at + byte)).join(','),
      type: sector.getUint8(at + 4),
      lba: sector.getUint32(at + 8, true),
    }
  })
  const used = entries.filter(({ type }) => type !== 0)
  const protective = entries.filter(({ type }) => type === PROTECTIVE)
  return [
    ...entries.flatMap(({ index, boot }) =>
      findingIf(
        boot !== 0 && boot !== 0x80,
        'mbr',
        `entry ${index} of its partition table has a boot flag of ${boot}, and only 0 and 128 are defined`,
        MBR_SOURCE,
      ),
    ),
    ...protective.flatMap(({ chs, lba }) => [
      ...findingIf(
        chs !== '0,2,0',
        'mbr',
        `the protective entry of its GPT starts at CHS ${chs}, not 0,2,0`,
        PROTECTIVE_MBR_SOURCE,
      ),
      ...findingIf(
        lba !== 1,
        'mbr',
        `the protective entry of its GPT starts at sector ${lba}, not 1`,
        PROTECTIVE_MBR_SOURCE,
      ),
    ]),
    ...findingIf(
      protective.length > 0 && (used.length !== 1 || used[0]?.index !== 0),
      'mbr',
      'the MBR before its GPT defines other partitions',
      PROTECTIVE_MBR_SOURCE,
    ),
    ...findingIf(used.length === 0, 'mbr', 'its partition table has no partitions', MBR_SOURCE),
  ]
}

/** Sector sizes of disks, in bytes. The GPT header is in the second sector. */
const SECTORS = [512, 4096] as const
const SIGNATURE = 'EFI PART'

/** A disk that is longer than its GPT was grown, which is fine. */
const gptDoubts = ({ head, length }: CapturedBytes): readonly Finding[] => {
  const sector = SECTORS.find((size) => hasText(head, size, SIGNATURE))
  if (sector === undefined || head.length < 2 * sector) return []
  const header = toView(head.subarray(sector), 92)
  const [backup, last] = [header.getBigUint64(32, true), header.getBigUint64(48, true)]
  const needed = (backup > last ? backup : last) + 1n
  const what = backup > last ? `its backup GPT is in sector ${backup}` : `its GPT covers sectors up to ${last}`
  return findingIf(
    needed * BigInt(sector) > BigInt(length),
    'truncated',
    `the image was cut short: ${what}, and the disk ends after ${Math.floor(length / sector)} sectors of ${sector} bytes`,
    GPT_SOURCE,
  )
}

/** Counts in sectors of 512 bytes; with sectors of 4096 bytes, partitions would end even later. */
const mbrDoubts = (sector: DataView, length: number): readonly Finding[] =>
  [0, 1, 2, 3].flatMap((index) => {
    const at = FIRST_ENTRY + 16 * index
    const type = sector.getUint8(at + 4)
    const last = sector.getUint32(at + 8, true) + sector.getUint32(at + 12, true) - 1
    return findingIf(
      type !== 0 && type !== PROTECTIVE && (last + 1) * 512 > length,
      'truncated',
      `the image was cut short: its partition ${index + 1} ends with sector ${last}, and the disk ends after ${Math.floor(length / 512)} sectors of 512 bytes`,
      MBR_SOURCE,
    )
  })

const findDoubts = (captured: CapturedBytes): readonly Finding[] => {
  const sector = toView(captured.head, 512)
  const found = [...gptDoubts(captured), ...mbrDoubts(sector, captured.length)]
  return found.length > 0
    ? found
    : findingIf(
        captured.length % 512 !== 0,
        'truncated',
        `the image was cut short: it has ${captured.length} bytes, and a disk consists of whole sectors of 512`,
        MBR_SOURCE,
      )
}

/** A raw disk with a partition table: MBR, or GPT after a protective MBR. QEMU opens it as raw bytes; the checks find tables that firmware and system could read differently. Offsets: UEFI Specification, chapter 5. */
export const gpt: Format = {
  format: 'gpt',
  isMatch: (captured) => {
    if (captured.head.length < 512) return false
    const sector = toView(captured.head, 512)
    return sector.getUint16(510) === 0x55aa && !isFat(sector) && !isFileSystem(captured)
  },
  read: (captured) => {
    const doubts = findDoubts(captured)
    return {
      virtualSize: captured.length,
      failures: tableFailures(toView(captured.head, 512)),
      ...(doubts.length === 0 ? {} : { doubts }),
    }
  },
}
