import { describe, expect, it } from '@jest/globals'
import {
  afterUpload,
  aborted,
  conflict,
  patienceMs,
  rejected,
  siteOf,
  unavailable,
  uploadAnswer,
  type UploadState,
  type UploadStep,
} from '../src/index.ts'

const ANSWERS = ['accepted', 'refused', 'failed'] as const
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

const STATES: readonly UploadState[] = ANSWERS.flatMap((answer) =>
  SENT.flatMap((sent) =>
    IMAGES.flatMap((image) =>
      EITHER.flatMap((isPatient) => EITHER.map((hasTries) => ({ answer, sent, image, isPatient, hasTries }))),
    ),
  ),
)

/** The states in which this is what comes next. */
const leadingTo = (...steps: readonly UploadStep[]): readonly UploadState[] =>
  STATES.filter((state) => steps.includes(afterUpload(state)))
const DELETES = ['replace', 'remove'] as const
const TRIES = ['again', 'replace'] as const

describe('afterUpload', () => {
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
    expect(leadingTo(...TRIES).filter(({ hasTries }) => !hasTries)).toEqual([])
    expect(leadingTo(...TRIES).filter(({ answer, image }) => answer === 'refused' && image !== 'receiving')).toEqual([])
  })

  it('waits only for what is being written, and only while it is patient', () => {
    expect(leadingTo('wait').filter(({ image, isPatient }) => image !== 'receiving' || !isPatient)).toEqual([])
    expect(
      STATES.filter(({ image, isPatient }) => image === 'receiving' && isPatient).every(
        (state) => afterUpload(state) === 'wait',
      ),
    ).toBe(true)
  })

  it('is done only where the image holds what was sent', () => {
    expect(new Set(leadingTo('done').map(({ image }) => image))).toEqual(new Set(['same']))
  })

  it.each<[string, Omit<UploadState, 'isPatient'>, UploadStep]>([
    [
      'a gateway gave up, and Glance has let go of it',
      { answer: 'failed', sent: 'all', image: 'empty', hasTries: true },
      'again',
    ],
    ['the same, at the last try', { answer: 'failed', sent: 'all', image: 'empty', hasTries: false }, 'remove'],
    [
      'a server of Glance died with a part of the data',
      { answer: 'failed', sent: 'part', image: 'receiving', hasTries: true },
      'replace',
    ],
    [
      'a server of Glance died with all of the data',
      { answer: 'failed', sent: 'all', image: 'receiving', hasTries: true },
      'leave',
    ],
    ['another run is sending', { answer: 'failed', sent: 'nothing', image: 'receiving', hasTries: true }, 'again'],
    [
      'another run is still sending',
      { answer: 'failed', sent: 'nothing', image: 'receiving', hasTries: false },
      'leave',
    ],
    ['somebody deleted the image', { answer: 'failed', sent: 'all', image: 'gone', hasTries: true }, 'replace'],
    ['a gateway takes no such size', { answer: 'refused', sent: 'nothing', image: 'empty', hasTries: true }, 'remove'],
    ['something in between said yes', { answer: 'accepted', sent: 'all', image: 'empty', hasTries: true }, 'leave'],
    ['other data are in it', { answer: 'accepted', sent: 'all', image: 'other', hasTries: true }, 'remove'],
    ['a cache gives an old record', { answer: 'failed', sent: 'nothing', image: 'stale', hasTries: true }, 'again'],
    [
      'a cache gives an old record of what was taken',
      { answer: 'accepted', sent: 'all', image: 'stale', hasTries: true },
      'leave',
    ],
    ['the cloud cannot be asked', { answer: 'failed', sent: 'all', image: 'unknown', hasTries: false }, 'leave'],
  ])('%s', (_, state, step) => {
    expect(afterUpload({ ...state, isPatient: false })).toBe(step)
  })
})

describe('patienceMs', () => {
  it('grows with the data where all of them were handed over', () => {
    expect(patienceMs('nothing', 2 ** 40)).toBe(0)
    expect(patienceMs('part', 2 ** 40)).toBe(30_000)
    expect(patienceMs('all', null)).toBe(300_000)
    expect(patienceMs('all', 8 * 2 ** 30)).toBe(300_000 + 1_024_000)
  })
})

describe('uploadAnswer', () => {
  const site = siteOf({ provider: 'memory', cloud: null }, 'upload')
  it('tells what the same bytes would meet again from what may pass', () => {
    expect(uploadAnswer(rejected(site, { what: 'too large' }))).toBe('refused')
    expect(uploadAnswer(aborted(site))).toBe('refused')
    expect(uploadAnswer(unavailable(site, { what: '504' }))).toBe('failed')
    expect(uploadAnswer(conflict(site, { what: 'saving' }))).toBe('failed')
  })
})
