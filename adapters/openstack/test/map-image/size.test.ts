import { describe, expect, it } from '@jest/globals'
import { gibibytesToBytes, mebibytesToBytes } from '../../src/map-image/size.ts'

describe('mapping of Glance images: size', () => {
  it.each([
    [0, 0, 0],
    [1, 1_073_741_824, 1_048_576],
    [20, 21_474_836_480, 20_971_520],
    [512, 549_755_813_888, 536_870_912],
    [8_388_607, 9_007_198_180_999_168, 8_796_091_973_632],
    // Above the safe integer range.
    [8_388_608, undefined, 8_796_093_022_208],
    [2 ** 53 - 1, undefined, undefined],
    [null, null, null],
    [undefined, undefined, undefined],
  ])('converts %p from GiB to %p and from MiB to %p bytes', (amount, gibibytes, mebibytes) => {
    expect(gibibytesToBytes(amount)).toBe(gibibytes)
    expect(mebibytesToBytes(amount)).toBe(mebibytes)
  })
})
