import type { Image } from '../image/image.ts'
import type { ImageRef } from '../image/values.ts'
import type { CloudObservation } from './observation.ts'
import type { Completeness } from '../source/read-state.ts'
import type { Usage, UsageEdge, UsageView } from '../source/usage.ts'
import { isUse } from './image-users.ts'

/** Why it is unknown whether an image is used. */
export type UsageUnknown =
  | {
      readonly code: 'source-not-read'
      /** The `name` of the edge source. */
      readonly source: string
      readonly completeness: Exclude<Completeness, 'read'>
      readonly reason: string | null
    }
  /** Other projects can use the image, and these credentials cannot see their servers and volumes. */
  | { readonly code: 'other-projects' }
  /** The observation has no edge source at all. */
  | { readonly code: 'no-sources' }

/** Whether an image is used. `edges`: all edges of this image, in the order of the observation. Edges with relation `origin` do not count as use. */
export type UsageState =
  | { readonly state: 'used'; readonly edges: readonly UsageEdge[] }
  | { readonly state: 'unused'; readonly edges: readonly UsageEdge[] }
  | { readonly state: 'unknown'; readonly edges: readonly UsageEdge[]; readonly reasons: readonly UsageUnknown[] }

/** A unique key for each image, so that refs are compared by value. */
const toKey = ({ provider, cloud, region, id }: ImageRef): string => JSON.stringify([provider, cloud, region, id])

const groupedByImage = (edges: readonly UsageEdge[]): ReadonlyMap<string, readonly UsageEdge[]> => {
  const grouped = new Map<string, UsageEdge[]>()
  for (const edge of edges) {
    const key = toKey(edge.image)
    const group = grouped.get(key)
    if (group === undefined) grouped.set(key, [edge])
    else group.push(edge)
  }
  return grouped
}

/** Whether every project that can use the image is in view. */
const isInView = ({ owner, visibility, ref }: Image, view: UsageView): boolean => {
  if (view.kind === 'everyone') return true
  if (owner !== view.project) return false
  if (visibility === 'private') return true
  return visibility === 'shared' && view.shared !== null && !view.shared.includes(ref.id)
}

const sourceReasons = ({ sources }: Usage): readonly UsageUnknown[] =>
  sources.length === 0
    ? [{ code: 'no-sources' }]
    : sources.flatMap(({ name, completeness, reason }): readonly UsageUnknown[] =>
        completeness === 'read' ? [] : [{ code: 'source-not-read', source: name, completeness, reason }],
      )

/**
 * `usageState`, prepared for many images of one cloud.
 *
 * Law: an image is `unused` only if every edge source of its cloud was read, and every project that can use it is in view.
 */
export const createUsageLookup = ({ usage }: Pick<CloudObservation, 'usage'>): ((image: Image) => UsageState) => {
  const byImage = groupedByImage(usage.edges)
  const unread = sourceReasons(usage)
  return (image) => {
    const edges = byImage.get(toKey(image.ref)) ?? []
    if (edges.some(isUse)) return { state: 'used', edges }
    const reasons: readonly UsageUnknown[] = isInView(image, usage.view)
      ? unread
      : [...unread, { code: 'other-projects' }]
    return reasons.length === 0 ? { state: 'unused', edges } : { state: 'unknown', edges, reasons }
  }
}

/** Whether an image of the observed cloud is used. Pure; see the law of `createUsageLookup`. */
export const usageState = (image: Image, cloud: Pick<CloudObservation, 'usage'>): UsageState =>
  createUsageLookup(cloud)(image)
