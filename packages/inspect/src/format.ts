import type { Finding, InspectedFormat } from './inspection.ts'
import type { TableExtent, TableGroup } from './table-scan.ts'

/** A part of the image that a format needs besides head and tail. */
export interface PartRequest {
  readonly name: string
  /** Offset in the image, in bytes. */
  readonly start: number
  /** In bytes. */
  readonly length: number
}

/** What was captured of an image. */
export interface CapturedBytes {
  /** Length of the image in bytes, as far as it was read. */
  readonly length: number
  /** The first `HEAD_LENGTH` bytes, or all there are. */
  readonly head: Uint8Array
  /** As much of a requested part as was read; `null` if nobody requested it. */
  readonly part: (name: string) => Uint8Array | null
  /** How far the entries of a requested table group lead, as far as the tables were read; `null` if nobody requested it. */
  readonly extent: (name: string) => TableExtent | null
  /** The last `TAIL_LENGTH` bytes, or all there are. */
  readonly tail: Uint8Array
}

/** What a format reports about an image. */
export interface FormatReport {
  readonly virtualSize: number | null
  readonly failures: readonly Finding[]
  /** Absent: none. */
  readonly doubts?: readonly Finding[]
  /** Absent: no. */
  readonly isEncrypted?: true
}

/** One image format. No function here throws, whatever the bytes. */
export interface Format {
  readonly format: Exclude<InspectedFormat, 'raw'>
  readonly isMatch: (captured: CapturedBytes) => boolean
  /** Called when the head is complete and again after each part; a name that was requested before is ignored. */
  readonly requestParts?: (captured: CapturedBytes) => readonly PartRequest[]
  /** Tables to read as they pass; called like `requestParts`. */
  readonly requestTables?: (captured: CapturedBytes) => readonly TableGroup[]
  /** Called only for images that match. */
  readonly read: (captured: CapturedBytes) => FormatReport
}

/** In bytes: the end of ISO 9660's first volume descriptor. No format needs more to be recognized. */
export const HEAD_LENGTH = 34_816
/** In bytes: a VMDK's footer, which is a marker, a copy of the header and the end-of-stream marker. */
export const TAIL_LENGTH = 1536

/** A list of one finding, or of none. */
export const findingIf = (isWrong: boolean, check: string, what: string, source: string): readonly Finding[] =>
  isWrong ? [{ check, what, source }] : []

/** Fails if the image ends inside its own header. `needed`: where the header ends, in bytes. */
export const checkHeader = (
  { length }: CapturedBytes,
  needed: number,
  what: string,
  source: string,
): readonly Finding[] =>
  findingIf(length < needed, 'truncated', `the image ends after ${length} bytes, inside ${what}`, source)

/** Fails if the image ends before the data its tables point to. `needed`: where that data ends, in bytes. */
export const checkEnd = ({ length }: CapturedBytes, needed: number, source: string): readonly Finding[] =>
  findingIf(
    length < needed,
    'truncated',
    `the image was cut short: it ends after ${length} bytes, and its tables point to byte ${Math.min(needed, Number.MAX_SAFE_INTEGER)}`,
    source,
  )

/**
 * A report with a 64-bit size from the header. A size above 2^53 - 1 bytes is a failure, and `null`: no storage holds that.
 * @param checkWhole whether the image is complete; called only if there is no failure.
 */
export const reportSize = (
  size: bigint,
  source: string,
  failures: readonly Finding[],
  checkWhole: () => readonly Finding[] = () => [],
): FormatReport => {
  if (size > BigInt(Number.MAX_SAFE_INTEGER))
    return {
      virtualSize: null,
      failures: [
        ...failures,
        { check: 'virtual_size', what: `its header gives the disk a size of ${size} bytes`, source },
      ],
    }
  return { virtualSize: Number(size), failures: failures.length > 0 ? failures : checkWhole() }
}
