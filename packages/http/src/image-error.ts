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

const CHECK = 'Check the address and the network, or try again later'
const LATER = 'Try again later; if it happens each time, look at the server, and at what stands before it'

/** A failure as an error of the image contract. Errors of a login or of a source are given as they are. */
export const toImageErrorFromFailure = (failure: HttpFailure, site: ErrorSite): ImageError => {
  const what = describeFailure(failure)
  switch (failure._tag) {
    case 'Network':
      if (failure.truncated !== undefined)
        return unavailable(site, {
          what,
          hint: 'Try again; if it ends there again, look at the server and at what it serves',
          truncated: failure.truncated,
        })
      if (isBroken(failure))
        return unavailable(site, {
          what,
          hint: 'Try again; if it breaks each time, something on the way ends it: a proxy, a firewall, a limit of size or time',
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
      return aborted(site, { what, hint: 'Leave out the dry run to do it' })
    case 'RefusedHost':
      return rejected(site, {
        what,
        hint: 'Do not trust the link; if the address is right, add it to the configuration of this cloud',
      })
    case 'RefusedRedirect':
      return configInvalid(site, { what, hint: 'If that is where this cloud is, configure that address' })
    case 'RefusedByProxy':
      return configInvalid(site, { what, hint: 'Put user and password into the address of the proxy' })
    case 'InvalidRequest':
      return configInvalid(site, { what })
    case 'TooLarge':
      return decodeFailed(site, { what, issues: [] })
    case 'BadBody':
      return decodeFailed(site, { what, issues: [], ...(failure.hint === undefined ? {} : { hint: failure.hint }) })
    case 'RateLimited':
      return rateLimited(site, { what, retryAfterMs: failure.retryAfterMs })
    case 'LoginFailed':
      return failure.error
    case 'SourceFailed':
      return failure.error ?? rejected(site, { what, hint: 'Look at where the bytes come from' })
    case 'WrongSize':
      return integrityFailed(site, { what, expected: `${failure.expected} bytes`, actual: `${failure.actual} bytes` })
  }
}

/** The bytes of a streamed answer as a `ByteSource` gives them: a failure is thrown as `ImageException`. */
export const imageBytes = (bytes: AsyncIterable<Uint8Array>, site: ErrorSite): AsyncIterable<Uint8Array> =>
  observeBytes(bytes, {
    mapError: (thrown) =>
      thrown instanceof BrokenBody ? new ImageException(toImageErrorFromFailure(thrown.failure, site)) : thrown,
  })
