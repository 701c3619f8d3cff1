import { isRetryable, formatError, notFound, createErrorSite } from '@imago/core/provider'
import { describe, expect, it } from '@jest/globals'
import type { HttpFailure } from '../src/failure.ts'
import { toImageErrorFromFailure } from '../src/image-error.ts'

const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'listPage', {
  method: 'GET',
  path: '/v1/images',
  status: null,
  requestId: null,
})
const other = notFound(site, { what: 'gone' })

const failures: readonly (readonly [HttpFailure, string])[] = [
  [{ _tag: 'Network', code: 'ECONNREFUSED', origin: 'https://api.example' }, 'Unavailable'],
  [
    { _tag: 'Network', code: 'ECONNREFUSED', origin: 'https://api.example', proxy: 'http://proxy.example:3128' },
    'Unavailable',
  ],
  [{ _tag: 'Untrusted', code: 'CERT_HAS_EXPIRED' }, 'ConfigInvalid'],
  [{ _tag: 'Timeout', timeoutMs: 60_000 }, 'Unavailable'],
  [{ _tag: 'Aborted' }, 'Aborted'],
  [{ _tag: 'RefusedHost', origin: 'https://evil.example' }, 'Rejected'],
  [{ _tag: 'RefusedRedirect', status: 302, to: 'https://evil.example/x' }, 'ConfigInvalid'],
  [{ _tag: 'RefusedRedirect', status: 302, to: null }, 'ConfigInvalid'],
  [{ _tag: 'RefusedByProxy' }, 'ConfigInvalid'],
  [{ _tag: 'InvalidRequest', what: 'the address of the API is not a URL' }, 'ConfigInvalid'],
  [{ _tag: 'TooLarge', part: 'body', limit: 1 }, 'DecodeFailed'],
  [{ _tag: 'BadBody', what: 'the response is not valid JSON (content type: text/html)' }, 'DecodeFailed'],
  [{ _tag: 'RateLimited', retryAfterMs: 1000 }, 'RateLimited'],
  [{ _tag: 'LoginFailed', error: other }, 'NotFound'],
  [{ _tag: 'SourceFailed', error: other }, 'NotFound'],
  [{ _tag: 'SourceFailed', error: null }, 'Rejected'],
  [{ _tag: 'WrongSize', expected: 2, actual: 1 }, 'IntegrityFailed'],
]

describe('toImageErrorFromFailure', () => {
  it.each(failures)('converts %j to %s', (failure, tag) => {
    const error = toImageErrorFromFailure(failure, site)
    expect(error).toMatchObject({
      _tag: tag,
      provider: 'hetzner',
      cloud: 'prod',
      operation: 'listPage',
      request: site.request,
    })
    expect(isRetryable(error)).toBe(tag === 'Unavailable' || tag === 'RateLimited')
  })

  it('describes failures', () => {
    expect(failures.slice(0, 6).map(([failure]) => formatError(toImageErrorFromFailure(failure, site)))).toEqual([
      'hetzner/prod: list images: no connection to https://api.example (ECONNREFUSED) (GET /v1/images). Check the address and the network, or retry later',
      'hetzner/prod: list images: no connection to https://api.example through the proxy http://proxy.example:3128 (ECONNREFUSED) (GET /v1/images). Check the address and the network, or retry later',
      'hetzner/prod: list images: the certificate of the server has expired (CERT_HAS_EXPIRED) (GET /v1/images). Renew the certificate of the server; if its dates are right, set the clock of this machine',
      'hetzner/prod: list images: no response within 60 s (GET /v1/images). Check the address and the network, or retry later',
      'hetzner/prod: list images: interrupted (GET /v1/images). Run it again',
      'hetzner/prod: list images: a request to https://evil.example was refused: it is not an address of this cloud (GET /v1/images). If the address is right, configure it as the endpoint of this cloud',
    ])
  })
})
