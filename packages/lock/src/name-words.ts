import type { Image } from '@imago/core'
import { architectureWords, distroWords } from './words.ts'

/** In characters. The rest of a longer name is ignored. */
const LONGEST_NAME = 255

/** The words of a text, in lower case. */
export const splitWords = (text: string): readonly string[] =>
  text
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** The words of an image's name. */
export const nameWords = ({ name }: Image): readonly string[] => (name === null ? [] : splitWords(name))

/** Words that do not distinguish images of the same release. */
const NOISE: ReadonlySet<string> = new Set([
  'linux',
  'gnu',
  'lts',
  'latest',
  'image',
  'img',
  'disk',
  'qcow2',
  'raw',
  'vmdk',
  'vhd',
])

/** A version, a date, the number of a build: `9`, `20261004`, `v2`, `r1`. */
const isNumber = (word: string): boolean => /^[a-z]?\d+[a-z]?$/.test(word)

/**
 * The words of an image's name that distinguish it from other images of its release, such as `minimal`, `netinst` or `docker`. Words for distribution, version
 * and architecture are omitted.
 */
export const variantWords = (image: Image): readonly string[] => {
  const { distro, version } = image.os
  const known = new Set([
    ...(distro === null ? [] : distroWords(distro)),
    ...(version === null ? [] : splitWords(version)),
    ...NOISE,
  ])
  return [...new Set(nameWords(image))]
    .filter((word) => !known.has(word) && !architectureWords.has(word) && !isNumber(word))
    .sort()
}
