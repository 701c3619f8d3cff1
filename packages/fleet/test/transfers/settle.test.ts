import { describe, expect, it } from '@jest/globals'
import { aborted, conflict, createErrorSite, notFound, rateLimited, unavailable, type ImageError } from '@imago/core'
import { createFencedError } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { decideSettlement, MAX_FAILURES } from '../../src/transfers/settle.ts'

const SITE = createErrorSite({ provider: 'test', cloud: null }, 'upload')
const decide = (error: ImageError, failures = 0) => decideSettlement(E.left(error), failures)
const away = unavailable(SITE, { what: 'away' })

describe('decideSettlement', () => {
  it('leaves a transfer that another worker has taken', () => {
    expect(decide(createFencedError('run', 3))).toEqual({ to: 'leave' })
  })

  it('hands over an aborted transfer at once, and one that another process has later', () => {
    expect(decide(aborted(SITE))).toEqual({ to: 'handover', seconds: 0 })
    expect(decide(conflict(SITE, { what: 'busy', reason: 'in_use' }))).toEqual({ to: 'handover', seconds: 15 })
  })

  it('retries after the time that the error names', () => {
    const error = rateLimited(SITE, { what: 'slow down', retryAfterMs: 61_500 })
    expect(decide(error, 3)).toEqual({ to: 'retry', error, seconds: 62 })
  })

  it('waits longer after each failure, up to half an hour, and gives up at last', () => {
    const waits = Array.from({ length: MAX_FAILURES }, (_, failures) => decide(away, failures))
    expect(waits.map((one) => (one.to === 'retry' ? one.seconds : one.to))).toEqual([
      15,
      30,
      60,
      120,
      240,
      480,
      960,
      'failed',
    ])
  })

  it('does not retry other errors', () => {
    const error = notFound(SITE, { what: 'gone' })
    expect(decide(error)).toEqual({ to: 'failed', error })
    const other = conflict(SITE, { what: 'name taken' })
    expect(decide(other)).toEqual({ to: 'failed', error: other })
  })
})
