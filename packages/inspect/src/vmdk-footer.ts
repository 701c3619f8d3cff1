import { toView } from './fields.ts'
import { findingIf, TAIL_LENGTH } from './format.ts'
import type { Finding } from './inspection.ts'

/** The document that vmdk*.ts follow. */
export const VMDK_SOURCE = 'VMware, Virtual Disk Format 5.0'
const SECTOR = 512
const FOOTER = 3
const END_OF_STREAM = 0
/** Offset of a grain directory at the end of the file: the footer has the true one. */
const AT_END = 2n ** 64n - 1n

/** Fields of `SparseExtentHeader` in VMware's Virtual Disk Format 5.0. Sizes and offsets are in sectors. */
export interface SparseHeader {
  readonly signature: number
  readonly version: number
  readonly sectors: bigint
  readonly descriptorSector: bigint
  readonly descriptorSectors: bigint
  readonly grainDirectory: bigint
}

/** The header of a hosted sparse extent, or its copy in the footer. Offsets: VMware's Virtual Disk Format 5.0. */
export const parseSparseHeader = (bytes: Uint8Array): SparseHeader => {
  const view = toView(bytes, SECTOR)
  return {
    signature: view.getUint32(0),
    version: view.getUint32(4, true),
    sectors: view.getBigUint64(12, true),
    descriptorSector: view.getBigUint64(28, true),
    descriptorSectors: view.getBigUint64(36, true),
    grainDirectory: view.getBigUint64(56, true),
  }
}

/** The file ends with a footer that overrides the header. */
export const hasFooter = ({ grainDirectory }: SparseHeader): boolean => grainDirectory === AT_END

const isMarker = (sector: Uint8Array, type: number): boolean => {
  const view = toView(sector, SECTOR)
  return (
    view.getUint32(8, true) === 0 &&
    view.getUint32(12, true) === type &&
    sector.subarray(16).every((byte) => byte === 0)
  )
}

/** The footer overrides the header, so it must agree with it. */
export const footerFailures = (header: SparseHeader, tail: Uint8Array): readonly Finding[] => {
  if (!hasFooter(header)) return []
  if (tail.length < TAIL_LENGTH)
    return [{ check: 'footer', what: 'it is too short for the footer that its header announces', source: VMDK_SOURCE }]
  const [marker, copy, end] = [0, 1, 2].map((index) => tail.subarray(index * SECTOR, (index + 1) * SECTOR)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  const footer = parseSparseHeader(copy)
  const isSame =
    footer.signature === header.signature &&
    footer.version === header.version &&
    footer.descriptorSector === header.descriptorSector &&
    footer.descriptorSectors === header.descriptorSectors
  const isEnd = isMarker(end, END_OF_STREAM) && toView(end, SECTOR).getBigUint64(0, true) === 0n
  if (!isSame && !isMarker(marker, FOOTER))
    return [
      {
        check: 'truncated',
        what: 'the image was cut short: it does not end with the footer that its header announces',
        source: VMDK_SOURCE,
      },
    ]
  return [
    ...findingIf(!isSame, 'footer', 'its footer differs from its header', VMDK_SOURCE),
    ...findingIf(hasFooter(footer), 'footer', 'its footer announces another footer', VMDK_SOURCE),
    ...findingIf(!isMarker(marker, FOOTER), 'footer', 'its footer has no marker', VMDK_SOURCE),
    ...findingIf(!isEnd, 'footer', 'it does not end with the end-of-stream marker', VMDK_SOURCE),
  ]
}
