import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFormatCapture, createInspector, toInspector } from '../src/inspector.ts'
import { image, MAGICS } from './any-image.ts'
import { inspect } from './images.ts'

const KIB = 1024
describe('an inspector', () => {
  it('returns the same result however the bytes are cut', () => {
    fc.assert(
      fc.property(
        image,
        fc.array(fc.oneof(fc.constantFrom(1, 511, 512, 513, 4096, 34_816), fc.integer({ min: 1, max: 70_000 })), {
          minLength: 1,
          maxLength: 12,
        }),
        (bytes, lengths) => {
          const inspector = createInspector()
          const chunk = new Uint8Array(70_000)
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const part = bytes.subarray(at, at + (lengths[turn % lengths.length] ?? 1) * (turn > 3000 ? 100 : 1))
            // The same buffer each time: chunks may be reused.
            const given = part.length <= chunk.length ? chunk.subarray(0, part.length) : part
            if (given !== part) given.set(part)
            inspector.write(given)
            if (given !== part) given.fill(0xaa)
            at += part.length
          }
          expect(inspector.end()).toEqual(inspect(bytes, bytes.length || 1))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('never throws, keeps at most 512 KiB, and returns a consistent result', () => {
    fc.assert(
      fc.property(image, (bytes) => {
        const capture = createFormatCapture()
        const inspector = toInspector(capture)
        inspector.write(bytes)
        const { format, formats, virtualSize, failures } = inspector.end()
        expect(capture.held()).toBeLessThanOrEqual(512 * KIB)
        expect(formats).toContain(format)
        expect(new Set(formats).size).toBe(formats.length)
        expect(formats.length === 1 || !formats.includes('raw')).toBe(true)
        expect(virtualSize === null || (Number.isSafeInteger(virtualSize) && virtualSize >= 0)).toBe(true)
        expect(
          failures.every(
            ({ check, what, source }) =>
              /^[a-z_0-9]+$/.test(check) && what !== '' && !what.endsWith('.') && source !== '',
          ),
        ).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('returns the same result for any bytes after any signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom('', ...MAGICS), (bytes, magic) => {
        const all = new Uint8Array(Buffer.concat([Buffer.from(magic, 'latin1'), bytes]))
        expect(inspect(all, 7)).toEqual(inspect(all))
      }),
    )
  })
})
