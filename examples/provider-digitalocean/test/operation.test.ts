import { describe, expect, it } from '@jest/globals'
import { toOperation } from '../src/operation.ts'

const action = {
  id: 1,
  status: 'in-progress',
  type: 'transfer',
  started_at: '2014-07-25T15:04:21Z',
  region_slug: 'nyc2',
}

describe('toOperation', () => {
  it('reports a failure, whose cause the API does not give', () => {
    expect(toOperation({ ...action, status: 'errored', completed_at: '2014-07-25T15:10:20Z' })).toEqual({
      id: '1',
      kind: 'transfer',
      status: 'error',
      progress: null,
      error: 'action transfer (region nyc2) failed; DigitalOcean reports no cause',
      startedAt: '2014-07-25T15:04:21Z',
      finishedAt: '2014-07-25T15:10:20Z',
    })
  })

  it('takes an unknown status for work that goes on', () => {
    expect(toOperation({ ...action, status: 'queued', completed_at: '2014-07-25T15:10:20Z' })).toMatchObject({
      status: 'running',
      error: null,
      finishedAt: null,
    })
  })

  it('works without dates, type and region', () => {
    expect(toOperation({ id: 2, status: 'errored' })).toMatchObject({
      kind: null,
      error: 'action 2 failed; DigitalOcean reports no cause',
      startedAt: null,
      finishedAt: null,
    })
  })
})
