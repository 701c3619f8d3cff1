import { conflict, integrityFailed, unavailable, type ImageError } from '@imago/core/provider'
import { createSite, type SourceContext } from '../context.ts'
import { UPLOAD, type Attempt } from './attempt.ts'
import { NEW_IMAGE, type Seen } from './compare.ts'
import { CACHE_HINT } from './watch-image.ts'

const formatCount = (count: number): string => count.toLocaleString('en-US')

/** Glance sends a request ID with each response; a response without one comes from a gateway. */
const isOfGateway = ({ request }: ImageError): boolean =>
  request !== null && request.status !== null && request.requestId === null

const RETRY_HINT =
  'Retry later; if it fails each time, check the gateways, proxies and firewalls in front of Glance for a limit of size or time'

/** Adds the failed server and the number of sent bytes to the error. */
const addProgress = (error: ImageError, bytes: number, size: number | null): ImageError => {
  if (error._tag === 'Aborted' || error._tag === 'IntegrityFailed') return error
  const isGateway = isOfGateway(error) && error._tag === 'Unavailable'
  const what = isGateway ? `a gateway responded instead of Glance: ${error.what}` : error.what
  // The upload has checked the image itself, so the hint to check it is dropped.
  const hint =
    error._tag === 'Unavailable' && (isGateway || (bytes > 0 && error.request?.status === null))
      ? RETRY_HINT
      : error.hint
  const total = size === null ? '' : ` of ${formatCount(size)}`
  return { ...error, hint, what: bytes === 0 ? what : `${what}; ${formatCount(bytes)}${total} bytes had been sent` }
}

/** The error of an upload that left the image in this state. */
export const toUploadError = (
  context: SourceContext,
  id: string,
  { error: cause, response, sent, bytes, size }: Attempt,
  seen: Seen,
): ImageError => {
  if (seen.error?._tag === 'Aborted') return seen.error
  const error = cause === null ? null : addProgress(cause, bytes, size)
  const site = { ...createSite(context, UPLOAD), ...(error === null ? {} : { request: error.request }) }
  const reason = error === null ? '' : ` (${error.what})`
  switch (seen.state) {
    case 'other':
      return (
        seen.error ??
        integrityFailed(site, {
          what: `the data of image ${id} differ from the data sent`,
          expected: 'the data sent',
          actual: 'other data',
          hint: NEW_IMAGE,
        })
      )
    case 'receiving':
      if (sent !== 'all') break
      return unavailable(site, {
        what: `image ${id} has received all its data, and Glance is still saving them${reason}`,
        hint: 'Wait until the image is active, then retry: it is used as it is. If it stays in this state, a server of Glance was stopped: delete the image, then retry',
      })
    case 'withheld':
      return conflict(site, {
        what: `image ${id} was deactivated during the upload${reason}`,
        hint: 'Reactivate or delete the image, then retry',
      })
    case 'failed':
      return unavailable(site, { what: `Glance has aborted image ${id}${reason}`, hint: NEW_IMAGE })
    case 'empty':
      if (response === 'accepted' && error !== null)
        return conflict(site, {
          what: `${error.what}; image ${id} is still queued`,
          hint: 'Check the gateways in front of Glance: one of them sent this response',
        })
      if (response === 'accepted')
        return conflict(site, {
          what: `the data of image ${id} were accepted, but the image still waits for data`,
          hint: 'Check the gateways in front of Glance: one of them may have sent this response',
        })
      break
    case 'stale':
      if (seen.error !== null) return { ...seen.error, what: `${seen.error.what}${reason}` }
      return conflict(site, {
        what: `${error?.what ?? 'the data were refused'}; the record of image ${id} is still queued, which may be an outdated response of a cache in front of Glance`,
        hint: CACHE_HINT,
      })
    default:
  }
  return (
    error ??
    seen.error ??
    conflict(site, { what: `image ${id} is ${seen.state} after the upload`, hint: 'Check the image before you retry' })
  )
}
