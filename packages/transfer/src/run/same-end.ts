import { integrityFailed, type ErrorSite, type ImageError } from '@imago/core'

/** After this many consecutive attempts that end at the same byte too early, the source is considered truncated. */
export const TRIES_AT_ONE_BYTE = 3

/**
 * Tracks the bytes at which attempts to read a source end. Returns the error if too many end at the same byte; `null`: a retry may help.
 * `error`: of the attempt; `bytes`: how many of `size` bytes it reached.
 */
export const watchEnds = (
  site: ErrorSite,
  size: number | null,
): ((error: ImageError, bytes: number) => ImageError | null) => {
  let last: number | null = null
  let count = 0
  return (error, bytes) => {
    const truncated = error._tag === 'Unavailable' ? error.truncated : undefined
    // A server without ranges sends everything again, and may have ended elsewhere.
    if (truncated === undefined || (truncated.received !== 0 && truncated.received < bytes && bytes === last)) {
      last = null
      count = 0
      return null
    }
    count = bytes === last ? count + 1 : 1
    last = bytes
    if (count < TRIES_AT_ONE_BYTE) return null
    const expected = size ?? (truncated.received === bytes ? truncated.expected : null)
    if (expected === null) return error
    return integrityFailed(site, {
      what: `the source ended at the same byte in ${TRIES_AT_ONE_BYTE} attempts: the file or its server is damaged`,
      hint: 'Repair the source, then retry',
      expected: `${expected} bytes`,
      actual: `${bytes} bytes`,
      remedy: 'new-source',
    })
  }
}
