import { hasAt, viewOf } from './fields.ts'
import { failIf, type Seen, type Wish } from './format.ts'
import type { CheckFailure } from './inspection.ts'

/** What fills a disk that has no partition table. */
export interface FileSystem {
  readonly name: string
  /** In bytes: what its superblock claims of the disk. 0 where it claims nothing. */
  readonly size: bigint
}

interface Kind {
  readonly name: string
  readonly isMatch: (seen: Seen) => boolean
  readonly size: (seen: Seen) => bigint
}

/** Btrfs has its superblock behind the head. */
const BTRFS = 'btrfs-superblock'
const BTRFS_AT = 65_536
const BTRFS_LENGTH = 512

/** Asked of every stream: a superblock cannot be announced by anything before it. */
export const fileSystemWishes: readonly Wish[] = [{ name: BTRFS, start: BTRFS_AT, length: BTRFS_LENGTH }]

const viewAt = (head: Uint8Array, offset: number, length: number): DataView => viewOf(head.subarray(offset), length)

/** Linux: fs/ext4/ext4.h, `struct ext4_super_block`. */
const EXT_AT = 1024
const EXT_64BIT = 0x80
const extSize = ({ head }: Seen): bigint => {
  const block = viewAt(head, EXT_AT, 1024)
  const high = (block.getUint32(96, true) & EXT_64BIT) === 0 ? 0n : BigInt(block.getUint32(0x150, true))
  const shift = block.getUint32(24, true)
  return shift > 6 ? 0n : ((high << 32n) | BigInt(block.getUint32(4, true))) << BigInt(10 + shift)
}

/** ECMA-107 and Microsoft's specification of FAT32: sectors in 16 bits, or in 32. */
const fatSize = ({ head }: Seen): bigint => {
  const sector = viewOf(head, 512)
  return BigInt(sector.getUint16(19, true) || sector.getUint32(32, true)) * BigInt(sector.getUint16(11, true))
}

/** Microsoft's specification of exFAT, 3.1. */
const exfatSize = ({ head }: Seen): bigint => {
  const sector = viewOf(head, 512)
  const shift = sector.getUint8(108)
  return shift > 12 ? 0n : sector.getBigUint64(72, true) << BigInt(shift)
}

/** The sector behind the last holds the copy of the first, and is not counted. */
const ntfsSize = ({ head }: Seen): bigint => viewOf(head, 512).getBigUint64(40, true) * BigInt(viewOf(head, 512).getUint16(11, true))

/** Linux: include/uapi/linux/btrfs_tree.h. The size of this device, not of all that belong to it. */
const btrfsSize = ({ part }: Seen): bigint => viewOf(part(BTRFS) ?? new Uint8Array(), BTRFS_LENGTH).getBigUint64(0xd1, true)

/** Linux: fs/erofs/erofs_fs.h, `struct erofs_super_block`. */
const EROFS_AT = 1024
const erofsSize = ({ head }: Seen): bigint => {
  const block = viewAt(head, EROFS_AT, 128)
  const shift = block.getUint8(12)
  return shift > 16 ? 0n : BigInt(block.getUint32(36, true)) << BigInt(shift)
}

/** In one of the first four sectors, as LVM's `label.c` looks for it; the PV's header is where the label leads. */
const lvmLabel = (head: Uint8Array): number => [0, 512, 1024, 1536].find((at) => hasAt(head, at, 'LABELONE')) ?? -1
const lvmSize = ({ head }: Seen): bigint => {
  const at = lvmLabel(head)
  const offset = viewAt(head, at, 32).getUint32(20, true)
  return offset > 480 ? 0n : viewAt(head, at + offset, 40).getBigUint64(32, true)
}

const hasBootCode = (head: Uint8Array): boolean => head[0] === 0xeb || head[0] === 0xe9

/** A boot sector in place of a partition table: where a table would have its entries, it has code. */
const BOOT_SECTORS: readonly Kind[] = [
  { name: 'NTFS', isMatch: ({ head }) => hasBootCode(head) && hasAt(head, 3, 'NTFS    '), size: ntfsSize },
  { name: 'exFAT', isMatch: ({ head }) => hasBootCode(head) && hasAt(head, 3, 'EXFAT   '), size: exfatSize },
  { name: 'FAT', isMatch: ({ head }) => hasBootCode(head) && (hasAt(head, 54, 'FAT12   ') || hasAt(head, 54, 'FAT16   ') || hasAt(head, 82, 'FAT32   ')), size: fatSize },
]

const SUPERBLOCKS: readonly Kind[] = [
  { name: 'XFS', isMatch: ({ head }) => hasAt(head, 0, 'XFSB'), size: ({ head }) => viewOf(head, 16).getBigUint64(8) * BigInt(viewOf(head, 16).getUint32(4)) },
  { name: 'squashfs', isMatch: ({ head }) => hasAt(head, 0, 'hsqs') && viewOf(head, 32).getUint16(28, true) === 4, size: ({ head }) => viewOf(head, 48).getBigUint64(40, true) },
  { name: 'LVM', isMatch: ({ head }) => lvmLabel(head) !== -1, size: lvmSize },
  { name: 'EROFS', isMatch: ({ head }) => hasAt(head, EROFS_AT, '\xe2\xe1\xf5\xe0'), size: erofsSize },
  { name: 'ext', isMatch: ({ head }) => hasAt(head, EXT_AT + 56, '\x53\xef'), size: extSize },
  { name: 'Btrfs', isMatch: ({ part }) => hasAt(part(BTRFS) ?? new Uint8Array(), 64, '_BHRfS_M'), size: btrfsSize },
]

const findIn = (kinds: readonly Kind[], seen: Seen): FileSystem | null => {
  const found = kinds.find(({ isMatch }) => isMatch(seen))
  return found === undefined ? null : { name: found.name, size: found.size(seen) }
}

/** The file system that starts in the first sector of a disk, with a boot sector of its own; `null`: none that is known. */
export const findBootSector = (seen: Seen): FileSystem | null => findIn(BOOT_SECTORS, seen)

/** The file system that fills a disk; `null`: none that is known. */
export const findFileSystem = (seen: Seen): FileSystem | null => findBootSector(seen) ?? findIn(SUPERBLOCKS, seen)

/** A file system is mounted only where all of it is; a disk that is longer was grown. */
export const fileSystemDoubts = (seen: Seen): readonly CheckFailure[] => {
  const found = findFileSystem(seen)
  if (found === null) return []
  const { name, size } = found
  return failIf(size > BigInt(seen.length), 'truncated', `its ${name} file system has ${size} bytes, and the disk ends after ${seen.length}: it was cut short`)
}
