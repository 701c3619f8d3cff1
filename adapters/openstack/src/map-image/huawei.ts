import type { OsFamily } from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'
import { toDistro, toFamily } from './operating-system.ts'

/** Where Huawei's words are none of Glance's, libosinfo's or os-release's. Ids: os-release. */
const PLATFORMS: ReadonlyMap<string, string> = new Map([
  ['alma linux', 'almalinux'],
  ['oracle linux', 'ol'],
  ['red hat', 'rhel'],
  ['redhat', 'rhel'],
  ['rocky linux', 'rocky'],
  ['suse', 'sles'],
  ['opensuse', 'opensuse'],
  ['openeuler', 'openEuler'],
  ['euleros', 'euleros'],
  ['huawei cloud euleros', 'hce'],
])

/** `__os_type`: `Linux`, `Windows`; `Other` says nothing. */
export const familyOfHuawei = (osType: string | null | undefined): OsFamily | undefined =>
  toFamily(osType ?? undefined) ?? undefined

/** `__platform` as os-release ID; `Other` says nothing. */
export const distroOfHuawei = (platform: string | null | undefined): string | undefined => {
  if (platform === null || platform === undefined) return undefined
  const word = platform.trim().toLowerCase()
  return word === '' || word === 'other' ? undefined : (PLATFORMS.get(word) ?? toDistro(word) ?? undefined)
}

const LONGEST_VERSION = 200
/** `7.3`, `18.04`, `2012 R2`, `15 SP4`: the first number of the text, with what vendors write behind it. */
const VERSION = /(?:^|[ _-])(\d+(?:\.\d+)*(?: (?:R2|SP\d+))?)(?= |$)/i

/** The version in `__os_version`: `CentOS 7.3 64bit`, `Windows Server 2012 R2 Standard 64bit`. */
export const versionOfHuawei = (osVersion: string | null | undefined): string | undefined =>
  osVersion === null || osVersion === undefined || osVersion.length > LONGEST_VERSION
    ? undefined
    : VERSION.exec(osVersion)?.[1]

type Sizes = Pick<GlanceImage, 'size' | '__image_size'>

/** What Glance says; 0 beside `__image_size` is what a cloud sends that does not know. */
export const readSize = ({ size, __image_size }: Sizes): number | null | undefined =>
  size === 0 && __image_size !== null && __image_size !== undefined ? undefined : size

/** Bytes of `__image_size`. */
export const sizeOfHuawei = (imageSize: string | null | undefined): number | undefined => {
  if (imageSize === null || imageSize === undefined || !/^[1-9]\d{0,15}$/.test(imageSize)) return undefined
  const bytes = Number(imageSize)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
