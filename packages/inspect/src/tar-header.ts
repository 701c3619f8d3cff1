import { latin1, untilZero } from './fields.ts'
import type { Content } from './inspection.ts'

const BLOCK = 512
const CHECKSUM = 148

const UNPACK = 'Take the disk that is in it: --archive tar'
/** Of an archive inside another: one is unpacked, not two. */
export const UNPACK_INNER = 'Unpack the outer archive first, and give the one that is in it'

/** The `id` of the contents that are such archives. */
export const TARS: ReadonlySet<string> = new Set(['tar', 'ova'])

/** POSIX, ustar and v7 alike: a sum over the header, its own field taken for spaces. Some programs of old took bytes for signed. */
const hasChecksum = (header: Uint8Array): boolean => {
  const field = latin1(header.subarray(CHECKSUM, CHECKSUM + 8))
  const [, octal] = /^ *([0-7]{1,7})[ \0]/.exec(field) ?? []
  if (octal === undefined) return false
  const stated = Number.parseInt(octal, 8)
  const sum = (isSigned: boolean): number => header.reduce((all, byte, index) => all + (index >= CHECKSUM && index < CHECKSUM + 8 ? 0x20 : isSigned && byte > 127 ? byte - 256 : byte), 0)
  return stated === sum(false) || stated === sum(true)
}

/** A tar archive, or one of the packages that are tar archives; told by its first member's header. */
export const tarContent = (head: Uint8Array): Content | null => {
  if (head.length < BLOCK) return null
  const header = head.subarray(0, BLOCK)
  if (header[0] === 0 || !hasChecksum(header)) return null
  const name = latin1(untilZero(header.subarray(0, 100))).toLowerCase()
  // OVF 5.1: the descriptor comes first in an OVA.
  if (name.endsWith('.ovf')) return { kind: 'archive', id: 'ova', title: 'an OVA (a tar archive of an OVF descriptor and its disks)', advice: UNPACK }
  return { kind: 'archive', id: 'tar', title: 'a tar archive', advice: UNPACK }
}
