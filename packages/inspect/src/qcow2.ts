import { hasText, toView } from './fields.ts'
import { checkEnd, checkHeader, findingIf, reportSize, type CapturedBytes, type Format } from './format.ts'
import { findQcow2End, requestQcow2Tables, requestQcow2Parts } from './qcow2-layout.ts'

const BACKING_FILE = 0x08
const SIZE = 0x18
const CRYPT_METHOD = 0x20
const INCOMPATIBLE = 0x48
const HEADER_LENGTH: Readonly<Record<number, number>> = { 2: 72, 3: 104 }
const DATA_FILE = 1n << 2n
/** Dirty, corrupt, external data file, compression type. Not extended L2 entries: Glance refuses them, and QEMU before 5.2 cannot read them. */
const KNOWN = 0b1111n

const isQcow2 = ({ head }: CapturedBytes): boolean => hasText(head, 0, 'QFI\xfb')

const SOURCE = 'QEMU, docs/interop/qcow2.txt'

/**
 * QEMU's own format, including version 1. Offsets: QEMU's docs/interop/qcow2.txt.
 * A file shorter than a sector is recognized, since QEMU opens it; oslo.utils requires 512 bytes.
 */
export const qcow2: Format = {
  format: 'qcow2',
  isMatch: isQcow2,
  requestParts: (captured) => (isQcow2(captured) ? requestQcow2Parts(captured) : []),
  requestTables: (captured) => (isQcow2(captured) ? requestQcow2Tables(captured) : []),
  read: (captured) => {
    const header = toView(captured.head, 512)
    const version = header.getUint32(4)
    const incompatible = version === 2 ? 0n : header.getBigUint64(INCOMPATIBLE)
    const failures = [
      ...checkHeader(captured, HEADER_LENGTH[version] ?? 72, 'its header', SOURCE),
      ...findingIf(
        header.getBigUint64(BACKING_FILE) !== 0n,
        'backing_file',
        'it has a backing file, and a program that opens the image also reads that file',
        SOURCE,
      ),
      ...findingIf(
        (incompatible & DATA_FILE) !== 0n,
        'data_file',
        'its data is in another file, and a program that opens the image also reads that file',
        SOURCE,
      ),
      ...findingIf(
        HEADER_LENGTH[version] === undefined,
        'unknown_features',
        `it has version ${version}, and only versions 2 and 3 are supported`,
        SOURCE,
      ),
      ...findingIf(
        HEADER_LENGTH[version] !== undefined && (incompatible & ~KNOWN) !== 0n,
        'unknown_features',
        `it requires unsupported features: 0x${(incompatible & ~KNOWN).toString(16)}`,
        SOURCE,
      ),
    ]
    const finding = reportSize(header.getBigUint64(SIZE), SOURCE, failures, () =>
      checkEnd(captured, findQcow2End(captured), SOURCE),
    )
    return header.getUint32(CRYPT_METHOD) === 0 ? finding : { ...finding, isEncrypted: true }
  },
}
