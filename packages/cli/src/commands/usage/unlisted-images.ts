import {
  isUse,
  type CloudObservation,
  type ImageRef,
  type MonthlyCost,
  type UsageEdge,
  type UsageState,
} from '@imago/core'
import { formatImageRef } from '@imago/provider-kit'
import { describeUsage } from '../../observing/usage-text.ts'
import { count } from '../../output/count.ts'

/** An image that resources use, but that is not among the images listed by its cloud. */
export interface UnlistedImage {
  readonly ref: ImageRef
  readonly edges: readonly UsageEdge[]
}

/** The cost of an image whose record is not known. */
export const NO_COST: MonthlyCost = { amount: null, currency: null, reason: 'no-size' }

/** Finds the images that were deleted, or that these credentials cannot see, but whose IDs are still in the records of servers and volumes. */
export const findUnlistedImages = ({ images, usage }: CloudObservation): readonly UnlistedImage[] => {
  const listed = new Set(images.items.map(({ ref }) => ref.id))
  const found = new Map<string, { readonly ref: ImageRef; readonly edges: UsageEdge[] }>()
  for (const edge of usage.edges) {
    if (!isUse(edge) || listed.has(edge.image.id)) continue
    const image = found.get(edge.image.id) ?? { ref: edge.image, edges: [] }
    found.set(edge.image.id, image)
    image.edges.push(edge)
  }
  return [...found.values()]
}

/** The maximum number of images that are named in a message. */
const MAX_NAMED_IMAGES = 3

/** Describes the unlisted images in lines of text, one for each image. */
export const describeUnlisted = (
  unlisted: readonly { readonly ref: ImageRef; readonly usage: UsageState }[],
): readonly string[] => {
  if (unlisted.length === 0) return []
  const more = unlisted.length - MAX_NAMED_IMAGES
  return [
    `${count(unlisted.length, 'image')} in use but not listed: deleted, or not visible with these credentials`,
    ...unlisted
      .slice(0, MAX_NAMED_IMAGES)
      .map(({ ref, usage }) => `  ${formatImageRef(ref)}: ${describeUsage(usage) ?? ''}`),
    ...(more > 0 ? [`  and ${more} more (see -o json)`] : []),
  ]
}
