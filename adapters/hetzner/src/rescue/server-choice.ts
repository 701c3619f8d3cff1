import type { HetznerServerType } from '@imago/schema-hetzner'
import type { RescueOptions } from '../options.ts'

/** A server type in a location. */
export interface ServerChoice {
  readonly serverType: string
  readonly location: string
  /** GB. */
  readonly disk: number
  /** Net price of an hour, as decimal text; `null`: unknown. */
  readonly hourly: string | null
}

export interface Wanted extends Pick<RescueOptions, 'location' | 'serverType'> {
  /** Hetzner's word. */
  readonly architecture: string
  /** The minimum disk, in GB. */
  readonly disk: number
}

const isDeprecated = (deprecation: unknown): boolean => deprecation !== null && deprecation !== undefined

/** Unknown prices come last. */
const toPrice = ({ hourly }: ServerChoice): number => (hourly === null ? Infinity : Number(hourly))

const toChoices = (
  type: HetznerServerType,
  { architecture, disk, location: onlyThere, serverType: onlyThis }: Wanted,
): readonly ServerChoice[] => {
  const name = type.name ?? ''
  const size = type.disk ?? 0
  if (name === '' || type.architecture !== architecture || size < disk) return []
  // A server type of the user's choice is not checked: the API decides whether it is available.
  const isNamed = onlyThis !== undefined
  if (isNamed ? name !== onlyThis : isDeprecated(type.deprecation) || type.deprecated === true) return []
  return (type.prices ?? []).flatMap(({ location, price_hourly }) => {
    if (location === null || location === undefined || (onlyThere !== undefined && location !== onlyThere)) return []
    const there = type.locations?.find((one) => one.name === location)
    if (!isNamed && (there?.available === false || isDeprecated(there?.deprecation))) return []
    return [{ serverType: name, location, disk: size, hourly: price_hourly?.net ?? null }]
  })
}

/**
 * The suitable servers, the best first: by the smallest disk that fits, because servers created from the snapshot need at least that disk; then by
 * the price of an hour. Deprecated and sold-out ones are left out.
 */
export const serverChoices = (types: readonly HetznerServerType[], wanted: Wanted): readonly ServerChoice[] =>
  types
    .flatMap((type) => toChoices(type, wanted))
    .toSorted((one, other) => one.disk - other.disk || toPrice(one) - toPrice(other))
