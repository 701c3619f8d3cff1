import { operatingSystemOf } from '@imago/crosswalk'

const isWord = (flavor: string | null | undefined): flavor is string => flavor !== null && flavor !== undefined && flavor !== ''

/** os-release ID of a flavor. `unknown` is Hetzner's word for "none"; a flavor that the crosswalk does not have yet is kept as it is. */
export const toDistro = (flavor: string | null | undefined): string | null | undefined => {
  if (!isWord(flavor)) return flavor === undefined ? undefined : null
  return flavor === 'unknown' ? null : (operatingSystemOf('hetzner', flavor)?.id ?? flavor)
}

/** Only for flavors that the crosswalk knows: a new one may be anything. */
export const toFamily = (flavor: string | null | undefined): 'linux' | 'windows' | 'bsd' | 'macos' | 'other' | undefined =>
  isWord(flavor) ? operatingSystemOf('hetzner', flavor)?.family : undefined
