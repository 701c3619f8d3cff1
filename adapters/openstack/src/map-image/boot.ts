import type { Firmware, SecureBoot } from '@imago/core/provider'

const FIRMWARE: ReadonlyMap<string, Firmware> = new Map([
  ['bios', 'bios'],
  ['uefi', 'uefi'],
])

/** glance: doc/source/admin/useful-image-properties.rst, hw_firmware_type. */
export const toFirmware = (word: string | null | undefined): Firmware | null | undefined =>
  word === null || word === '' ? null : word === undefined ? undefined : FIRMWARE.get(word)

const SECURE_BOOT: ReadonlyMap<string, SecureBoot> = new Map([
  ['required', 'required'],
  ['optional', 'optional'],
  ['disabled', 'disabled'],
])

/** glance: doc/source/admin/useful-image-properties.rst, os_secure_boot. */
export const toSecureBoot = (word: string | null | undefined): SecureBoot | null | undefined =>
  word === null || word === '' ? null : word === undefined ? undefined : SECURE_BOOT.get(word)
