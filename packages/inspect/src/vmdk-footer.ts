import { viewOf } from './fields.ts'
import { failIf, TAIL_LENGTH } from './format.ts'
import type { CheckFailure } from './inspection.ts'

const SECTOR = 512
const FOOTER = 3
const END_OF_STREAM = 0
/** Where the grain directory is: at the end, the footer tells. */
const AT_END = 2n ** 64n - 1n

export interface SparseHeader {
  readonly signature: number
  readonly version: number
  readonly sectors: bigint
  readonly descriptorSector: bigint
  readonly descriptorSectors: bigint
  readonly grainDirectory: bigint
}

/** The header of a hosted sparse extent, and the copy of it in the footer: VMware's Virtual Disk Format 5.0. */
export const sparseHeaderOf = (bytes: Uint8Array): SparseHeader => {
  const view = viewOf(bytes, SECTOR)
  return {
    signature: view.getUint32(0),
    version: view.getUint32(4, true),
    sectors: view.getBigUint64(12, true),
    descriptorSector: view.getBigUint64(28, true),
    descriptorSectors: view.getBigUint64(36, true),
    grainDirectory: view.getBigUint64(56, true),
  }
}

export const hasFooter = ({ grainDirectory }: SparseHeader): boolean => grainDirectory === AT_END

const isMarker = (sector: Uint8Array, type: number): boolean => {
  const view = viewOf(sector, SECTOR)
  return view.getUint32(8, true) === 0 && view.getUint32(12, true) === type && sector.subarray(16).every((byte) => byte === 0)
}

/** The last three sectors outrank the header, so they must agree with it. */
export const footerFailures = (header: SparseHeader, tail: Uint8Array): readonly CheckFailure[] => {
  if (!hasFooter(header)) return []
  if (tail.length < TAIL_LENGTH) return [{ check: 'footer', what: 'it should have a footer, and is too short for one' }]
  const [marker, copy, end] = [0, 1, 2].map((index) => tail.subarray(index * SECTOR, (index + 1) * SECTOR)) as [Uint8Array, Uint8Array, Uint8Array]
  const footer = sparseHeaderOf(copy)
  const isSame = footer.signature === header.signature && footer.version === header.version && footer.descriptorSector === header.descriptorSector && footer.descriptorSectors === header.descriptorSectors
  const isEnd = isMarker(end, END_OF_STREAM) && viewOf(end, SECTOR).getBigUint64(0, true) === 0n
  if (!isSame && !isMarker(marker, FOOTER)) return [{ check: 'truncated', what: 'it does not end with the footer that its header tells of: it was cut short' }]
  return [
    ...failIf(!isSame, 'footer', 'its footer is not the copy of its header'),
    ...failIf(hasFooter(footer), 'footer', 'its footer names another footer'),
    ...failIf(!isMarker(marker, FOOTER), 'footer', 'its footer is not marked as one'),
    ...failIf(!isEnd, 'footer', 'it does not end with the end-of-stream marker'),
  ]
}
