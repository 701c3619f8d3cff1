import { perform, type Abortable, type ImageError, type ImageSource, type UploadLimits } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** Errors that mean that the cloud reports no limits. Network and login errors would also fail the next request. */
const meansNoLimits = (error: ImageError): boolean => {
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
 * Reads the limits that a cloud reports for new images; `null`: it reports none. Glance responds with 500 if an operator has enabled limits without
 * configuring them, which does not prevent transfers.
 */
export const readUploadLimits = async (
  source: ImageSource,
  options: Abortable,
): Promise<E.Either<ImageError, UploadLimits | null>> => {
  if (source.uploadLimits === undefined) return E.right(null)
  const read = await perform(source, 'uploadLimits', options)()
  return E.isLeft(read) && meansNoLimits(read.left) ? E.right(null) : read
}
