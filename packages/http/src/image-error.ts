import {
  aborted,
  configInvalid,
  decodeFailed,
  ImageException,
  integrityFailed,
  rateLimited,
  rejected,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core/provider'
import { observeBytes } from './observe-bytes.ts'
import { BrokenBody, describeFailure, isBroken, type HttpFailure } from './failure.ts'
import { describeCertificateProblem, describeTlsProblem } from './tls-failure.ts'

const CHECK = 'Check the address and the network, or retry later'
const LATER = 'Retry later; if it fails again, check the server and the gateway before it'

/** Converts a failure to an error. Errors of a login or of a source stay as they are. */
export const toImageErrorFromFailure = (failure: HttpFailure, site: ErrorSite): ImageError => {
  const what = describeFailure(failure)
  switch (failure._tag) {
    case 'Network':
      if (failure.truncated !== undefined)
        return unavailable(site, {
          what,
          hint: 'Retry; if it ends there again, check the server and the file',
          truncated: failure.truncated,
        })
      if (isBroken(failure))
        return unavailable(site, {
          what,
          hint: 'Retry; if it is closed each time, check proxies, firewalls, and limits of size and duration',
        })
      return unavailable(site, { what, hint: CHECK })
    case 'Timeout':
      return unavailable(site, {
        what,
        hint: failure.stage === undefined || failure.stage === 'connection' ? CHECK : LATER,
      })
    case 'Untrusted':
      return configInvalid(site, { what, hint: describeCertificateProblem(failure.code).hint })
    case 'TlsFailed':
      return configInvalid(site, { what, hint: describeTlsProblem(failure.problem).hint })
    case 'Aborted':
      return aborted(site)
    case 'Intercepted':
      return aborted(site, { what, hint: 'Run it without the dry run to send the request' })
    case 'RefusedHost':
      return rejected(site, {
        what,
        hint: 'If the address is right, configure it as the endpoint of this cloud',
      })
    case 'RefusedRedirect':
      return configInvalid(site, { what, hint: 'If the address is right, configure it as the endpoint of this cloud' })
    case 'RefusedByProxy':
      return configInvalid(site, { what, hint: 'Add user and password to the address of the proxy' })
    case 'InvalidRequest':
      return configInvalid(site, { what, hint: failure.hint })
    case 'TooLarge':
      return decodeFailed(site, { what, issues: [] })
    case 'BadBody':
      return decodeFailed(site, { what, issues: [], ...(failure.hint === undefined ? {} : { hint: failure.hint }) })
    case 'RateLimited':
      return rateLimited(site, { what, retryAfterMs: failure.retryAfterMs })
    case 'LoginFailed':
      return failure.error
    case 'SourceFailed':
      return failure.error ?? rejected(site, { what, hint: 'Check the source of the bytes' })
    case 'WrongSize':
      return integrityFailed(site, { what, expected: `${failure.expected} bytes`, actual: `${failure.actual} bytes` })
  }
}

/** The bytes of a streamed response, with failures thrown as `ImageException`. */
export const imageBytes = (bytes: AsyncIterable<Uint8Array>, site: ErrorSite): AsyncIterable<Uint8Array> =>
  observeBytes(bytes, {
    mapError: (thrown) =>
      thrown instanceof BrokenBody ? new ImageException(toImageErrorFromFailure(thrown.failure, site)) : thrown,
  })
