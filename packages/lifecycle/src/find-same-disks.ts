import type { Image } from '@imago/core'
import { compareAge, type DuplicateGroup } from './find-duplicates.ts'

/** An image whose data was read. */
export interface ReadDisk {
  readonly image: Image
  /** SHA-512 of the uncompressed raw disk, in hexadecimal. */
  readonly sha512: string
  /** Size of the raw disk, in bytes. */
  readonly bytes: number
}

/** Groups of images whose raw disks have the same size and digest, oldest first. Two images of one digest group are never in two groups. */
export const findSameDisks = (disks: readonly ReadDisk[]): readonly DuplicateGroup[] => {
  const groups = new Map<string, Image[]>()
  for (const { image, sha512, bytes } of disks) {
    const key = `${bytes}:${sha512.toLowerCase()}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [image])
    else group.push(image)
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((images) => ({ evidence: 'same-disk', images: images.toSorted(compareAge) }))
}
