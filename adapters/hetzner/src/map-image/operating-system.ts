import type { OsFamily } from '@imago/core/provider'
import { findOperatingSystemById, findOperatingSystemByName, type OperatingSystem } from '@imago/crosswalk'
import type { HetznerLabels } from '@imago/schema-hetzner/image'
import { decodeLabel, isTransferred } from './transferred.ts'

type Labels = HetznerLabels | null | undefined

const isWord = (flavor: string | null | undefined): flavor is string =>
  flavor !== null && flavor !== undefined && flavor !== ''

/** The os-release ID of a flavor. Hetzner's `unknown` means none; flavors that are not in the crosswalk stay unchanged. */
export const toDistro = (flavor: string | null | undefined): string | null | undefined => {
  if (!isWord(flavor)) return flavor === undefined ? undefined : null
  return flavor === 'unknown' ? null : (findOperatingSystemByName('hetzner', flavor)?.id ?? flavor)
}

/** Only for flavors of the crosswalk: the family of others is unknown. */
export const toFamily = (flavor: string | null | undefined): OsFamily | undefined =>
  isWord(flavor) ? findOperatingSystemByName('hetzner', flavor)?.family : undefined

/** Hetzner's operating system, if it is that of the image. */
export const unlessTransferred = <A>(labels: Labels, value: A): A | undefined =>
  isTransferred(labels) ? undefined : value

/** Transfers keep Glance's `os_distro`, whose values may be os-release IDs or libosinfo's words, too. */
const known = (word: string): OperatingSystem | undefined =>
  findOperatingSystemByName('glance', word) ??
  findOperatingSystemById(word) ??
  findOperatingSystemByName('libosinfo', word)

/** os-release ID, from the label of a transfer. */
export const distroOnLabel = (labels: Labels): string | undefined => {
  const word = decodeLabel(labels?.['imago.property/os_distro'])
  return word === undefined ? undefined : (known(word)?.id ?? word)
}

const FAMILY: ReadonlyMap<string, OsFamily> = new Map([
  ['linux', 'linux'],
  ['windows', 'windows'],
])

export const familyOnLabel = (labels: Labels): OsFamily | undefined => {
  const word = decodeLabel(labels?.['imago.property/os_type'])
  return word === undefined ? undefined : FAMILY.get(word.toLowerCase())
}

export const familyOfDistroOnLabel = (labels: Labels): OsFamily | undefined => {
  const word = decodeLabel(labels?.['imago.property/os_distro'])
  return word === undefined ? undefined : known(word)?.family
}
