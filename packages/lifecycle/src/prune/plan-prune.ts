import { createUsageLookup, type CloudObservation, type Image, type UsageState } from '@imago/core'
import { groupImages, type Grouping } from './grouping.ts'
import { applyRetention, type Retention, type RetentionUnit } from './retention.ts'

/** Why an image is kept. */
export type KeepReason =
  /** Something uses it. */
  | 'used'
  /** Its usage is unknown, because not everything that can use it was read. */
  | 'usage-unknown'
  | 'protected'
  /** A lock file pins it. */
  | 'locked'
  /** The provider's own image: `system` or `app`. */
  | 'provider-image'
  /** Another project owns it, or its owner is unknown. */
  | 'not-owned'
  /** It is being created or deleted. */
  | 'in-progress'
  /** The policy counts by age, and its time of creation is unknown. */
  | 'age-unknown'
  /** Not all images of its cloud were listed: what the policy would keep is unknown. */
  | 'listing-incomplete'
  | RetentionUnit

/** Why an image is deleted: the policy keeps others of its group, or there is no policy and it was selected. */
export type DeleteReason = 'not-kept' | 'selected'

/** The decision on one image. */
export type PruneRow = {
  readonly image: Image
  /** The common value of its group; `null`: none. */
  readonly group: string | null
  readonly usage: UsageState
} & (
  | { readonly action: 'keep'; readonly reasons: readonly KeepReason[] }
  | { readonly action: 'delete'; readonly reasons: readonly DeleteReason[] }
)

/** The selection and the retention policy of `planPrune`. */
export interface PruneOptions {
  /** The selected images. Others are kept and do not count. */
  readonly isSelected: (image: Image) => boolean
  /** Absent: all selected images that can be deleted are deleted. */
  readonly retention?: Retention | undefined
  readonly grouping?: Grouping | undefined
  /** Whether a lock file pins the image. */
  readonly isLocked?: ((image: Image) => boolean) | undefined
}

/** Reasons to keep an image that no policy overrides. */
const findKeepReasons = (
  image: Image,
  usage: UsageState,
  { images, usage: { view } }: CloudObservation,
  isLocked: (image: Image) => boolean,
): readonly KeepReason[] => {
  // An administrator who sees the use by all projects still owns only the images of one.
  const isOwned = view.project === undefined || image.owner === view.project
  const reasons: readonly (KeepReason | false)[] = [
    images.completeness !== 'read' && 'listing-incomplete',
    usage.state === 'used' && 'used',
    usage.state === 'unknown' && 'usage-unknown',
    image.protected === true && 'protected',
    isLocked(image) && 'locked',
    (image.kind === 'system' || image.kind === 'app') && 'provider-image',
    !isOwned && 'not-owned',
    ['pending', 'deleting', 'deleted'].includes(image.status) && 'in-progress',
  ]
  return reasons.filter((reason) => reason !== false)
}

/** Only an image that servers can be created from counts for a policy: a failed snapshot must not push out the last good one. */
const countsForRetention = ({ status }: Image): boolean => status === 'available'

/**
 * Decides which images of a cloud to delete, with a reason for each. Pure; deletes nothing.
 *
 * Never deletes images that are used, protected, locked, owned by others, or of unknown usage; deletes nothing if not all images were listed.
 * An image that is kept for such a reason still counts for the policy.
 */
export const planPrune = (
  cloud: CloudObservation,
  { isSelected, retention, grouping, isLocked = () => false }: PruneOptions,
): readonly PruneRow[] => {
  const lookUp = createUsageLookup(cloud)
  const selected = cloud.images.items.filter(isSelected)
  return groupImages(selected, grouping ?? null).flatMap(({ value, images }) => {
    const kept = retention === undefined ? null : applyRetention(images.filter(countsForRetention), retention)
    return images.map((image): PruneRow => {
      const usage = lookUp(image)
      const reasons: readonly KeepReason[] = [
        ...findKeepReasons(image, usage, cloud, isLocked),
        ...(kept?.get(image) ?? []),
        ...(kept !== null && image.createdAt === null ? (['age-unknown'] as const) : []),
      ]
      const row = { image, group: value, usage }
      if (reasons.length > 0) return { ...row, action: 'keep', reasons }
      return { ...row, action: 'delete', reasons: [kept === null ? 'selected' : 'not-kept'] }
    })
  })
}
