import type { Image, UsageState } from '@imago/core'
import type { SupportData } from '@imago/crosswalk/support'
import type { Expiry } from '@imago/lifecycle'

/** An image that expires. */
export interface ExpiringImage {
  readonly image: Image
  /** Sorted by date; at least one. */
  readonly expiries: readonly [Expiry, ...Expiry[]]
  /** Calendar days (UTC) until the first expiry; negative: it has passed. */
  readonly days: number
  /** `null`: usage was not read. */
  readonly usage: UsageState | null
}

/** `support of ubuntu 20.04 ends`, `unavailable`. */
export const describeExpiry = ({ event, release, isUpperBound }: Expiry): string => {
  if (event === 'unavailable' || release === null) return 'unavailable'
  return `support of ${release.system} ${release.version} ends${isUpperBound ? ' on this date or earlier' : ''}`
}

/** The source of an expiry date: `the image`, `endoflife.date, commit a70eca3 (2026-08-22)`. */
export const describeSource = ({ source, release }: Expiry, data: SupportData): string => {
  if (source === 'image' || release === null) return 'the image'
  return release.sources
    .map((key) => data.sources[key])
    .map((known, index) => (known === undefined ? (release.sources[index] ?? '') : `${known.title} (${known.date})`))
    .join('; ')
}
