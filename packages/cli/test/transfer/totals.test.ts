import { describe, expect, it } from '@jest/globals'
import type { TransferEvent } from '@imago/transfer'
import { createTotals } from '../../src/transfer/totals.ts'

const at = '2026-11-22T12:00:00Z'
const step = (
  run: string,
  name: 'download' | 'convert' | 'upload',
  from: number,
  total: number | null,
): TransferEvent => ({
  event: 'step',
  run,
  at,
  step: name,
  what: '',
  from,
  total,
})
const progress = (run: string, name: 'download' | 'convert' | 'upload', bytes: number): TransferEvent => ({
  event: 'progress',
  run,
  at,
  step: name,
  bytes,
  total: null,
})
const failed = (run: string): TransferEvent => ({ event: 'failed', run, at, reason: 'because', resumable: true })
const done = (run: string): TransferEvent => ({
  event: 'done',
  run,
  at,
  outcome: {
    run,
    created: { kind: 'file', path: '/a' },
    size: 1,
    digests: {},
    source: { by: 'not-checked', digests: [] },
    verified: 'digest-match',
    adopted: false,
    warnings: [],
  },
})

describe('createTotals', () => {
  it('adds up downloaded and uploaded bytes, and ignores local steps', () => {
    const add = createTotals(
      new Map([
        ['a', 200],
        ['b', 300],
      ]),
    )
    expect(add(step('a', 'download', 20, 100))).toEqual({
      images: 2,
      over: 0,
      failed: 0,
      bytes: 20,
      total: 500,
      moved: 0,
    })
    expect(add(progress('a', 'download', 100))).toMatchObject({ bytes: 100, moved: 80 })
    add(step('a', 'convert', 0, 900))
    expect(add(progress('a', 'convert', 900))).toMatchObject({ bytes: 100, moved: 80 })
    add(step('a', 'upload', 0, 100))
    expect(add(progress('a', 'upload', 60))).toMatchObject({ bytes: 160, moved: 140 })
    // A retry starts again from the first byte.
    expect(add(step('a', 'upload', 0, 100))).toMatchObject({ bytes: 100, moved: 140 })
    expect(add(done('a'))).toMatchObject({ over: 1, bytes: 200, total: 500 })
  })

  it('counts earlier downloads when they are uploaded, the planned bytes of skipped runs, and the transferred bytes of failed runs', () => {
    const add = createTotals(
      new Map([
        ['a', 200],
        ['b', 300],
        ['c', 50],
      ]),
    )
    expect(add(step('a', 'upload', 0, 100))).toMatchObject({ bytes: 100, moved: 0 })
    expect(add(done('b'))).toMatchObject({ over: 1, bytes: 400, total: 550 })
    add(step('c', 'download', 0, 25))
    add(progress('c', 'download', 10))
    expect(add(failed('c'))).toEqual({ images: 3, over: 2, failed: 1, bytes: 410, total: 510, moved: 10 })
  })

  it('returns no total until a run of unknown size ends', () => {
    const add = createTotals(
      new Map([
        ['a', null],
        ['b', 300],
      ]),
    )
    add(step('a', 'download', 0, null))
    expect(add(progress('a', 'download', 70))).toMatchObject({ bytes: 70, total: null })
    add(step('a', 'upload', 0, 70))
    expect(add(progress('a', 'upload', 70))).toMatchObject({ bytes: 140, total: null })
    expect(add(done('a'))).toMatchObject({ bytes: 140, total: 440 })
  })
})
