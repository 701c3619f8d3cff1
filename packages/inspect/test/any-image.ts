import fc from 'fast-check'
import { qemuImages, vectors } from './images.ts'

const KIB = 1024
const images: readonly Uint8Array[] = [...vectors.map(({ bytes }) => bytes), ...qemuImages.values()]

/** Offsets of the fields that formats are read by. */
const PLACES = [
  0,
  4,
  8,
  24,
  32,
  60,
  0x40,
  0x48,
  0x170,
  446,
  450,
  510,
  512,
  540,
  1024,
  32_768,
  192 * KIB,
  192 * KIB + 16,
  192 * KIB + 32,
  256 * KIB,
  KIB * KIB,
  2 * KIB * KIB,
  2 * KIB * KIB + 32,
]
/** Signatures of formats, and other words with a meaning. */
export const MAGICS = [
  'QFI\xfb\0\0\0\x03',
  'QED\0',
  'conectix',
  'vhdxfile',
  'KDMV\x01\0\0\0',
  'COWD',
  '# Disk DescriptorFile\nversion=1\n',
  'createType="monolithicSparse"\n',
  'parentFileNameHint="/etc/passwd"',
  '\x01CD001',
  'LUKS\xba\xbe\0\x01',
  '\x55\xaa',
  '\x7f\x10\xda\xbe',
  'regi\0\0\0\0\xff\x07',
  'metadata\0\0\xff\x07',
  '\xff\xff\xff\xff\xff\xff\xff\xff',
]

interface Change {
  readonly at: number
  readonly bytes: Uint8Array
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.oneof(fc.constantFrom(...PLACES), fc.nat({ max: 1100 }), fc.nat({ max: 3 * KIB * KIB })),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 24 }),
    fc.constantFrom(...MAGICS).map((text) => new Uint8Array(Buffer.from(text, 'latin1'))),
  ),
})

/** One of the images, with changed bytes, truncated or extended. */
export const image: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom(...images),
    fc.array(change, { maxLength: 6 }),
    fc.option(fc.oneof(fc.nat({ max: 700 }), fc.nat({ max: 400 * KIB }))),
  )
  .map(([original, changes, length]) => {
    const bytes = new Uint8Array(length ?? original.length)
    bytes.set(original.subarray(0, bytes.length))
    for (const { at, bytes: changed } of changes)
      if (at < bytes.length) bytes.set(changed.subarray(0, bytes.length - at), at)
    return bytes
  })
