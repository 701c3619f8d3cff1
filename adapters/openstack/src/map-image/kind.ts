import type { ImageKind, Visibility } from '@imago/core/provider'

const KIND: ReadonlyMap<string, ImageKind> = new Map([
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
  ['image', 'image'],
])

/** Nova sets `image_type` to `snapshot` or `backup` when it creates an image from a server's disk. */
export const toKind = (imageType: string | null | undefined): ImageKind | undefined =>
  imageType === null || imageType === undefined || imageType === '' ? undefined : (KIND.get(imageType) ?? 'unknown')

const SNAPSHOT_DEVICE = /"snapshot_id"\s{0,4}:\s{0,4}"[^"]/
/** Longer than what Nova writes for 255 disks. */
const LONGEST_MAPPING = 262_144

/** Whether the image's disks are volume snapshots: Nova creates such images from servers that boot from a volume. */
export const toVolumeSnapshotKind = (mapping: string | null | undefined): ImageKind | undefined =>
  typeof mapping === 'string' && SNAPSHOT_DEVICE.test(mapping.slice(0, LONGEST_MAPPING)) ? 'snapshot' : undefined

const VISIBILITY: ReadonlySet<string> = new Set(['public', 'private', 'shared', 'community'] satisfies Visibility[])

export const toVisibility = (visibility: string | null | undefined): Visibility | null | undefined => {
  if (visibility === null || visibility === undefined) return visibility
  return VISIBILITY.has(visibility) ? (visibility as Visibility) : 'unknown'
}
