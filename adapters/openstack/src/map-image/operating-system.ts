import type { OsFamily } from '@imago/core/provider'
import { findOperatingSystemById, findOperatingSystemByName, type OperatingSystem } from '@imago/crosswalk'
import { word } from './text.ts'

/** Glance's list is short, so users also write os-release and libosinfo IDs. */
const find = (distro: string): OperatingSystem | undefined =>
  findOperatingSystemByName('glance', distro) ??
  findOperatingSystemById(distro) ??
  findOperatingSystemByName('libosinfo', distro)

/** os-release ID for `os_distro`; unknown values are kept. */
export const toDistro = (distro: string | null | undefined): string | null | undefined => {
  const value = word(distro)
  return value === null || value === undefined ? value : (find(value)?.id ?? value)
}

const FAMILY: ReadonlyMap<string, OsFamily> = new Map([
  ['linux', 'linux'],
  ['windows', 'windows'],
])

/** `os_type` has two documented values; others are unknown. */
export const toFamily = (osType: string | null | undefined): OsFamily | null | undefined => {
  const value = word(osType)
  return value === null || value === undefined ? value : FAMILY.get(value.toLowerCase())
}

export const familyOfDistro = (distro: string | null | undefined): OsFamily | undefined => {
  const value = word(distro)
  return value === null || value === undefined ? undefined : find(value)?.family
}
