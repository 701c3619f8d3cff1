import { perform, type Abortable, type ImageError, type ImageSource, type UploadLimits } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** Answers of a cloud that say nothing of its limits. A cloud that cannot be reached, or logged in to, fails at whatever is asked next, too. */
const isUntold = (error: ImageError): boolean => {
  switch (error._tag) {
    case 'Forbidden':
    case 'NotFound':
    case 'Rejected':
    case 'DecodeFailed':
    case 'Unsupported':
      return true
    case 'Unavailable':
      return error.request !== null && error.request.status !== null
    default:
      return false
  }
}

/**
 * What a cloud reports of new images; `null`: it reports nothing. An operator may have switched limits on and not set them up, so that Glance answers 500: that is no
 * reason not to transfer.
 */
export const readUploadLimits = async (
  source: ImageSource,
  options: Abortable,
): Promise<E.Either<ImageError, UploadLimits | null>> => {
  if (source.uploadLimits === undefined) return E.right(null)
  const read = await perform(source, 'uploadLimits', options)()
  return E.isLeft(read) && isUntold(read.left) ? E.right(null) : read
}
