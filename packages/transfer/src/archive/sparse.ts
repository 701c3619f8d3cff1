import { ArchiveFault } from './fault.ts'
import type { TarInput } from './tar-input.ts'

/** A part of a sparse file that is in the archive, in bytes. Between segments are zeros. */
export interface Segment {
  readonly offset: number
  readonly length: number
}

/** The layout of a sparse file. */
export interface SparseMap {
  /** Of the file with its holes, in bytes. */
  readonly size: number
  readonly segments: readonly Segment[]
}

/** In bytes: tar archives consist of such blocks. */
export const BLOCK = 512

/** Bounds the memory for a map: 2^20 segments are one for each MiB of a disk of 1 TiB. */
const MAX_SEGMENTS = 2 ** 20
const DAMAGED = 'the map of a sparse file in it is damaged'

/** Parses a number of a header: octal text, or base 256 for large numbers (GNU). `null`: neither. */
export const parseTarNumber = (field: Uint8Array): number | null => {
  const first = field[0] ?? 0
  if (first === 0x80) {
    const value = field.subarray(1).reduce((all, byte) => all * 256 + byte, 0)
    return Number.isSafeInteger(value) ? value : null
  }
  const text = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim()
  if (text === '') return 0
  const value = /^[0-7]{1,17}$/.test(text) ? Number.parseInt(text, 8) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
}

/** Parses a decimal number of a PAX record; `null`: not one. */
export const parseDecimal = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null

/** Checks that segments are in order, do not overlap, are inside the file, and have as many bytes as the archive holds of it. Throws `ArchiveFault`. */
export const checkMap = ({ size, segments }: SparseMap, stored: number): SparseMap => {
  let end = 0
  let total = 0
  for (const { offset, length } of segments) {
    if (offset < end || offset + length > size) throw new ArchiveFault('damaged', DAMAGED)
    end = offset + length
    total += length
  }
  if (total !== stored) throw new ArchiveFault('damaged', DAMAGED)
  return { size, segments: segments.filter(({ length }) => length > 0) }
}

const ENTRY = 24
const HALF = 12

/** The segments in a block, from `start` on. An empty entry ends them. */
const parseSegments = (block: Uint8Array, start: number, count: number): readonly Segment[] => {
  const segments: Segment[] = []
  for (let index = 0; index < count; index += 1) {
    const at = start + index * ENTRY
    if (block.subarray(at, at + ENTRY).every((byte) => byte === 0)) break
    const [offset, length] = [
      parseTarNumber(block.subarray(at, at + HALF)),
      parseTarNumber(block.subarray(at + HALF, at + ENTRY)),
    ]
    if (offset === null || length === null) throw new ArchiveFault('damaged', DAMAGED)
    segments.push({ offset, length })
  }
  return segments
}

/**
 * Reads the map of an entry of type `S`, as `tar --format=oldgnu -S` writes it: four segments in the header, 21 in each block that follows
 * (GNU tar manual, "Sparse Formats", old GNU format).
 */
export const readOldGnuMap = async (header: Uint8Array, stored: number, input: TarInput): Promise<SparseMap> => {
  const size = parseTarNumber(header.subarray(483, 495))
  if (size === null) throw new ArchiveFault('damaged', DAMAGED)
  const segments = [...parseSegments(header, 386, 4)]
  for (let isExtended = header[482] !== 0; isExtended;) {
    const block = await input.take(BLOCK)
    if (block.length < BLOCK) throw new ArchiveFault('truncated', 'it ends inside the map of a sparse file')
    segments.push(...parseSegments(block, 0, 21))
    if (segments.length > MAX_SEGMENTS)
      throw new ArchiveFault('unsupported', `a sparse file in it has more than ${MAX_SEGMENTS} segments`)
    isExtended = block[504] !== 0
  }
  return checkMap({ size, segments }, stored)
}

/** Parses the map of GNU's sparse format 0.0 or 0.1, which is in PAX records; `null`: they have none. */
export const parsePaxMap = (
  records: ReadonlyMap<string, string>,
  list: readonly string[],
  stored: number,
): SparseMap | null => {
  const text = records.get('GNU.sparse.map')
  const size = parseDecimal(records.get('GNU.sparse.size'))
  if (text === undefined && list.length === 0) return null
  const numbers = (text === undefined ? list : text === '' ? [] : text.split(',')).map(parseDecimal)
  if (size === null || numbers.length % 2 === 1 || numbers.length / 2 > MAX_SEGMENTS)
    throw new ArchiveFault('damaged', DAMAGED)
  const segments: Segment[] = []
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset, length] = [numbers[at] ?? null, numbers[at + 1] ?? null]
    if (offset === null || length === null) throw new ArchiveFault('damaged', DAMAGED)
    segments.push({ offset, length })
  }
  return checkMap({ size, segments }, stored)
}

/** Reads the map of GNU's sparse format 1.0: lines of decimal numbers before the data, padded to whole blocks. `taken`: its length in bytes. */
export const readPaxDataMap = async (
  size: number,
  stored: number,
  input: TarInput,
): Promise<{ readonly map: SparseMap; readonly taken: number }> => {
  let taken = 0
  let block: Uint8Array = new Uint8Array(0)
  let at = 0
  const readNumber = async (): Promise<number> => {
    let text = ''
    for (;;) {
      if (at === block.length) {
        if (taken + BLOCK > stored) throw new ArchiveFault('damaged', DAMAGED)
        block = await input.take(BLOCK)
        if (block.length < BLOCK) throw new ArchiveFault('truncated', 'it ends inside the map of a sparse file')
        taken += BLOCK
        at = 0
      }
      const byte = block[at] ?? 0
      at += 1
      if (byte === 0x0a) break
      text += String.fromCharCode(byte)
      if (text.length > 16) throw new ArchiveFault('damaged', DAMAGED)
    }
    const value = parseDecimal(text)
    if (value === null) throw new ArchiveFault('damaged', DAMAGED)
    return value
  }
  const count = await readNumber()
  if (count > MAX_SEGMENTS)
    throw new ArchiveFault('unsupported', `a sparse file in it has more than ${MAX_SEGMENTS} segments`)
  const segments: Segment[] = []
  for (let index = 0; index < count; index += 1)
    segments.push({ offset: await readNumber(), length: await readNumber() })
  return { map: checkMap({ size, segments }, stored - taken), taken }
}
