import type { OsFamily } from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'
import { toDistro, toFamily } from './operating-system.ts'

/** os-release IDs for Huawei's values that Glance, libosinfo and os-release do not define. */
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

/** Maps `__os_type` (`Linux`, `Windows`); `Other` is unknown. */
export const familyOfHuawei = (osType: string | null | undefined): OsFamily | undefined =>
  toFamily(osType ?? undefined) ?? undefined

/** Maps `__platform` to an os-release ID; `Other` is unknown. */
export const distroOfHuawei = (platform: string | null | undefined): string | undefined => {
  if (platform === null || platform === undefined) return undefined
  const word = platform.trim().toLowerCase()
  return word === '' || word === 'other' ? undefined : (PLATFORMS.get(word) ?? toDistro(word) ?? undefined)
}

const LONGEST_VERSION = 200
/** The first version number in the text, with a vendor suffix: `7.3`, `18.04`, `2012 R2`, `15 SP4`. */
const VERSION = /(?:^|[ _-])(\d+(?:\.\d+)*(?: (?:R2|SP\d+))?)(?= |$)/i

/** Extracts the version from `__os_version`: `CentOS 7.3 64bit`, `Windows Server 2012 R2 Standard 64bit`. */
export const versionOfHuawei = (osVersion: string | null | undefined): string | undefined =>
  osVersion === null || osVersion === undefined || osVersion.length > LONGEST_VERSION
    ? undefined
    : VERSION.exec(osVersion)?.[1]

type Sizes = Pick<GlanceImage, 'size' | '__image_size'>

/** Glance's `size`. A `size` of 0 next to `__image_size` means unknown. */
export const readSize = ({ size, __image_size }: Sizes): number | null | undefined =>
  size === 0 && __image_size !== null && __image_size !== undefined ? undefined : size

/** Parses `__image_size`, in bytes. */
export const sizeOfHuawei = (imageSize: string | null | undefined): number | undefined => {
  if (imageSize === null || imageSize === undefined || !/^[1-9]\d{0,15}$/.test(imageSize)) return undefined
  const bytes = Number(imageSize)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
