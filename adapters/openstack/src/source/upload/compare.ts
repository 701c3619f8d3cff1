import { integrityFailed, type Image, type ImageError, type UploadFailure } from '@imago/core/provider'
import { formatDigest } from '../../bytes/hash.ts'
import { createSite, type SourceContext } from '../context.ts'
import { UPLOAD, type Attempt } from './attempt.ts'
import type { SentBytes } from './sent-bytes.ts'

export const NEW_IMAGE = 'Delete the image, and upload the data to a new one'

/** The state of an image after an upload. */
export interface Seen {
  readonly state: UploadFailure['image']
  /** The reason, if the state is wrong. */
  readonly error: ImageError | null
}

/** The difference between the stored and the sent data; `null` if none is detectable. */
const findDifference = (
  context: SourceContext,
  image: Image,
  { size, digest }: SentBytes,
  hint: string,
): ImageError | null => {
  const site = createSite(context, UPLOAD)
  if (image.size.stored !== null && image.size.stored !== size) {
    return integrityFailed(site, {
      what: 'the number of bytes that Glance stored differs from the number sent',
      expected: `${size} bytes`,
      actual: `${image.size.stored} bytes`,
      hint,
    })
  }
  const algorithm = digest?.split(':')[0]
  const stored = image.digests.find(
    (one) => one.algorithm === algorithm && one.of === 'stored' && one.assertedBy === 'provider',
  )
  if (digest === null || stored === undefined || formatDigest(stored) === digest) return null
  return integrityFailed(site, {
    what: 'the data that Glance stored differ from the data sent',
    expected: digest,
    actual: formatDigest(stored),
    hint,
  })
}

/** Compares the stored data with the sent data. */
export const compareImage = (context: SourceContext, image: Image, { expected, response, sent }: Attempt): Seen => {
  // Another client sent the data.
  if (expected === null || sent === 'nothing') return { state: 'whole', error: null }
  const hint = response === 'accepted' ? `The image was deactivated. ${NEW_IMAGE}` : NEW_IMAGE
  const error = findDifference(context, image, expected, hint)
  return { state: error === null ? 'same' : 'other', error }
}
