import type { OsFamily } from '@imago/core/provider'
import { operatingSystemById, operatingSystemOf, type OperatingSystem } from '@imago/crosswalk'
import { word } from './text.ts'

/** Glance's list is short, so people write os-release IDs and libosinfo's words too. */
const find = (distro: string): OperatingSystem | undefined =>
  operatingSystemOf('glance', distro) ?? operatingSystemById(distro) ?? operatingSystemOf('libosinfo', distro)

/** os-release ID of `os_distro`; a word that the crosswalk does not have is kept as it is. */
export const toDistro = (distro: string | null | undefined): string | null | undefined => {
  const said = word(distro)
  return said === null || said === undefined ? said : (find(said)?.id ?? said)
}

const FAMILY: ReadonlyMap<string, OsFamily> = new Map([
  ['linux', 'linux'],
  ['windows', 'windows'],
])

/** `os_type` has two documented words; any other says nothing that we know. */
export const toFamily = (osType: string | null | undefined): OsFamily | null | undefined => {
  const said = word(osType)
  return said === null || said === undefined ? said : FAMILY.get(said.toLowerCase())
}

export const familyOfDistro = (distro: string | null | undefined): OsFamily | undefined => {
  const said = word(distro)
  return said === null || said === undefined ? undefined : find(said)?.family
}
