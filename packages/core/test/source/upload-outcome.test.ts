import { describe, expect, it } from '@jest/globals'
import {
  decideUploadStep,
  getUploadTimeoutMs,
  classifyUploadError,
  type UploadState,
  type UploadStep,
} from '../../src/source/upload-outcome.ts'
import { aborted, conflict, rejected, createErrorSite, unavailable } from '../../src/error/image-error.ts'

const RESPONSES = ['accepted', 'refused', 'failed'] as const
const SENT = ['nothing', 'part', 'all'] as const
const IMAGES = [
  'empty',
  'receiving',
  'whole',
  'same',
  'other',
  'withheld',
  'failed',
  'gone',
  'foreign',
  'stale',
  'unknown',
] as const
const EITHER = [false, true]

const STATES: readonly UploadState[] = RESPONSES.flatMap((response) =>
  SENT.flatMap((sent) =>
    IMAGES.flatMap((image) =>
      EITHER.flatMap((canWait) => EITHER.map((canRetry) => ({ response, sent, image, canWait, canRetry }))),
    ),
  ),
)

/** The states in which this is what comes next. */
const leadingTo = (...steps: readonly UploadStep[]): readonly UploadState[] =>
  STATES.filter((state) => steps.includes(decideUploadStep(state)))
const DELETES = ['replace', 'delete'] as const
const TRIES = ['retry', 'replace'] as const

describe('decideUploadStep', () => {
  it('never deletes an image that may still become whole, or is not the caller’s', () => {
    expect(
      leadingTo(...DELETES).filter(
        ({ image, sent }) =>
          (image === 'receiving' && sent !== 'part') ||
          (image === 'unknown' && sent === 'all') ||
          image === 'foreign' ||
          image === 'stale',
      ),
    ).toEqual([])
  })

  it('never deletes what holds what was sent, or what somebody has deactivated', () => {
    expect(
      leadingTo(...DELETES).filter(({ image }) => image === 'same' || image === 'whole' || image === 'withheld'),
    ).toEqual([])
  })

  it('never tries again without tries left, nor what was refused', () => {
    expect(leadingTo(...TRIES).filter(({ canRetry }) => !canRetry)).toEqual([])
    expect(
      leadingTo(...TRIES).filter(({ response, image }) => response === 'refused' && image !== 'receiving'),
    ).toEqual([])
  })

  it('waits only for what is being written, and only while it is patient', () => {
    expect(leadingTo('wait').filter(({ image, canWait }) => image !== 'receiving' || !canWait)).toEqual([])
    expect(
      STATES.filter(({ image, canWait }) => image === 'receiving' && canWait).every(
        (state) => decideUploadStep(state) === 'wait',
      ),
    ).toBe(true)
  })

  it('is done only where the image holds what was sent', () => {
    expect(new Set(leadingTo('done').map(({ image }) => image))).toEqual(new Set(['same']))
  })

  it.each<[string, Omit<UploadState, 'canWait'>, UploadStep]>([
    [
      'a gateway gave up, and Glance has let go of it',
      { response: 'failed', sent: 'all', image: 'empty', canRetry: true },
      'retry',
    ],
    ['the same, at the last try', { response: 'failed', sent: 'all', image: 'empty', canRetry: false }, 'delete'],
    [
      'a server of Glance died with a part of the data',
      { response: 'failed', sent: 'part', image: 'receiving', canRetry: true },
      'replace',
    ],
    [
      'a server of Glance died with all of the data',
      { response: 'failed', sent: 'all', image: 'receiving', canRetry: true },
      'keep',
    ],
    ['another run is sending', { response: 'failed', sent: 'nothing', image: 'receiving', canRetry: true }, 'retry'],
    [
      'another run is still sending',
      { response: 'failed', sent: 'nothing', image: 'receiving', canRetry: false },
      'keep',
    ],
    ['somebody deleted the image', { response: 'failed', sent: 'all', image: 'gone', canRetry: true }, 'replace'],
    [
      'a gateway takes no such size',
      { response: 'refused', sent: 'nothing', image: 'empty', canRetry: true },
      'delete',
    ],
    ['something in between said yes', { response: 'accepted', sent: 'all', image: 'empty', canRetry: true }, 'keep'],
    ['other data are in it', { response: 'accepted', sent: 'all', image: 'other', canRetry: true }, 'delete'],
    ['a cache gives an old record', { response: 'failed', sent: 'nothing', image: 'stale', canRetry: true }, 'retry'],
    [
      'a cache gives an old record of what was taken',
      { response: 'accepted', sent: 'all', image: 'stale', canRetry: true },
      'keep',
    ],
    ['the cloud cannot be asked', { response: 'failed', sent: 'all', image: 'unknown', canRetry: false }, 'keep'],
  ])('%s', (_, state, step) => {
    expect(decideUploadStep({ ...state, canWait: false })).toBe(step)
  })
})

describe('getUploadTimeoutMs', () => {
  it('grows with the data where all of them were handed over', () => {
    expect(getUploadTimeoutMs('nothing', 2 ** 40)).toBe(0)
    expect(getUploadTimeoutMs('part', 2 ** 40)).toBe(30_000)
    expect(getUploadTimeoutMs('all', null)).toBe(300_000)
    expect(getUploadTimeoutMs('all', 8 * 2 ** 30)).toBe(300_000 + 1_024_000)
  })
})

describe('classifyUploadError', () => {
  const site = createErrorSite({ provider: 'memory', cloud: null }, 'upload')
  it('tells what the same bytes would meet again from what may pass', () => {
    expect(classifyUploadError(rejected(site, { what: 'too large' }))).toBe('refused')
    expect(classifyUploadError(aborted(site))).toBe('refused')
    expect(classifyUploadError(unavailable(site, { what: '504' }))).toBe('failed')
    expect(classifyUploadError(conflict(site, { what: 'saving' }))).toBe('failed')
  })
})
