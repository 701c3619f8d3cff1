import type { HetznerServerType } from '@imago/schema-hetzner'
import type { RescueOptions } from '../options.ts'

/** A kind of server in a place where it can be had. */
export interface ServerChoice {
  readonly serverType: string
  readonly location: string
  /** GB. */
  readonly disk: number
  /** Net, for an hour, as decimal text; `null`: not said. */
  readonly hourly: string | null
}

export interface Wanted extends Pick<RescueOptions, 'location' | 'serverType'> {
  /** Hetzner's word. */
  readonly architecture: string
  /** The least disk, in GB. */
  readonly disk: number
}

const isDeprecated = (deprecation: unknown): boolean => deprecation !== null && deprecation !== undefined

/** What has no known price comes last. */
const toPrice = ({ hourly }: ServerChoice): number => (hourly === null ? Infinity : Number(hourly))

const toChoices = (
  type: HetznerServerType,
  { architecture, disk, location: onlyThere, serverType: onlyThis }: Wanted,
): readonly ServerChoice[] => {
  const name = type.name ?? ''
  const size = type.disk ?? 0
  if (name === '' || type.architecture !== architecture || size < disk) return []
  // What the user names is taken as it is: the API knows better whether it can still be had.
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
 * The servers that would do, the best first: the smallest disk that fits, for the disk of the server is what every server made from the
 * snapshot must have at least; then the cheapest hour. Deprecated and sold out ones are left out.
 */
export const serverChoices = (types: readonly HetznerServerType[], wanted: Wanted): readonly ServerChoice[] =>
  types
    .flatMap((type) => toChoices(type, wanted))
    .toSorted((one, other) => one.disk - other.disk || toPrice(one) - toPrice(other))
