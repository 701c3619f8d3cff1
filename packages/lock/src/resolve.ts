import { isBefore, type Image } from '@imago/core'
import { isDenied } from './denied.ts'
import { createFit, type Fit } from './fit.ts'
import { splitWords, variantWords } from './name-words.ts'
import type { ObservedCloud } from './observed.ts'
import { findRefusals, wantedArchitecture, rankWeakestEvidence, type Refusal, type RefusalContext } from './refusal.ts'
import { KINDS, type Requirement } from './requirement.ts'

/** An image that matches a want, with the reasons against it. */
export interface ConsideredImage {
  readonly image: Image
  readonly fit: Fit
  readonly refusals: readonly Refusal[]
}

/**
 * The image of a requirement on a cloud. `candidates`: all images that match the want, usable ones first, best first.
 * - `ambiguous`: two usable images differ in something that the requirement does not specify. `differ`: the differences.
 */
export type Resolution = { readonly candidates: readonly ConsideredImage[] } & (
  | { readonly outcome: 'resolved'; readonly image: Image }
  | {
      readonly outcome: 'ambiguous'
      readonly images: readonly [Image, Image]
      readonly differ: readonly string[]
    }
  | { readonly outcome: 'none' }
)

/** A candidate with its sort keys. Lower ranks are better. */
interface Ranked extends ConsideredImage {
  /** Not deprecated, evidence, exactness, kind. */
  readonly ranks: readonly number[]
}

const compareRanks = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((order, rank, index) => order || rank - (b[index] ?? 0), 0)

/** Newest first, unknown age last; then by ID. */
const compareAges = (a: Image, b: Image): number => {
  if (a.createdAt !== b.createdAt) {
    if (a.createdAt === null) return 1
    if (b.createdAt === null) return -1
    return isBefore(a.createdAt, b.createdAt) ? 1 : -1
  }
  return a.ref.id < b.ref.id ? -1 : a.ref.id > b.ref.id ? 1 : 0
}

const compare = (a: Ranked, b: Ranked): number =>
  Number(a.refusals.length > 0) - Number(b.refusals.length > 0) ||
  compareRanks(a.ranks, b.ranks) ||
  compareAges(a.image, b.image)

/** The order of preference: system, app, image, snapshot, backup. */
const KIND_ORDER = ['system', 'app', 'image', 'snapshot', ...KINDS]

const rank = (image: Image, fit: Fit, requirement: Requirement, context: RefusalContext): readonly number[] => [
  Number(image.deprecatedAt !== null),
  rankWeakestEvidence(requirement, image, context.evidence),
  Number(fit === 'prefix'),
  KIND_ORDER.indexOf(image.kind),
]

/** The differences between images of one operating system with the same rank. */
const readTraits = (image: Image, requirement: Requirement): Readonly<Record<string, string>> => {
  if (requirement.want.by !== 'os') return {}
  const asked = requirement.want.variant === null ? [] : splitWords(requirement.want.variant)
  return {
    variant: variantWords(image)
      .filter((word) => !asked.includes(word))
      .join(' '),
    owner: image.owner ?? '',
  }
}

/** Few images declare their firmware. An unknown one is compatible with any. */
const isOtherFirmware = ({ boot: a }: Image, { boot: b }: Image, { want }: Requirement): boolean =>
  want.by === 'os' && a.firmware !== null && b.firmware !== null && a.firmware !== b.firmware

/** The differences between two usable images that the requirement does not specify. Empty: they are equivalent. */
const findDifferences = (a: Ranked, b: Ranked, requirement: Requirement): readonly string[] => {
  if (requirement.pick === 'only') return ['identity']
  const { want } = requirement
  const architecture =
    wantedArchitecture(requirement) === null && a.image.architecture !== b.image.architecture ? ['architecture'] : []
  // The requirement specifies the full version, or one of the images matches exactly.
  const isVersionOpen = want.by === 'os' && (want.version === null || a.fit === 'prefix')
  const version = isVersionOpen && a.image.os.version !== b.image.os.version ? ['version'] : []
  if (compareRanks(a.ranks, b.ranks) !== 0) return [...architecture, ...version]
  const [traits, others] = [readTraits(a.image, requirement), readTraits(b.image, requirement)]
  const different = Object.keys(traits).filter((trait) => traits[trait] !== others[trait])
  return [
    ...architecture,
    ...version,
    ...different,
    ...(isOtherFirmware(a.image, b.image, requirement) ? ['firmware'] : []),
  ]
}

/** Creates the context of the refusal checks, from an observed cloud and the user's options. */
export const createRefusalContext = (
  { project, evidence }: ObservedCloud,
  deny: readonly string[],
  now: string,
): RefusalContext => ({ project, evidence, now, isDenied: ({ ref }) => isDenied(deny, ref) })

/** Options of `resolve`. */
export interface ResolveOptions {
  /** Images that must not be used: `[provider/]cloud[@region]:id:ID`. */
  readonly deny?: readonly string[] | undefined
  /** RFC 3339. */
  readonly now: string
}

/**
 * Resolves a requirement to an image of a cloud. Pure. Neither the order of the listing nor refused images affect the result.
 * An incomplete listing is resolved, too: the caller decides whether to use the result.
 */
export const resolve = (
  requirement: Requirement,
  observed: ObservedCloud,
  { deny = [], now }: ResolveOptions,
): Resolution => {
  const context = createRefusalContext(observed, deny, now)
  const findFit = createFit(requirement.want)
  // A listing that changes while it is read may contain an image twice.
  const images = new Map(observed.images.items.map((image) => [image.ref.id, image]))
  const candidates = [...images.values()]
    .flatMap((image): readonly Ranked[] => {
      const fit = findFit(image)
      return fit === null
        ? []
        : [
            {
              image,
              fit,
              refusals: findRefusals(image, requirement, context),
              ranks: rank(image, fit, requirement, context),
            },
          ]
    })
    .toSorted(compare)
  const [first, ...others] = candidates.filter(({ refusals }) => refusals.length === 0)
  if (first === undefined) return { outcome: 'none', candidates }
  for (const other of others) {
    const differ = findDifferences(first, other, requirement)
    if (differ.length > 0) return { outcome: 'ambiguous', images: [first.image, other.image], differ, candidates }
  }
  return { outcome: 'resolved', image: first.image, candidates }
}
