import type { Digest, Image } from '@imago/core'

const toKey = ({ algorithm, of, value }: Digest): string => JSON.stringify([algorithm, of, value])

/** Whether the subject of a digest is known, so that it can be compared. */
const isComparable = ({ of }: Digest): boolean => of !== 'unknown'

/** Texts that are equal for equal digests: same algorithm, same subject, same value. */
export const toDigestKeys = ({ digests }: Image, isTrusted: (digest: Digest) => boolean): readonly string[] =>
  digests.filter((digest) => isComparable(digest) && isTrusted(digest)).map(toKey)

/** Whether digests of the providers prove that two images have different bytes. */
export const isContradicted = (a: Image, b: Image): boolean =>
  a.digests.some(
    (digest) =>
      digest.assertedBy === 'provider' &&
      isComparable(digest) &&
      b.digests.some(
        ({ algorithm, of, value, assertedBy }) =>
          assertedBy === 'provider' && algorithm === digest.algorithm && of === digest.of && value !== digest.value,
      ),
  )
