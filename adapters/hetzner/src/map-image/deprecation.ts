import { toInstant } from '@imago/codec'
import type { HetznerImage } from '@imago/schema-hetzner/image'

export const parseInstant = (text: string | null | undefined): string | null | undefined =>
  text === null || text === undefined ? text : toInstant(text)

/**
 * The date of deprecation. `deprecation` (since September 2026) takes precedence over `deprecated`; either may be absent.
 * `null`: one is null, and the other has no date.
 */
export const deprecatedAt = ({
  deprecation,
  deprecated,
}: Pick<HetznerImage, 'deprecation' | 'deprecated'>): string | null | undefined =>
  parseInstant(deprecation?.announced) ??
  parseInstant(deprecated) ??
  (deprecation === null || deprecated === null ? null : undefined)

/** Three calendar months later, as by Go's `AddDate(0, 3, 0)`: a day beyond the end of the month continues in the next. hcloud-go: exp/deprecationutil/image.go. */
const threeMonthsAfter = (instant: string): string | undefined => {
  const date = new Date(instant)
  date.setUTCMonth(date.getUTCMonth() + 3)
  return Number.isNaN(date.getTime()) ? undefined : toInstant(date.toISOString())
}

/** Before `deprecation` was introduced, an image could be used for three months after `deprecated`. */
export const threeMonthsAfterDeprecation = (deprecated: string | null | undefined): string | undefined => {
  const instant = parseInstant(deprecated)
  return instant === null || instant === undefined ? undefined : threeMonthsAfter(instant)
}
