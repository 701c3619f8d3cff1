import type { Image } from '@imago/core'
import { findReleases, type SupportData, type SystemRelease } from '@imago/crosswalk/support'

/** The level of support whose end counts. */
export type SupportLevel = 'standard' | 'lts' | 'paid'

/** A date after which an image should not be used. */
export interface Expiry {
  /**
   * - `unavailable`: no new server can be created from it.
   * - `support`: its operating system gets no more security updates.
   */
  readonly event: 'unavailable' | 'support'
  /** RFC 3339; for `support`, the last day with updates: `2029-05-31`. */
  readonly date: string
  /** The source of the date. `image`: the provider's record of the image. `support-data`: the data on operating systems. */
  readonly source: 'image' | 'support-data'
  /** For `support`, the release; otherwise `null`. */
  readonly release: SystemRelease | null
  /** The image's version matches several releases. The date is that of the last one, so support may end earlier. */
  readonly isUpperBound: boolean
}

const END_FIELDS = {
  standard: ['standardEnd'],
  lts: ['ltsEnd', 'standardEnd'],
  paid: ['paidEnd', 'ltsEnd', 'standardEnd'],
} as const satisfies Readonly<Record<SupportLevel, readonly (keyof SystemRelease)[]>>

/** The end of updates with this level and those below it; `null`: unknown. */
export const readSupportEnd = (release: SystemRelease, level: SupportLevel): string | null => {
  const ends = END_FIELDS[level].flatMap((field) => release[field] ?? [])
  return ends.length === 0 ? null : ends.reduce((latest, end) => (end > latest ? end : latest))
}

/** The end of updates of an image's operating system; `null`: the release or its end is unknown. */
const findSupportEnd = ({ os }: Image, data: SupportData, level: SupportLevel): Expiry | null => {
  if (os.distro === null || os.version === null) return null
  const ends = findReleases(os.distro, os.version, data).map((release) => ({
    release,
    date: readSupportEnd(release, level),
  }))
  const [first, ...others] = ends
  if (first === undefined) return null
  let last = { release: first.release, date: first.date }
  for (const end of others) if (end.date === null || (last.date !== null && end.date > last.date)) last = end
  if (last.date === null) return null
  return {
    event: 'support',
    date: last.date,
    source: 'support-data',
    release: last.release,
    isUpperBound: others.length > 0,
  }
}

/** All dates after which an image should not be used, the earliest first. */
export const findExpiries = (image: Image, data: SupportData, level: SupportLevel = 'standard'): readonly Expiry[] => {
  const unavailable: Expiry | null =
    image.unavailableAfter === null
      ? null
      : { event: 'unavailable', date: image.unavailableAfter, source: 'image', release: null, isUpperBound: false }
  return [unavailable, findSupportEnd(image, data, level)]
    .filter((expiry) => expiry !== null)
    .sort((a, b) => Date.parse(a.date) - Date.parse(b.date))
}
