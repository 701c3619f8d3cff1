import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { captureForFormats, createInspector, inspectorOf } from '../../src/inspect/inspector.ts'
import { inspect, qemuImages, vectors } from './images.ts'

const KIB = 1024
const images: readonly Uint8Array[] = [...vectors.map(({ bytes }) => bytes), ...qemuImages.values()]

/** Places where formats keep what they are read by. */
const PLACES = [0, 4, 8, 24, 32, 60, 0x40, 0x48, 0x170, 446, 450, 510, 512, 540, 1024, 32_768, 192 * KIB, 192 * KIB + 16, 192 * KIB + 32, 256 * KIB, KIB * KIB, 2 * KIB * KIB, 2 * KIB * KIB + 32]
const MAGICS = ['QFI\xfb\0\0\0\x03', 'QED\0', 'conectix', 'vhdxfile', 'KDMV\x01\0\0\0', 'COWD', '# Disk DescriptorFile\nversion=1\n', 'createType="monolithicSparse"\n', 'parentFileNameHint="/etc/passwd"', '\x01CD001', 'LUKS\xba\xbe\0\x01', '\x55\xaa', '\x7f\x10\xda\xbe', 'regi\0\0\0\0\xff\x07', 'metadata\0\0\xff\x07', '\xff\xff\xff\xff\xff\xff\xff\xff']

interface Change {
  readonly at: number
  readonly bytes: Uint8Array
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.oneof(fc.constantFrom(...PLACES), fc.nat({ max: 1100 }), fc.nat({ max: 3 * KIB * KIB })),
  bytes: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 24 }), fc.constantFrom(...MAGICS).map((text) => new Uint8Array(Buffer.from(text, 'latin1')))),
})

/** One of the images, some of its bytes changed, cut short or made longer. */
const image: fc.Arbitrary<Uint8Array> = fc.tuple(fc.constantFrom(...images), fc.array(change, { maxLength: 6 }), fc.option(fc.oneof(fc.nat({ max: 700 }), fc.nat({ max: 400 * KIB })))).map(([original, changes, length]) => {
  const bytes = new Uint8Array(length ?? original.length)
  bytes.set(original.subarray(0, bytes.length))
  for (const { at, bytes: changed } of changes) if (at < bytes.length) bytes.set(changed.subarray(0, bytes.length - at), at)
  return bytes
})

describe('whatever the bytes', () => {
  test('however they are cut, the inspection is the same', () => {
    fc.assert(
      fc.property(image, fc.array(fc.oneof(fc.constantFrom(1, 511, 512, 513, 4096, 34_816), fc.integer({ min: 1, max: 70_000 })), { minLength: 1, maxLength: 12 }), (bytes, lengths) => {
        const inspector = createInspector()
        const chunk = new Uint8Array(70_000)
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const part = bytes.subarray(at, at + (lengths[turn % lengths.length] ?? 1) * (turn > 3000 ? 100 : 1))
          // The same memory each time, as a reader with one buffer has it.
          const given = part.length <= chunk.length ? chunk.subarray(0, part.length) : part
          if (given !== part) given.set(part)
          inspector.write(given)
          if (given !== part) given.fill(0xaa)
          at += part.length
        }
        expect(inspector.end()).toEqual(inspect(bytes, bytes.length || 1))
      }),
      { numRuns: 150 },
    )
  })

  test('nothing is thrown, at most 512 KiB are held, and what is said fits together', () => {
    fc.assert(
      fc.property(image, (bytes) => {
        const capture = captureForFormats()
        const inspector = inspectorOf(capture)
        inspector.write(bytes)
        const { format, formats, virtualSize, failures } = inspector.end()
        expect(capture.held()).toBeLessThanOrEqual(512 * KIB)
        expect(formats).toContain(format)
        expect(new Set(formats).size).toBe(formats.length)
        expect(formats.length === 1 || !formats.includes('raw')).toBe(true)
        expect(virtualSize === null || (Number.isSafeInteger(virtualSize) && virtualSize >= 0)).toBe(true)
        expect(failures.every(({ check, what }) => /^[a-z_0-9]+$/.test(check) && what !== '' && !what.endsWith('.'))).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom('', ...MAGICS), (bytes, magic) => {
        const all = new Uint8Array(Buffer.concat([Buffer.from(magic, 'latin1'), bytes]))
        expect(inspect(all, 7)).toEqual(inspect(all))
      }),
    )
  })
})
