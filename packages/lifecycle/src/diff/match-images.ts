import type { Image } from '@imago/core'
import { toDigestKeys } from '../shared-digest.ts'

/**
 * How images of two sides are matched.
 * - `ref`: the same image of the same cloud, at two times.
 * - `content`: images of two clouds that should be the same: by digest, then by operating system, version, architecture and name.
 */
export type MatchBy = 'ref' | 'content'

/** Two images that belong together, and why. */
export interface ImagePair {
  readonly before: Image
  readonly after: Image
  readonly by: 'ref' | 'digest' | 'description'
}

/** The result of `matchImages`. */
export interface Matched {
  readonly pairs: readonly ImagePair[]
  /** Images without a counterpart, in their order. */
  readonly onlyBefore: readonly Image[]
  readonly onlyAfter: readonly Image[]
}

type ToKeys = (image: Image) => readonly string[]

/** Pairs each image with the first unpaired one of the other side that shares a key. */
const pairBy = ({ pairs, onlyBefore, onlyAfter }: Matched, by: ImagePair['by'], toKeys: ToKeys): Matched => {
  const free = new Map<string, Image[]>()
  for (const image of onlyAfter) for (const key of toKeys(image)) free.set(key, [...(free.get(key) ?? []), image])
  const taken = new Set<Image>()
  const found: ImagePair[] = []
  const rest: Image[] = []
  for (const before of onlyBefore) {
    const after = toKeys(before)
      .flatMap((key) => free.get(key) ?? [])
      .find((image) => !taken.has(image))
    if (after === undefined) rest.push(before)
    else {
      taken.add(after)
      found.push({ before, after, by })
    }
  }
  return {
    pairs: [...pairs, ...found],
    onlyBefore: rest,
    onlyAfter: onlyAfter.filter((image) => !taken.has(image)),
  }
}

/** A dump does not contain the name of its cloud: its images are then compared by provider and ID. */
const hasCloud = (images: readonly Image[]): boolean => images.some(({ ref }) => ref.cloud !== null)

const toRefKeys =
  (withCloud: boolean): ToKeys =>
  ({ ref: { provider, cloud, region, id } }) => [
    JSON.stringify(withCloud ? [provider, cloud, region, id] : [provider, id]),
  ]

const toDescriptionKeys: ToKeys = ({ os: { distro, version }, architecture, name }) =>
  distro === null || version === null || architecture === null || name === null
    ? []
    : [JSON.stringify([distro, version, architecture, name])]

/** Sorts images independently of their listing. */
const sorted = (images: readonly Image[]): readonly Image[] =>
  images
    .map((image) => ({ image, key: JSON.stringify([image.createdAt, image.ref]) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ image }) => image)

/** Matches the images of two sides, each at most once. */
export const matchImages = (before: readonly Image[], after: readonly Image[], by: MatchBy): Matched => {
  const unmatched: Matched = { pairs: [], onlyBefore: before, onlyAfter: after }
  if (by === 'ref') return pairBy(unmatched, 'ref', toRefKeys(hasCloud(before) && hasCloud(after)))
  const inOrder: Matched = { ...unmatched, onlyBefore: sorted(before), onlyAfter: sorted(after) }
  const byDigest = pairBy(inOrder, 'digest', (image) => toDigestKeys(image, () => true))
  return pairBy(byDigest, 'description', toDescriptionKeys)
}

/** `ref` if the sides have an image in common, or one of them is empty; otherwise `content`. */
export const chooseMatch = (before: readonly Image[], after: readonly Image[]): MatchBy =>
  before.length === 0 || after.length === 0 || matchImages(before, after, 'ref').pairs.length > 0 ? 'ref' : 'content'
