import type { ImageKind, Visibility } from '@imago/core'

const KIND: ReadonlyMap<string, ImageKind> = new Map([
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
  ['image', 'image'],
])

/** Nova writes `image_type` when it makes an image from a server: `snapshot` or `backup`. */
export const toKind = (imageType: string | null | undefined): ImageKind | undefined =>
  imageType === null || imageType === undefined || imageType === '' ? undefined : (KIND.get(imageType) ?? 'unknown')

const VISIBILITY: ReadonlySet<string> = new Set(['public', 'private', 'shared', 'community'] satisfies Visibility[])

export const toVisibility = (visibility: string | null | undefined): Visibility | null | undefined => {
  if (visibility === null || visibility === undefined) return visibility
  return VISIBILITY.has(visibility) ? (visibility as Visibility) : 'unknown'
}
