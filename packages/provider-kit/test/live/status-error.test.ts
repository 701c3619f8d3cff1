import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import { OUTCOME_UNKNOWN_HINT, toImageErrorFromStatus, type StatusError } from '../../src/live/index.ts'

const toError = (status: number, more: Partial<StatusError> = {}) =>
  toImageErrorFromStatus(createErrorSite({ provider: 'small', cloud: null }, 'get'), {
    status,
    message: 'no',
    retryAfterMs: 7000,
    onlyOnce: false,
    ...more,
  })

describe('toImageErrorFromStatus', () => {
  it.each([
    [400, 'Rejected'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [404, 'NotFound'],
    [408, 'Unavailable'],
    [409, 'Conflict'],
    [412, 'Conflict'],
    [418, 'Rejected'],
    [423, 'Conflict'],
    [429, 'RateLimited'],
    [500, 'Unavailable'],
    [599, 'Unavailable'],
  ])('maps %d to %s', (status, tag) => expect(toError(status)).toMatchObject({ _tag: tag, what: 'no' }))

  it('uses the provider’s wording if there is one', () =>
    expect(toError(404, { notFound: { what: 'image 1 not found', hint: 'Check the ID' } })).toMatchObject({
      what: 'image 1 not found',
      hint: 'Check the ID',
    }))

  it('uses the provider’s code as the reason of a refusal', () =>
    expect(toError(403, { reason: 'read_only' })).toMatchObject({ reason: 'read_only' }))

  it('returns the time to wait', () => expect(toError(429)).toMatchObject({ retryAfterMs: 7000 }))

  it('hints to check first when a request that is not idempotent may have been carried out', () =>
    expect(toError(503, { onlyOnce: true }).hint).toBe(OUTCOME_UNKNOWN_HINT))

  it('omits that hint when nothing was carried out', () =>
    expect(toError(409, { onlyOnce: true }).hint).not.toBe(OUTCOME_UNKNOWN_HINT))
})
