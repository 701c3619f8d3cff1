import { hasAt, viewOf } from './fields.ts'
import { cutShort, failIf, sizeFinding, truncated, type Format, type Seen } from './format.ts'
import { qcow2End, qcow2Tables, qcow2Wishes } from './qcow2-layout.ts'

const BACKING_FILE = 0x08
const SIZE = 0x18
const CRYPT_METHOD = 0x20
const INCOMPATIBLE = 0x48
const HEADER_LENGTH: Readonly<Record<number, number>> = { 2: 72, 3: 104 }
const DATA_FILE = 1n << 2n
/** Dirty, corrupt, external data file, compression type. Not the fifth, extended L2 entries: Glance refuses those, and so do QEMUs before 5.2. */
const KNOWN = 0b1111n

const isQcow2 = ({ head }: Seen): boolean => hasAt(head, 0, 'QFI\xfb')

/**
 * QEMU's own format, its first version too. Each field's place is of QEMU's docs/interop/qcow2.txt.
 * A file shorter than a sector is recognized, since QEMU opens it; oslo.utils wants 512 bytes.
 */
export const qcow2: Format = {
  format: 'qcow2',
  isMatch: isQcow2,
  wishes: (seen) => (isQcow2(seen) ? qcow2Wishes(seen) : []),
  tables: (seen) => (isQcow2(seen) ? qcow2Tables(seen) : []),
  read: (seen) => {
    const header = viewOf(seen.head, 512)
    const version = header.getUint32(4)
    const incompatible = version === 2 ? 0n : header.getBigUint64(INCOMPATIBLE)
    const failures = [
      ...truncated(seen, HEADER_LENGTH[version] ?? 72, 'its header'),
      ...failIf(header.getBigUint64(BACKING_FILE) !== 0n, 'backing_file', 'it names a backing file, which whoever opens it would read'),
      ...failIf((incompatible & DATA_FILE) !== 0n, 'data_file', 'its data is in another file, which whoever opens it would read'),
      ...failIf(HEADER_LENGTH[version] === undefined, 'unknown_features', `its version is ${version}; 2 and 3 are known`),
      ...failIf(HEADER_LENGTH[version] !== undefined && (incompatible & ~KNOWN) !== 0n, 'unknown_features', `it needs features that are not known: 0x${(incompatible & ~KNOWN).toString(16)}`),
    ]
    const finding = sizeFinding(header.getBigUint64(SIZE), failures, () => cutShort(seen, qcow2End(seen)))
    return header.getUint32(CRYPT_METHOD) === 0 ? finding : { ...finding, isEncrypted: true }
  },
}
