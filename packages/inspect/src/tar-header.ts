import { toLatin1, beforeZero } from './fields.ts'
import type { Content } from './inspection.ts'

const BLOCK = 512
const CHECKSUM = 148

const UNPACK = 'Extract the disk image in it'

/** The `id`s of contents that are tar archives. */
export const TAR_CONTENT_IDS: ReadonlySet<string> = new Set(['tar', 'ova'])

/** The sum of the header's bytes with its own field as spaces (POSIX, `pax`: ustar interchange format; v7 too). Some old programs summed signed bytes. */
const hasChecksum = (header: Uint8Array): boolean => {
  const field = toLatin1(header.subarray(CHECKSUM, CHECKSUM + 8))
  const [, octal] = /^ *([0-7]{1,7})[ \0]/.exec(field) ?? []
  if (octal === undefined) return false
  const stated = Number.parseInt(octal, 8)
  const sum = (isSigned: boolean): number =>
    header.reduce(
      (all, byte, index) =>
        all + (index >= CHECKSUM && index < CHECKSUM + 8 ? 0x20 : isSigned && byte > 127 ? byte - 256 : byte),
      0,
    )
  return stated === sum(false) || stated === sum(true)
}

/** A tar archive or an OVA, by the header of its first member; `null`: neither. */
export const identifyTar = (head: Uint8Array): Content | null => {
  if (head.length < BLOCK) return null
  const header = head.subarray(0, BLOCK)
  if (header[0] === 0 || !hasChecksum(header)) return null
  const name = toLatin1(beforeZero(header.subarray(0, 100))).toLowerCase()
  // In an OVA, the descriptor comes first (DSP0243, distribution as a single file).
  if (name.endsWith('.ovf'))
    return {
      kind: 'archive',
      id: 'ova',
      title: 'an OVA (a tar archive of an OVF descriptor and its disks)',
      advice: UNPACK,
    }
  return { kind: 'archive', id: 'tar', title: 'a tar archive', advice: UNPACK }
}
