import type { CheckFailure, InspectedFormat } from './inspection.ts'
import type { Reached, Tables } from './table-scan.ts'

/** Part of the stream that a format asks to see besides its head. */
export interface Wish {
  readonly name: string
  /** In bytes, from the start of the stream. */
  readonly start: number
  readonly length: number
}

/** What was kept of a stream. */
export interface Seen {
  /** Of the whole stream, in bytes, as far as it has come. */
  readonly length: number
  /** The first bytes: `HEAD_LENGTH` of them, or all there are. */
  readonly head: Uint8Array
  /** As much of a part that was wished for as has come; `null` where nobody wished for it. */
  readonly part: (name: string) => Uint8Array | null
  /** What the tables of this name lead to, as far as they have passed; `null` where nobody asked for them. */
  readonly reached: (name: string) => Reached | null
  /** The last bytes: `TAIL_LENGTH` of them, or all there are. */
  readonly tail: Uint8Array
}

/** What a format says of an image. */
export interface Finding {
  readonly virtualSize: number | null
  readonly failures: readonly CheckFailure[]
  /** Absent: none. */
  readonly doubts?: readonly CheckFailure[]
  /** Absent: it is not. */
  readonly isEncrypted?: true
}

/** What there is to know of one format. Nothing here throws, whatever the bytes. */
export interface Format {
  readonly format: Exclude<InspectedFormat, 'raw'>
  readonly isMatch: (seen: Seen) => boolean
  /** Asked when the head is there, and again each time a part is; what was given once is not asked for twice. */
  readonly wishes?: (seen: Seen) => readonly Wish[]
  /** Tables to be read as they pass; asked as `wishes` are. */
  readonly tables?: (seen: Seen) => readonly Tables[]
  /** Only for streams that match. */
  readonly read: (seen: Seen) => Finding
}

/** Where ISO 9660's first volume descriptor ends: no format needs more than this to be recognized. */
export const HEAD_LENGTH = 34_816
/** A VMDK's footer: its marker, a copy of the header, the end of the stream. */
export const TAIL_LENGTH = 1536

/** The failure in a list, or none. */
export const failIf = (isWrong: boolean, check: string, what: string): readonly CheckFailure[] => (isWrong ? [{ check, what }] : [])

/** A header says how large it is; the stream must hold it. */
export const truncated = ({ length }: Seen, needed: number, what: string): readonly CheckFailure[] =>
  failIf(length < needed, 'truncated', `the image ends after ${length} bytes, inside ${what}`)

/** Its tables say how far its data reaches; the stream must reach as far. */
export const cutShort = ({ length }: Seen, needed: number): readonly CheckFailure[] =>
  failIf(length < needed, 'truncated', `the image ends after ${length} bytes, and its tables lead to byte ${Math.min(needed, Number.MAX_SAFE_INTEGER)}: it was cut short`)

/**
 * A size of 64 bits, from the header, and what is wrong. Beyond 2^53-1 it is no size that anything could hold: `null`, and a failure.
 * @param cut whether all is there: asked only of what is sound otherwise.
 */
export const sizeFinding = (size: bigint, failures: readonly CheckFailure[], cut: () => readonly CheckFailure[] = () => []): Finding => {
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) return { virtualSize: null, failures: [...failures, { check: 'virtual_size', what: `it says that the disk inside has ${size} bytes` }] }
  return { virtualSize: Number(size), failures: failures.length > 0 ? failures : cut() }
}
