import type { OsFamily } from '@imago/core/provider'
import { operatingSystemById, operatingSystemOf, type OperatingSystem } from '@imago/crosswalk'
import { word } from './text.ts'

/** Glance's list is short, so users also write os-release and libosinfo IDs. */
const find = (distro: string): OperatingSystem | undefined =>
  operatingSystemOf('glance', distro) ?? operatingSystemById(distro) ?? operatingSystemOf('libosinfo', distro)

/** os-release ID for `os_distro`; unknown values are kept. */
export const toDistro = (distro: string | null | undefined): string | null | undefined => {
  const said = word(distro)
  return said === null || said === undefined ? said : (find(said)?.id ?? said)
}

const FAMILY: ReadonlyMap<string, OsFamily> = new Map([
  ['linux', 'linux'],
  ['windows', 'windows'],
])

/** `os_type` has two documented values; others are unknown. */
export const toFamily = (osType: string | null | undefined): OsFamily | null | undefined => {
  const said = word(osType)
  return said === null || said === undefined ? said : FAMILY.get(said.toLowerCase())
}

export const familyOfDistro = (distro: string | null | undefined): OsFamily | undefined => {
  const said = word(distro)
  return said === null || said === undefined ? undefined : find(said)?.family
}
