import { describe, expect, it } from '@jest/globals'
import { computeProgress } from '../../src/transfers/progress.ts'
import type { TransferState } from '../../src/transfers/transfer-status.ts'

const AT = '2026-11-30T12:00:00.000Z'

const transfer = (
  state: TransferState,
  bytes: number | null,
  startedAt: string | null = null,
  finishedAt: string | null = null,
) => ({ state, bytes, startedAt, finishedAt })

describe('computeProgress', () => {
  it('computes the rate since the first recent transfer started, and the time that is left', () => {
    const done = transfer('done', 600, '2026-11-30T11:58:00.000Z', '2026-11-30T11:59:00.000Z')
    expect(computeProgress([done, done, transfer('queued', 1000), transfer('running', 200)], AT)).toEqual({
      transfers: 4,
      done: 2,
      doneBytes: 1200,
      bytes: 2400,
      perMinute: 1,
      bytesPerSecond: 10,
      secondsLeft: 120,
    })
  })

  it('measures no rate without a transfer that was completed lately', () => {
    const done = transfer('done', 600, '2026-11-30T10:00:00.000Z', '2026-11-30T11:00:00.000Z')
    expect(computeProgress([done, transfer('queued', 1000)], AT)).toMatchObject({
      perMinute: null,
      bytesPerSecond: null,
      secondsLeft: null,
    })
  })

  it('looks back 15 minutes at most', () => {
    const long = transfer('done', 9000, '2026-11-30T10:00:00.000Z', '2026-11-30T11:59:00.000Z')
    expect(computeProgress([long], AT)).toMatchObject({ bytesPerSecond: 10, secondsLeft: 0 })
  })

  it('computes the time that is left from numbers of transfers when sizes are unknown', () => {
    const done = transfer('done', null, '2026-11-30T11:58:00.000Z', '2026-11-30T11:59:00.000Z')
    expect(computeProgress([done, transfer('queued', null)], AT)).toMatchObject({
      bytes: null,
      bytesPerSecond: null,
      secondsLeft: 120,
    })
  })

  it('leaves out cancelled transfers', () => {
    expect(computeProgress([transfer('cancelled', 5)], AT)).toMatchObject({ transfers: 0, bytes: 0, secondsLeft: 0 })
  })
})
