import { describe, expect, it } from '@jest/globals'
import { toFirmware, toSecureBoot } from '../../src/map-image/boot.ts'

describe('mapping of Glance images: boot', () => {
  it.each([
    ['bios', 'bios'],
    ['uefi', 'uefi'],
    ['coreboot', undefined],
    ['__proto__', undefined],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toFirmware(%p) returns %p', (given, expected) => expect(toFirmware(given)).toBe(expected))

  it.each([
    ['required', 'required'],
    ['optional', 'optional'],
    ['disabled', 'disabled'],
    ['maybe', undefined],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toSecureBoot(%p) returns %p', (given, expected) => expect(toSecureBoot(given)).toBe(expected))
})
