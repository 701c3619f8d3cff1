import type { ImageError } from './image-error.ts'

/** Whether the same call may succeed when it is repeated later. */
export const isRetryable = (error: ImageError): boolean => {
  switch (error._tag) {
    case 'RateLimited':
    case 'Unavailable':
      return true
    case 'ConfigInvalid':
    case 'NotFound':
    case 'Unauthorized':
    case 'Forbidden':
    case 'Conflict':
    case 'Rejected':
    case 'QuotaExceeded':
    case 'Ambiguous':
    case 'DecodeFailed':
    case 'Unsupported':
    case 'IntegrityFailed':
    case 'UnsafeImage':
    case 'Aborted':
      return false
  }
}
