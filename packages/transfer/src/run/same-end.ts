import { integrityFailed, type ErrorSite, type ImageError } from '@imago/core'

/** After so many tries in a row that ended at the same byte, although there should be more, that byte is taken for the end of the source. */
export const TRIES_AT_ONE_BYTE = 3

/**
 * Watches where tries at a source end. Gives what is wrong when it ended at the same byte too often, with as many bytes as came and as there should be;
 * `null`: another try may help. `error`: what a try ended by; `bytes`: how many of `size` were here then.
 */
export const watchEnds = (
  site: ErrorSite,
  size: number | null,
): ((error: ImageError, bytes: number) => ImageError | null) => {
  let last: number | null = null
  let count = 0
  return (error, bytes) => {
    const truncated = error._tag === 'Unavailable' ? error.truncated : undefined
    // A server that keeps to no ranges sends all anew, and may have ended elsewhere.
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
      what: `the source ends at the same byte in each of ${TRIES_AT_ONE_BYTE} tries: the file there, or its server, is damaged`,
      hint: 'Make the source whole, then try again',
      expected: `${expected} bytes`,
      actual: `${bytes} bytes`,
      remedy: 'new-source',
    })
  }
}
