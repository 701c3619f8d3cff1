import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as errors from '../../src/error/image-error.ts'
import { formatError, formatReason } from '../../src/error/format-error.ts'
import { isRetryable } from '../../src/error/is-retryable.ts'
import { ImageException } from '../../src/error/image-exception.ts'
import { toSafePath, toSafeText } from '../../src/text/safe-text.ts'
import { createImage } from '../paged-source.ts'

const request: errors.RequestTrace = { method: 'GET', path: '/v1/images/42', status: 404, requestId: 'req-1' }
const site = errors.createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'get', request)

const everyError = (at: errors.ErrorSite, what: string): readonly errors.ImageError[] => [
  errors.configInvalid(at, { what }),
  errors.notFound(at, { what }),
  errors.unauthorized(at, { what }),
  errors.forbidden(at, { what, reason: what }),
  errors.conflict(at, { what }),
  errors.rejected(at, { what }),
  errors.quotaExceeded(at, { what }),
  errors.rateLimited(at, { what, retryAfterMs: 1500 }),
  errors.unavailable(at, { what }),
  errors.ambiguous(at, { what, candidates: [createImage('a', { raw: { adminPass: 'raw-secret' } })] }),
  errors.decodeFailed(at, { what, issues: [{ pointer: '/id', expected: 'string', got: 'nothing' }] }),
  errors.unsupported(at, { what, capability: 'protect' }),
  errors.integrityFailed(at, { what, expected: 'sha512:aa', actual: 'sha512:bb' }),
  errors.unsafeImage(at, { what, check: 'backing-file' }),
  errors.aborted(at, { what }),
]

/** A value with more keys than its type, as a careless caller may pass it. */
const extended = <A extends object>(value: A, foreign: object): A => Object.assign({}, value, foreign)

const hetznerToken = fc.stringMatching(/^[a-zA-Z0-9]{61}$/).map((text) => `aZ1${text}`)
const fernetToken = fc.stringMatching(/^[A-Za-z0-9_-]{40,180}$/).map((text) => `gAAAAAB${text}`)
const secret = fc.oneof(hetznerToken, fernetToken)

