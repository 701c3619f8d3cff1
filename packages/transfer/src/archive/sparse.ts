import { ArchiveFault } from './fault.ts'
import type { TarInput } from './tar-input.ts'

/** A piece of a file that is in the archive; what is between pieces is zeros. */
export interface Segment {
  readonly offset: number
  readonly length: number
}

/** Where the bytes of a sparse file belong. */
export interface SparseMap {
  /** Of the file, with its holes. */
  readonly size: number
  readonly segments: readonly Segment[]
}

export const BLOCK = 512

/** What a map takes in memory is bounded: 2^20 pieces are a hole each MiB of a disk of 1 TiB. */
const MOST_SEGMENTS = 2 ** 20
const DAMAGED = 'the map of a sparse file in it is damaged'

/** A number of a header: octal text, or base 256 for what does not fit (GNU). `null`: neither. */
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

/** Decimal text of PAX. */
export const decimal = (text: string | undefined): number | null => (text !== undefined && /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null)

/** In order, apart, inside the file, and exactly as many bytes as the archive holds of it. */
export const checkMap = ({ size, segments }: SparseMap, stored: number): SparseMap => {
  let end = 0
  let held = 0
  for (const { offset, length } of segments) {
    if (offset < end || offset + length > size) throw new ArchiveFault('damaged', DAMAGED)
    end = offset + length
    held += length
  }
  if (held !== stored) throw new ArchiveFault('damaged', DAMAGED)
  return { size, segments: segments.filter(({ length }) => length > 0) }
}

const ENTRY = 24
const HALF = 12

/** The pieces that a block names, from `start` on. A piece without a size of its own ends them. */
const piecesOf = (block: Uint8Array, start: number, count: number): readonly Segment[] => {
  const pieces: Segment[] = []
  for (let index = 0; index < count; index += 1) {
    const at = start + index * ENTRY
    if (block.subarray(at, at + ENTRY).every((byte) => byte === 0)) break
    const [offset, length] = [parseTarNumber(block.subarray(at, at + HALF)), parseTarNumber(block.subarray(at + HALF, at + ENTRY))]
    if (offset === null || length === null) throw new ArchiveFault('damaged', DAMAGED)
    pieces.push({ offset, length })
  }
  return pieces
}

/**
 * The map of an entry of type `S`, as `tar --format=oldgnu -S` writes it: four pieces in the header, 21 in each block that follows it
 * (GNU tar's manual, "Sparse Formats": old GNU format).
 */
export const readOldGnuMap = async (header: Uint8Array, stored: number, input: TarInput): Promise<SparseMap> => {
  const size = parseTarNumber(header.subarray(483, 495))
  if (size === null) throw new ArchiveFault('damaged', DAMAGED)
  const segments = [...piecesOf(header, 386, 4)]
  for (let isExtended = header[482] !== 0; isExtended; ) {
    const block = await input.take(BLOCK)
    if (block.length < BLOCK) throw new ArchiveFault('truncated', 'it ends inside the map of a sparse file')
    segments.push(...piecesOf(block, 0, 21))
    if (segments.length > MOST_SEGMENTS) throw new ArchiveFault('unsupported', `a sparse file in it has more than ${MOST_SEGMENTS} pieces`)
    isExtended = block[504] !== 0
  }
  return checkMap({ size, segments }, stored)
}

/** Versions 0.0 and 0.1 of GNU's sparse files in PAX: the map is in the records. `null`: these say nothing of one. */
export const parsePaxMap = (records: ReadonlyMap<string, string>, list: readonly string[], stored: number): SparseMap | null => {
  const text = records.get('GNU.sparse.map')
  const size = decimal(records.get('GNU.sparse.size'))
  if (text === undefined && list.length === 0) return null
  const numbers = (text === undefined ? list : text === '' ? [] : text.split(',')).map(decimal)
  if (size === null || numbers.length % 2 === 1 || numbers.length / 2 > MOST_SEGMENTS) throw new ArchiveFault('damaged', DAMAGED)
  const segments: Segment[] = []
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset, length] = [numbers[at] ?? null, numbers[at + 1] ?? null]
    if (offset === null || length === null) throw new ArchiveFault('damaged', DAMAGED)
    segments.push({ offset, length })
  }
  return checkMap({ size, segments }, stored)
}

/** Version 1.0: the map stands before the data, as lines of decimal numbers, filled up to whole blocks. Gives the map, and how many bytes it took. */
export const readPaxDataMap = async (size: number, stored: number, input: TarInput): Promise<{ readonly map: SparseMap; readonly taken: number }> => {
  let taken = 0
  let block: Uint8Array = new Uint8Array(0)
  let at = 0
  const number = async (): Promise<number> => {
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
    const value = decimal(text)
    if (value === null) throw new ArchiveFault('damaged', DAMAGED)
    return value
  }
  const count = await number()
  if (count > MOST_SEGMENTS) throw new ArchiveFault('unsupported', `a sparse file in it has more than ${MOST_SEGMENTS} pieces`)
  const segments: Segment[] = []
  for (let index = 0; index < count; index += 1) segments.push({ offset: await number(), length: await number() })
  return { map: checkMap({ size, segments }, stored - taken), taken }
}
