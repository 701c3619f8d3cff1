import { describe, expect, it } from '@jest/globals'
import { gigabytesToBytes } from '../../src/map-image/size.ts'

describe('mapping of Hetzner images: size', () => {
  it.each([
    [0.64352086328125, 658_965_364],
    [12.9178466796875, 13_227_875_000],
    [0.1, 102_400_000],
    [2.3, 2_355_200_000],
    [5, 5_120_000_000],
    [20.5, 20_992_000_000],
    [0, 0],
    [8_000_000, 8_192_000_000_000_000],
    // More bytes than an exact number.
    [9_000_000, undefined],
    [1e308, undefined],
    [null, null],
    [undefined, undefined],
  ])('gigabytesToBytes converts %p GB to %p bytes', (gigabytes, expected) =>
    expect(gigabytesToBytes(gigabytes)).toBe(expected),
  )
})
