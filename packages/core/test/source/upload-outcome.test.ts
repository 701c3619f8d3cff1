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

/** The states for which one of the steps is decided. */
const leadingTo = (...steps: readonly UploadStep[]): readonly UploadState[] =>
  STATES.filter((state) => steps.includes(decideUploadStep(state)))
const DELETES = ['replace', 'delete'] as const
const TRIES = ['retry', 'replace'] as const

describe('decideUploadStep', () => {
  it('never deletes an image that may still become complete or belongs to someone else', () => {
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

  it('never deletes an image that may hold the sent data, or a deactivated image', () => {
    expect(
      leadingTo(...DELETES).filter(({ image }) => image === 'same' || image === 'whole' || image === 'withheld'),
    ).toEqual([])
  })

  it('never retries without retries left or after a refusal', () => {
    expect(leadingTo(...TRIES).filter(({ canRetry }) => !canRetry)).toEqual([])
    expect(
      leadingTo(...TRIES).filter(({ response, image }) => response === 'refused' && image !== 'receiving'),
    ).toEqual([])
  })

  it('waits exactly while data is being written and time is left', () => {
    expect(leadingTo('wait').filter(({ image, canWait }) => image !== 'receiving' || !canWait)).toEqual([])
    expect(
      STATES.filter(({ image, canWait }) => image === 'receiving' && canWait).every(
        (state) => decideUploadStep(state) === 'wait',
      ),
    ).toBe(true)
  })

  it('is done only if the image holds the sent data', () => {
    expect(new Set(leadingTo('done').map(({ image }) => image))).toEqual(new Set(['same']))
  })

  it.each<[string, Omit<UploadState, 'canWait'>, UploadStep]>([
    [
      'a gateway timed out and Glance discarded the data',
      { response: 'failed', sent: 'all', image: 'empty', canRetry: true },
      'retry',
    ],
    [
      'a gateway timed out and no retry is left',
      { response: 'failed', sent: 'all', image: 'empty', canRetry: false },
      'delete',
    ],
    [
      'a Glance server died after receiving a part of the data',
      { response: 'failed', sent: 'part', image: 'receiving', canRetry: true },
      'replace',
    ],
    [
      'a Glance server died after receiving all data',
      { response: 'failed', sent: 'all', image: 'receiving', canRetry: true },
      'keep',
    ],
    ['another run is sending', { response: 'failed', sent: 'nothing', image: 'receiving', canRetry: true }, 'retry'],
    [
      'another run is sending and no retry is left',
      { response: 'failed', sent: 'nothing', image: 'receiving', canRetry: false },
      'keep',
    ],
    ['someone deleted the image', { response: 'failed', sent: 'all', image: 'gone', canRetry: true }, 'replace'],
    ['a gateway refuses the size', { response: 'refused', sent: 'nothing', image: 'empty', canRetry: true }, 'delete'],
    ['a proxy returned a success', { response: 'accepted', sent: 'all', image: 'empty', canRetry: true }, 'keep'],
    ['the image has other data', { response: 'accepted', sent: 'all', image: 'other', canRetry: true }, 'delete'],
    ['a cache returns an old record', { response: 'failed', sent: 'nothing', image: 'stale', canRetry: true }, 'retry'],
    [
      'a cache returns an old record after a success',
      { response: 'accepted', sent: 'all', image: 'stale', canRetry: true },
      'keep',
    ],
    ['the image cannot be read', { response: 'failed', sent: 'all', image: 'unknown', canRetry: false }, 'keep'],
  ])('decides the step if %s', (_, state, step) => {
    expect(decideUploadStep({ ...state, canWait: false })).toBe(step)
  })
})

describe('getUploadTimeoutMs', () => {
  it('grows with the size only if all data was sent', () => {
    expect(getUploadTimeoutMs('nothing', 2 ** 40)).toBe(0)
    expect(getUploadTimeoutMs('part', 2 ** 40)).toBe(30_000)
    expect(getUploadTimeoutMs('all', null)).toBe(300_000)
    expect(getUploadTimeoutMs('all', 8 * 2 ** 30)).toBe(300_000 + 1_024_000)
  })
})

describe('classifyUploadError', () => {
  const site = createErrorSite({ provider: 'memory', cloud: null }, 'upload')
  it('distinguishes refusals of the bytes from temporary failures', () => {
    expect(classifyUploadError(rejected(site, { what: 'too large' }))).toBe('refused')
    expect(classifyUploadError(aborted(site))).toBe('refused')
    expect(classifyUploadError(unavailable(site, { what: '504' }))).toBe('failed')
    expect(classifyUploadError(conflict(site, { what: 'saving' }))).toBe('failed')
  })
})
