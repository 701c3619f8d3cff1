import type { Image } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** How to group images. A retention policy applies to each group separately. */
export type Grouping =
  | { readonly by: 'name' }
  /** The server that an image was created from. */
  | { readonly by: 'created-from' }
  | { readonly by: 'label'; readonly key: string }

const LONGEST_KEY = 1000

/** Reads `name`, `created-from` and `label:KEY`. Left: why it is invalid. */
export const parseGrouping = (text: string): E.Either<string, Grouping> => {
  if (text === 'name' || text === 'created-from') return E.right({ by: text })
  const key = text.startsWith('label:') ? text.slice('label:'.length) : ''
  if (key === '' || key.length > LONGEST_KEY) return E.left('expected name, created-from or label:KEY')
  return E.right({ by: 'label', key })
}

const readValue = (image: Image, grouping: Grouping): string | null => {
  switch (grouping.by) {
    case 'name':
      return image.name
    case 'created-from':
      return image.origins.find(({ relation, kind }) => relation === 'created-from' && kind === 'server')?.id ?? null
    case 'label':
      return Object.hasOwn(image.labels, grouping.key) ? (image.labels[grouping.key] ?? null) : null
  }
}

/** One group of images. `value`: the common value; `null`: images without a value, which form their own group. */
export interface ImageGroup {
  readonly value: string | null
  readonly images: readonly Image[]
}

/** The images of each cloud and value. Images of different clouds are never in one group. Without a grouping, each cloud is one group. */
export const groupImages = (images: readonly Image[], grouping: Grouping | null): readonly ImageGroup[] => {
  const groups = new Map<string, { value: string | null; images: Image[] }>()
  for (const image of images) {
    const value = grouping === null ? null : readValue(image, grouping)
    const { provider, cloud, region } = image.ref
    const key = JSON.stringify([provider, cloud, region, value])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { value, images: [image] })
    else group.images.push(image)
  }
  return [...groups.values()]
}
