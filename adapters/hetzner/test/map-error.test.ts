import { describe, expect, it } from '@jest/globals'
import { isRetryable, formatError, createErrorSite, type ImageErrorTag } from '@imago/core/provider'
import { toHeaders, type TextResponse } from '@imago/http'
import { HetznerErrorCode } from '@imago/schema-hetzner'
import type { RequestContext } from '@imago/provider-kit/live'
import { toImageError } from '../src/map-error.ts'

const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'get', {
  method: 'GET',
  path: '/v1/images/42',
  status: 400,
  requestId: 'a1b2c3',
})
const nothing: RequestContext = { subject: null, onlyOnce: false }
const image: RequestContext = { subject: 'image 42', onlyOnce: false }

const toResponse = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): TextResponse => ({
  kind: 'text',
  status,
  headers: toHeaders(Object.entries(headers)),
  url: 'https://api.hetzner.cloud/v1/images/42',
  text,
})
const mapCode = (status: number, code: string, details: unknown = null, asked = image) =>
  toImageError(
    site,
    toResponse(status, JSON.stringify({ error: { code, message: `it is ${code}`, details } })),
    asked,
    0,
  )

/** Every code of the API, with its usual status. */
const CODES: Readonly<Record<string, readonly [status: number, tag: ImageErrorTag]>> = {
  json_error: [400, 'Rejected'],
  unauthorized: [401, 'Unauthorized'],
  token_readonly: [403, 'Forbidden'],
  forbidden: [403, 'Forbidden'],
  maintenance: [403, 'Unavailable'],
  resource_limit_exceeded: [403, 'QuotaExceeded'],
  limit_reached: [403, 'QuotaExceeded'],
  not_found: [404, 'NotFound'],
  method_not_allowed: [405, 'Rejected'],
  uniqueness_error: [409, 'Conflict'],
  conflict: [409, 'Unavailable'],
  deprecated_api_endpoint: [410, 'Rejected'],
  resource_unavailable: [412, 'Unavailable'],
  invalid_input: [422, 'Rejected'],
  service_error: [422, 'Unavailable'],
  unsupported_error: [422, 'Rejected'],
  invalid_server_type: [422, 'Rejected'],
  action_failed: [422, 'Rejected'],
  placement_error: [422, 'Unavailable'],
  resource_in_use: [422, 'Conflict'],
  server_not_stopped: [422, 'Conflict'],
  locked: [423, 'Conflict'],
  resource_locked: [423, 'Conflict'],
  protected: [423, 'Forbidden'],
  rate_limit_exceeded: [429, 'RateLimited'],
  server_error: [500, 'Unavailable'],
  unknown_error: [500, 'Unavailable'],
  bad_gateway: [502, 'Unavailable'],
  unavailable: [503, 'Unavailable'],
  robot_unavailable: [503, 'Unavailable'],
  timeout: [504, 'Unavailable'],
}

