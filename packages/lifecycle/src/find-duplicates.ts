import type { Image } from '@imago/core'
import { isContradicted, toDigestKeys } from './shared-digest.ts'

/**
 * The evidence that the images of a group have the same content.
 * - `proven`: their providers report the same digest of the same subject.
 * - `declared`: their uploaders do.
 * - `suspected`: operating system, version, architecture, disk format and stored size are the same.
 * - `same-disk`: their raw disks, which were read, are the same (`findSameDisks`).
 */
export type DuplicateEvidence = 'proven' | 'same-disk' | 'declared' | 'suspected'

/** Images with the same content. */
export interface DuplicateGroup {
  readonly evidence: DuplicateEvidence
  /** At least two, oldest first; those of unknown age last. */
  readonly images: readonly Image[]
}

type ToKeys = (image: Image) => readonly string[]

const toAge = ({ createdAt, ref }: Image): string => JSON.stringify([createdAt ?? '~', ref])

/** Oldest first; those of unknown age last. */
export const compareAge = (a: Image, b: Image): number => (toAge(a) < toAge(b) ? -1 : 1)

/** Splits the images into groups in which no two images are proven to differ. */
const withoutContradictions = (images: readonly Image[]): readonly (readonly Image[])[] => {
  const groups: Image[][] = []
  for (const image of images) {
    const group = groups.find((others) => others.every((other) => !isContradicted(image, other)))
    if (group === undefined) groups.push([image])
    else group.push(image)
  }
  return groups
}

/** Groups images that share a key, directly or through other images. */
const groupBy = (images: readonly Image[], toKeys: ToKeys): readonly (readonly Image[])[] => {
  const groupOfKey = new Map<string, Set<Image>>()
  const groups = new Set<Set<Image>>()
  for (const image of images) {
    const keys = toKeys(image)
    if (keys.length === 0) continue
    const merged = new Set([image])
    const joined = new Set(keys.flatMap((key) => groupOfKey.get(key) ?? []))
    for (const group of joined) {
      for (const other of group) merged.add(other)
      groups.delete(group)
    }
    groups.add(merged)
    for (const other of merged) for (const key of toKeys(other)) groupOfKey.set(key, merged)
  }
  return [...groups]
    .flatMap((group) => withoutContradictions([...group].sort(compareAge)))
    .filter(({ length }) => length > 1)
}

const toDescription: ToKeys = ({ os: { distro, version }, architecture, format, size }) =>
  distro === null || version === null || size.stored === null || size.stored === 0
    ? []
    : [JSON.stringify([distro, version, architecture, format.disk, size.stored])]

const LEVELS: readonly { readonly evidence: DuplicateEvidence; readonly toKeys: ToKeys }[] = [
  { evidence: 'proven', toKeys: (image) => toDigestKeys(image, ({ assertedBy }) => assertedBy === 'provider') },
  { evidence: 'declared', toKeys: (image) => toDigestKeys(image, () => true) },
  { evidence: 'suspected', toKeys: toDescription },
]

/** Removes repeated images: several regions or projects can list the same public image. */
const withoutRepetitions = (images: readonly Image[]): readonly Image[] => [
  ...new Map(images.map((image) => [JSON.stringify([image.ref.provider, image.ref.id]), image])).values(),
]

/**
 * Groups of images with the same content, the strongest evidence first. An image is in at most one group, that of the strongest evidence.
 * Several clouds can list the same image, which is not a duplicate of itself.
 */
export const findDuplicates = (images: readonly Image[]): readonly DuplicateGroup[] => {
  let rest: readonly Image[] = withoutRepetitions(images).toSorted(compareAge)
  return LEVELS.flatMap(({ evidence, toKeys }) => {
    const groups = groupBy(rest, toKeys)
    const grouped = new Set(groups.flat())
    rest = rest.filter((image) => !grouped.has(image))
    return groups.map((group) => ({ evidence, images: group }))
  })
}
