import { formatSize, listUsers, type CloudIdentity, type Image, type UsageState } from '@imago/core'
import type { Expiry } from '@imago/lifecycle'

/** In characters. Longer names are truncated; the details of an image show more. */
const LONGEST_NAME = 80

const truncate = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text)

/** Formats `prod` or `lab@RegionOne`. The details of an image also show the provider. */
export const formatCloudName = ({ cloud, region, provider }: CloudIdentity): string =>
  truncate(`${cloud ?? provider}${region === null ? '' : `@${region}`}`)

export const formatImageId = ({ ref }: Image): string => truncate(ref.id)

/** The display name of an image: its name, description or ID. */
export const formatImageName = ({ name, description, ref }: Image): string =>
  truncate(name ?? (description === null || description === '' ? ref.id : description))

export const formatBytes = (bytes: number | null): string => (bytes === null ? '–' : formatSize(bytes))

export const formatDay = (instant: string | null): string => (instant === null ? '–' : instant.slice(0, 10))

/** `1 image`, `2 images`. */
export const formatCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The users of an image, each once, truncated: `server web-1`. */
export const listUserNames = (usage: UsageState): readonly string[] => listUsers(usage).map(truncate)

/** `used by 3`, `unused`, `unknown`. */
export const formatUsage = (usage: UsageState): string =>
  usage.state === 'used' ? `used by ${listUserNames(usage).length}` : usage.state

/** `support of ubuntu 20.04 ends`, `unavailable`. */
export const formatEvent = ({ event, release, isUpperBound }: Expiry): string => {
  if (event === 'unavailable' || release === null) return 'unavailable for new servers'
  return `support of ${release.system} ${release.version} ends${isUpperBound ? ' at the latest' : ''}`
}

/** `ubuntu 24.04`; `null`: unknown. */
export const formatSystem = ({ os }: Image): string | null => {
  const name = os.distro ?? os.family
  return name === null ? null : truncate(`${name}${os.version === null ? '' : ` ${os.version}`}`)
}
