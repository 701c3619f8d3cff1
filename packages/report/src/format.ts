import {
  formatSize,
  totalMonthlyCosts,
  type CloudIdentity,
  type Image,
  type MonthlyCost,
  type UsageState,
} from '@imago/core'
import type { Expiry } from '@imago/lifecycle'

/** In characters. Longer names are truncated; the details of an image show more. */
const LONGEST_NAME = 80

const truncate = (text: string): string => (text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text)

/** `prod`, `lab@RegionOne`; of several providers with the same name, the report shows the provider in the details. */
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

const roundAmount = (amount: string): string => {
  const value = Number(amount)
  return value !== 0 && value < 0.01 ? value.toFixed(4) : value.toFixed(2)
}

/** Sums of net prices, one for each currency: `12.30 EUR`, or `14.64 EUR gross` if only gross prices are known; `null`: no cost is known. */
export const formatCosts = (costs: readonly MonthlyCost[]): string | null => {
  const texts = totalMonthlyCosts(costs).flatMap(({ amount: { net, gross }, currency }) => {
    if (net !== null) return [`${roundAmount(net)} ${currency}`]
    return gross === null ? [] : [`${roundAmount(gross)} ${currency} gross`]
  })
  return texts.length === 0 ? null : texts.join(' + ')
}

const isUse = ({ relation }: UsageState['edges'][number]): boolean => relation !== 'origin'

/** The users of an image, each once: `server web-1`. */
export const listUsers = ({ edges }: UsageState): readonly string[] => [
  ...new Set(edges.filter(isUse).map(({ by }) => truncate(`${by.kind} ${by.name ?? by.id}`))),
]

/** `used by 3`, `unused`, `unknown`. */
export const formatUsage = (usage: UsageState): string =>
  usage.state === 'used' ? `used by ${listUsers(usage).length}` : usage.state

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