describe('toImageError', () => {
  it('CODES contains every code of the schema', () => {
    expect(Object.keys(CODES).sort()).toEqual([...HetznerErrorCode.words].sort())
  })

  it.each(Object.entries(CODES))('the code %s is mapped', (code, [status, tag]) => {
    const error = mapCode(status, code)
    expect(error).toMatchObject({
      _tag: tag,
      provider: 'hetzner',
      cloud: 'prod',
      operation: 'get',
      request: { requestId: 'a1b2c3' },
    })
    expect(error.what).not.toBe('')
  })

  describe('toImageError', () => {
    it('returns the reason of Forbidden', () => {
      expect(mapCode(423, 'protected')).toMatchObject({
        reason: 'protected',
        what: 'image 42 is protected',
        hint: 'Remove the protection first',
      })
      expect(mapCode(401, 'token_readonly')).toMatchObject({
        _tag: 'Forbidden',
        reason: 'token_readonly',
        hint: 'Use a token with the permission Read & Write',
      })
      expect(mapCode(403, 'forbidden')).toMatchObject({ reason: 'forbidden', what: 'it is forbidden' })
      expect(mapCode(403, 'too_friendly')).toMatchObject({ _tag: 'Forbidden', reason: 'too_friendly' })
    })

    it('names the missing resource', () => {
      expect(formatError(mapCode(404, 'not_found'))).toBe(
        'hetzner/prod: image not found: 42 (GET /v1/images/42, HTTP 400, request a1b2c3). Check the ID, and that the token belongs to the right project',
      )
      expect(mapCode(404, 'not_found', null, nothing)).toMatchObject({ what: 'it is not_found' })
    })

    it('names invalid fields, exceeded limits and the announcement', () => {
      expect(
        mapCode(422, 'invalid_input', {
          fields: [
            { name: 'labels', messages: ['invalid key', 'too long'] },
            { name: 'type', messages: [] },
          ],
        }).what,
      ).toBe('it is invalid_input (labels: invalid key, too long; type)')
      expect(mapCode(403, 'resource_limit_exceeded', { limits: [{ name: 'snapshot_limit' }] }).what).toBe(
        'it is resource_limit_exceeded (snapshot_limit)',
      )
      expect(mapCode(409, 'uniqueness_error', { fields: [{ name: 'public_key' }] }).what).toBe(
        'it is uniqueness_error (public_key)',
      )
      expect(
        mapCode(410, 'deprecated_api_endpoint', { announcement: 'https://docs.hetzner.cloud/changelog' }).what,
      ).toContain('https://docs.hetzner.cloud/changelog')
    })

    it.each([
      ['uniqueness_error', 'Use another value, or delete the resource that has this one'],
      ['resource_in_use', 'Delete or detach what uses the resource, then retry'],
      ['server_not_stopped', 'Stop the server, then retry'],
    ])('returns the hint of the conflict %s', (code, hint) => expect(mapCode(422, code).hint).toBe(hint))

    it('returns the time of retry-after', () => {
      expect(mapCode(429, 'rate_limit_exceeded')).toMatchObject({ retryAfterMs: null })
      expect(toImageError(site, toResponse(429, '', { 'retry-after': '7' }), nothing, 0)).toMatchObject({
        _tag: 'RateLimited',
        retryAfterMs: 7000,
      })
    })

    it('returns ConfigInvalid for an unknown path of the API', () => {
      const body = JSON.stringify(
        { error: { code: 'not_found', message: 'api route not found', details: null } },
        null,
        2,
      )
      expect(toImageError(site, toResponse(404, body), image, 0)).toMatchObject({
        _tag: 'ConfigInvalid',
        hint: 'Check the endpoint of this cloud: it must end in the version, such as /v1',
      })
    })
  })

  describe('toImageError, without a known code', () => {
    it.each([
      [400, 'Rejected'],
      [401, 'Unauthorized'],
      [403, 'Forbidden'],
      [404, 'NotFound'],
      [409, 'Conflict'],
      [412, 'Conflict'],
      [423, 'Conflict'],
      [429, 'RateLimited'],
      [500, 'Unavailable'],
      [502, 'Unavailable'],
      [503, 'Unavailable'],
      [599, 'Unavailable'],
      [418, 'Rejected'],
    ])('maps the status %d', (status, tag) => {
      for (const [text, type] of [
        ['', null],
        ['plain words', 'text/plain'],
        ['{"error":', 'application/json'],
        ['[]', null],
        ['{"error":{"code":"brand_new"}}', null],
      ] as const) {
        const error = toImageError(
          site,
          toResponse(status, text, type === null ? {} : { 'content-type': type }),
          nothing,
          0,
        )
        expect(error._tag).toBe(tag)
        expect(error.what).not.toBe('')
        expect(error.what).not.toContain('<')
      }
    })
  })

  describe('the error of a request that is not idempotent', () => {
    const hint = 'The request may have been carried out: check before you retry'
    const once: RequestContext = { subject: null, onlyOnce: true }

    it('recommends a check, unless the API did nothing', () => {
      for (const code of ['unavailable', 'bad_gateway', 'timeout', 'server_error', 'service_error']) {
        expect(mapCode(503, code, null, once).hint).toBe(hint)
        expect(mapCode(503, code, null, nothing).hint).not.toBe(hint)
      }
      for (const code of ['conflict', 'maintenance', 'resource_unavailable'])
        expect(mapCode(503, code, null, once).hint).not.toBe(hint)
    })

    it('is retryable for a conflict, as the API recommends', () =>
      expect(isRetryable(mapCode(409, 'conflict'))).toBe(true))
  })
})