describe('formatError', () => {
  it('omits the provider of errors without one', () => {
    const local = errors.createErrorSite({ provider: '', cloud: null }, 'transfer')
    expect(formatError(errors.rejected(local, { what: 'no journal', hint: 'Retry' }))).toBe(
      'transfer: no journal. Retry',
    )
  })

  it('prints a readable name of the operation', () => {
    const listing = errors.createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'listPage')
    expect(formatError(errors.unavailable(listing, { what: 'no connection', hint: 'Retry' }))).toBe(
      'hetzner/prod: list images: no connection. Retry',
    )
  })

  it('formats the cloud, the operation, what happened, the request and the hint', () => {
    expect(formatError(errors.notFound(site, { what: 'image not found: 42' }))).toBe(
      'hetzner/prod: image not found: 42 (GET /v1/images/42, HTTP 404, request req-1). Check the ID or name, the project and the region',
    )
    expect(
      formatError(
        errors.notFound(errors.createErrorSite({ provider: 'openstack', cloud: null }, 'get'), {
          what: 'nothing there.',
          hint: 'Look elsewhere.',
        }),
      ),
    ).toBe('openstack: nothing there. Look elsewhere')
  })

  it('includes the details of each kind of error', () => {
    const at = errors.createErrorSite({ provider: 'p', cloud: null }, 'o')
    expect(
      formatError(errors.integrityFailed(at, { what: 'other bytes', expected: 'sha512:aa', actual: 'sha512:bb' })),
    ).toContain('other bytes; expected sha512:aa, got sha512:bb')
    expect(
      formatError(errors.integrityFailed(at, { what: 'no disk: it is empty', expected: 'a disk', actual: 'nothing' })),
    ).toContain('no disk: it is empty; expected a disk, got nothing')
    expect(formatError(errors.rateLimited(at, { what: 'too fast', retryAfterMs: 1500 }))).toContain(
      'too fast; asked to wait 2 s',
    )
    expect(formatError(errors.rateLimited(at, { what: 'too fast', retryAfterMs: null }))).toContain('too fast')
    const issue = { pointer: '/id', expected: 'string', got: 'nothing' }
    expect(formatError(errors.decodeFailed(at, { what: 'unreadable', issues: [issue, issue] }))).toContain(
      'unreadable: /id: expected string, got nothing (and 1 more field)',
    )
    expect(formatError(errors.decodeFailed(at, { what: 'unreadable', issues: [issue, issue, issue] }))).toContain(
      'unreadable: /id: expected string, got nothing (and 2 more fields)',
    )
  })

  it('formats every kind of error on one line with a hint', () => {
    for (const error of everyError({ ...site, cloud: 'pr\u001bod' }, 'a\nb\u001b[31mc\u202ed')) {
      expect(error.hint).not.toBe('')
      expect(formatError(error)).toMatch(/^hetzner\/pr od: (?:get: )?a b \[31mc d.*\. .+[^.]$/)
      // oxlint-disable-next-line no-control-regex
      expect(formatError(error)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  })

  it('never contains a secret', () => {
    const ways: readonly ((token: string) => { readonly at: errors.ErrorSite; readonly what: string })[] = [
      (token) => ({ at: site, what: `sent Authorization: Bearer ${token} and was refused` }),
      (token) => ({ at: site, what: `sent {"X-Auth-Token": "${token}"}` }),
      (token) => ({ at: site, what: `the answer was ${token}` }),
      (token) => ({ at: site, what: `cannot reach https://user:${token}@cloud.example/v2` }),
      (token) => ({
        at: site,
        what: `cannot fetch https://cloud.example/v1/image?temp_url_sig=${token}&temp_url_expires=1`,
      }),
      (token) => ({ at: { ...site, request: { ...request, path: `/v2/images?marker=1&sig=${token}` } }, what: 'no' }),
      (token) => ({
        at: { ...site, request: { ...request, path: `https://user:${token}@cloud.example/v2/images#${token}` } },
        what: 'no',
      }),
      (token) => ({ at: { ...site, request: { ...request, requestId: token } }, what: 'no' }),
      (token) => ({
        at: { ...site, request: extended(request, { headers: { authorization: token }, body: token }) },
        what: 'no',
      }),
      (token) => ({ at: extended(site, { token, response: { data: token } }), what: 'no' }),
    ]
    fc.assert(
      fc.property(secret, fc.constantFrom(...ways), (token, way) => {
        const { at, what } = way(token)
        for (const error of everyError(at, what)) {
          const everything = `${formatError(error)}${JSON.stringify(error)}${new ImageException(error).stack}`
          expect(everything).not.toContain(token)
          expect(everything).not.toContain('raw-secret')
        }
      }),
    )
  })

  it('shortens long messages', () => {
    expect(formatError(errors.rejected(site, { what: 'x '.repeat(1e5) })).length).toBeLessThan(1000)
  })
})

describe('formatReason', () => {
  it('omits the cloud and the operation', () => {
    const listing = errors.createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'listPage', request)
    expect(formatReason(errors.unavailable(listing, { what: 'no connection', hint: 'Retry' }))).toBe(
      'no connection (GET /v1/images/42, HTTP 404, request req-1). Retry',
    )
  })
})

describe('toSafeText', () => {
  it('masks short secrets that follow their name', () => {
    for (const text of [
      'password=hunter2',
      "password: 'hunter2 two'",
      '"adminSecret": "hunter2"',
      'X-Auth-Token: hunter2',
      'Bearer hunter2',
      'Authorization: Basic aHVudGVyMg==hunter2',
      'scheme://me:hunter2@host/',
      'https://host/path?temp_url_sig=hunter2',
      'Bearer\u0000hunter2',
    ])
      expect(toSafeText(`before ${text} after`)).not.toContain('hunter2')
  })

  it('keeps text that is not a secret', () => {
    for (const text of [
      'image 6c5f1b2e-8a1d-4a55-9f0e-000000000000 is protected',
      `expected sha512:${'0123456789abcdef'.repeat(8)}`,
      'the token expired',
      'basic authentication is off',
      'could not reach https://cloud.example:9292/v2/images',
      'what is ubuntu-24.04?',
    ])
      expect(toSafeText(text)).toBe(text)
  })

  it('is idempotent and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(toSafeText(toSafeText(text))).toBe(toSafeText(text))
      }),
    )
  })
})

describe('toSafePath', () => {
  it('removes everything except the path', () => {
    expect(toSafePath('https://me:secret@cloud.example:9292/v2/images/1?sig=2#3')).toBe('/v2/images/1')
    expect(toSafePath('/v2/images?next=https://elsewhere')).toBe('/v2/images')
  })
})

describe('errors', () => {
  it('are plain JSON values', () => {
    for (const error of everyError(site, 'no')) expect(JSON.parse(JSON.stringify(error))).toEqual(error)
  })

  it('contain the site, and only the declared keys of the request', () => {
    const error = errors.conflict({ ...site, request: extended(request, { headers: { a: 'b' } }) }, { what: 'no' })
    expect(error).toEqual({
      _tag: 'Conflict',
      provider: 'hetzner',
      cloud: 'prod',
      operation: 'get',
      what: 'no',
      hint: error.hint,
      request,
    })
  })

  it('are retryable only if RateLimited or Unavailable', () => {
    expect(
      everyError(site, 'no')
        .filter(isRetryable)
        .map(({ _tag }) => _tag),
    ).toEqual(['RateLimited', 'Unavailable'])
  })
})

describe('ImageException', () => {
  const exception = new ImageException(errors.notFound(site, { what: 'gone' }))

  it('is an Error with the formatted message and the error value', () => {
    expect(exception).toBeInstanceOf(Error)
    expect(exception.name).toBe('ImageException')
    expect(exception.message).toBe(formatError(exception.error))
    expect(exception.error._tag).toBe('NotFound')
  })

  it('is recognized by its marker, even from another copy of the package', () => {
    const foreign = Object.assign(new Error('other copy'), { [Symbol.for('imago.ImageException')]: true })
    for (const u of [exception, foreign]) expect(ImageException.is(u)).toBe(true)
    for (const u of [new Error('no'), null, undefined, 'text', { [Symbol.for('imago.ImageException')]: true }])
      expect(ImageException.is(u)).toBe(false)
  })
})
