import { hasText, toView } from './fields.ts'
import { findingIf, type CapturedBytes, type PartRequest } from './format.ts'
import type { Finding } from './inspection.ts'

/** A file system that fills a disk without a partition table. */
export interface FileSystem {
  readonly name: string
  /** Size of the device by its superblock, in bytes; 0: not given. */
  readonly size: bigint
  /** The document or header file that defines the superblock. */
  readonly source: string
}

interface Kind {
  readonly name: string
  readonly source: string
  readonly isMatch: (captured: CapturedBytes) => boolean
  readonly size: (captured: CapturedBytes) => bigint
}

/** The superblock of Btrfs is after the head. */
const BTRFS = 'btrfs superblock'
const BTRFS_AT = 65_536
const BTRFS_LENGTH = 512

/** Captured of every image: nothing before the superblock announces it. */
export const FILE_SYSTEM_PARTS: readonly PartRequest[] = [{ name: BTRFS, start: BTRFS_AT, length: BTRFS_LENGTH }]

const viewAt = (head: Uint8Array, offset: number, length: number): DataView => toView(head.subarray(offset), length)

const EXT_AT = 1024
const EXT_64BIT = 0x80
const extSize = ({ head }: CapturedBytes): bigint => {
  const block = viewAt(head, EXT_AT, 1024)
  const high = (block.getUint32(96, true) & EXT_64BIT) === 0 ? 0n : BigInt(block.getUint32(0x150, true))
  const shift = block.getUint32(24, true)
  return shift > 6 ? 0n : ((high << 32n) | BigInt(block.getUint32(4, true))) << BigInt(10 + shift)
}

/** The number of sectors is in 16 bits, or in 32 bits if those are zero. */
const fatSize = ({ head }: CapturedBytes): bigint => {
  const sector = toView(head, 512)
  return BigInt(sector.getUint16(19, true) || sector.getUint32(32, true)) * BigInt(sector.getUint16(11, true))
}

const exfatSize = ({ head }: CapturedBytes): bigint => {
  const sector = toView(head, 512)
  const shift = sector.getUint8(108)
  return shift > 12 ? 0n : sector.getBigUint64(72, true) << BigInt(shift)
}

/** The sector after the last one, which holds a copy of the boot sector, is not counted. */
const ntfsSize = ({ head }: CapturedBytes): bigint =>
  toView(head, 512).getBigUint64(40, true) * BigInt(toView(head, 512).getUint16(11, true))

/** The size of this device, not of the whole file system, which can have several. */
const btrfsSize = ({ part }: CapturedBytes): bigint =>
  toView(part(BTRFS) ?? new Uint8Array(), BTRFS_LENGTH).getBigUint64(0xd1, true)

const EROFS_AT = 1024
const erofsSize = ({ head }: CapturedBytes): bigint => {
  const block = viewAt(head, EROFS_AT, 128)
  const shift = block.getUint8(12)
  return shift > 16 ? 0n : BigInt(block.getUint32(36, true)) << BigInt(shift)
}

/** The label is in one of the first four sectors, as lib/label/label.c of LVM2 searches them; it has the offset of the physical volume's header. */
const lvmLabel = (head: Uint8Array): number => [0, 512, 1024, 1536].find((at) => hasText(head, at, 'LABELONE')) ?? -1
const lvmSize = ({ head }: CapturedBytes): bigint => {
  const at = lvmLabel(head)
  const offset = viewAt(head, at, 32).getUint32(20, true)
  return offset > 480 ? 0n : viewAt(head, at + offset, 40).getBigUint64(32, true)
}

const hasBootCode = (head: Uint8Array): boolean => head[0] === 0xeb || head[0] === 0xe9

/** File systems with a boot sector in place of a partition table: it has code where a table has its entries. */
const BOOT_SECTORS: readonly Kind[] = [
  {
    name: 'NTFS',
    source: 'Linux, fs/ntfs3/ntfs.h',
    isMatch: ({ head }) => hasBootCode(head) && hasText(head, 3, 'NTFS    '),
    size: ntfsSize,
  },
  {
    name: 'exFAT',
    source: 'Microsoft, exFAT file system specification, 3.1',
    isMatch: ({ head }) => hasBootCode(head) && hasText(head, 3, 'EXFAT   '),
    size: exfatSize,
  },
  {
    name: 'FAT',
    source: 'Microsoft, FAT32 File System Specification',
    isMatch: ({ head }) =>
      hasBootCode(head) &&
      (hasText(head, 54, 'FAT12   ') || hasText(head, 54, 'FAT16   ') || hasText(head, 82, 'FAT32   ')),
    size: fatSize,
  },
]

const SUPERBLOCKS: readonly Kind[] = [
  {
    name: 'XFS',
    source: 'Linux, fs/xfs/libxfs/xfs_format.h',
    isMatch: ({ head }) => hasText(head, 0, 'XFSB'),
    size: ({ head }) => toView(head, 16).getBigUint64(8) * BigInt(toView(head, 16).getUint32(4)),
  },
  {
    name: 'squashfs',
    source: 'Linux, fs/squashfs/squashfs_fs.h',
    isMatch: ({ head }) => hasText(head, 0, 'hsqs') && toView(head, 32).getUint16(28, true) === 4,
    size: ({ head }) => toView(head, 48).getBigUint64(40, true),
  },
  {
    name: 'LVM',
    source: 'LVM2, lib/format_text/layout.h',
    isMatch: ({ head }) => lvmLabel(head) !== -1,
    size: lvmSize,
  },
  {
    name: 'EROFS',
    source: 'Linux, fs/erofs/erofs_fs.h',
    isMatch: ({ head }) => hasText(head, EROFS_AT, '\xe2\xe1\xf5\xe0'),
    size: erofsSize,
  },
  {
    name: 'ext',
    source: 'Linux, fs/ext4/ext4.h',
    isMatch: ({ head }) => hasText(head, EXT_AT + 56, '\x53\xef'),
    size: extSize,
  },
  {
    name: 'Btrfs',
    source: 'Linux, include/uapi/linux/btrfs_tree.h',
    isMatch: ({ part }) => hasText(part(BTRFS) ?? new Uint8Array(), 64, '_BHRfS_M'),
    size: btrfsSize,
  },
]

const findIn = (kinds: readonly Kind[], captured: CapturedBytes): FileSystem | null => {
  const found = kinds.find(({ isMatch }) => isMatch(captured))
  return found === undefined ? null : { name: found.name, source: found.source, size: found.size(captured) }
}

/** The file system whose boot sector is the first sector of the disk; `null`: no known one. */
export const findBootSector = (captured: CapturedBytes): FileSystem | null => findIn(BOOT_SECTORS, captured)

/** The file system that fills the disk; `null`: no known one. */
export const findFileSystem = (captured: CapturedBytes): FileSystem | null =>
  findBootSector(captured) ?? findIn(SUPERBLOCKS, captured)

/** A file system needs the whole of its device. A disk that is longer was grown, which is fine. */
export const fileSystemDoubts = (captured: CapturedBytes): readonly Finding[] => {
  const found = findFileSystem(captured)
  if (found === null) return []
  const { name, size, source } = found
  return findingIf(
    size > BigInt(captured.length),
    'truncated',
    `the image was cut short: its ${name} file system has ${size} bytes, and the disk ends after ${captured.length}`,
    source,
  )
}
