import type { ImageKind, Visibility } from '@imago/core/provider'

const KIND: ReadonlyMap<string, ImageKind> = new Map([
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
  ['image', 'image'],
])

/** Nova writes `image_type` when it makes an image from the disk of a server: `snapshot` or `backup`. */
export const toKind = (imageType: string | null | undefined): ImageKind | undefined =>
  imageType === null || imageType === undefined || imageType === '' ? undefined : (KIND.get(imageType) ?? 'unknown')

const SNAPSHOT_DEVICE = /"snapshot_id"\s{0,4}:\s{0,4}"[^"]/
/** More than Nova writes about 255 disks. */
const LONGEST_MAPPING = 262_144

/** Whether the disks of an image are snapshots of volumes: then Nova made it of a server that boots from one. */
export const toVolumeSnapshotKind = (mapping: string | null | undefined): ImageKind | undefined =>
  typeof mapping === 'string' && SNAPSHOT_DEVICE.test(mapping.slice(0, LONGEST_MAPPING)) ? 'snapshot' : undefined

const VISIBILITY: ReadonlySet<string> = new Set(['public', 'private', 'shared', 'community'] satisfies Visibility[])

export const toVisibility = (visibility: string | null | undefined): Visibility | null | undefined => {
  if (visibility === null || visibility === undefined) return visibility
  return VISIBILITY.has(visibility) ? (visibility as Visibility) : 'unknown'
}
