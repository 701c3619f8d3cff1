import { describe, expect, it } from '@jest/globals'
import stringWidth from 'string-width'
import { formatSize } from '../../src/output/size.ts'

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [102_400, '100 KiB'],
    [5_120_000_000, '4.8 GiB'],
    [2 ** 40, '1.0 TiB'],
    [2 ** 60, '1024 PiB'],
  ])('formats %d bytes as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
    expect(stringWidth(text)).toBe(text.length)
  })
})
