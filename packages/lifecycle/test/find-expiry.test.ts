import { describe, expect, it } from '@jest/globals'
import { supportData, type SupportData, type SystemRelease } from '@imago/crosswalk/support'
import { bareImage } from '@imago/testkit'
import { findExpiries } from '../src/index.ts'

const release = (version: string, values: Partial<SystemRelease> = {}): SystemRelease => ({
  system: 'opensuse',
  version,
  codename: null,
  released: null,
  standardEnd: null,
  ltsEnd: null,
  paidEnd: null,
  sources: ['test'],
  ...values,
})

const createData = (...releases: readonly SystemRelease[]): SupportData => ({
  date: '2026-01-01',
  sources: {},
  releases,
})

const debian12 = bareImage('1', { os: { distro: 'debian', version: '12' } })

describe('findExpiries', () => {
  it('returns the end of standard support of the operating system', () => {
    expect(findExpiries(debian12, supportData)).toMatchObject([
      { event: 'support', date: '2026-07-11', source: 'support-data', isUpperBound: false },
    ])
  })

  it.each([
    ['lts', '2028-06-30'],
    ['paid', '2033-06-30'],
  ] as const)('returns the end of %s support on request', (level, date) => {
    expect(findExpiries(debian12, supportData, level)[0]?.date).toBe(date)
  })

  it('returns the standard end at level paid if there is no paid support', () => {
    const fedora = bareImage('1', { os: { distro: 'fedora', version: '43' } })
    expect(findExpiries(fedora, supportData, 'paid')[0]?.date).toBe('2026-12-09')
  })

  it("returns the provider's date first if it is earlier", () => {
    const image = { ...debian12, unavailableAfter: '2026-03-01T00:00:00Z' }
    expect(findExpiries(image, supportData).map(({ event, date }) => `${event} ${date}`)).toEqual([
      'unavailable 2026-03-01T00:00:00Z',
      'support 2026-07-11',
    ])
  })

  it('returns the last end of several possible releases, as an upper bound', () => {
    const image = bareImage('1', { os: { distro: 'opensuse', version: '15' } })
    const data = createData(
      release('15.5', { standardEnd: '2024-12-31' }),
      release('15.6', { standardEnd: '2026-04-30' }),
    )
    expect(findExpiries(image, data)).toMatchObject([{ date: '2026-04-30', isUpperBound: true }])
  })

  it('returns nothing if the end of a possible release is unknown', () => {
    const image = bareImage('1', { os: { distro: 'opensuse', version: '15' } })
    expect(findExpiries(image, createData(release('15.5', { standardEnd: '2024-12-31' }), release('15.6')))).toEqual([])
    expect(findExpiries(image, createData(release('15.5'), release('15.6', { standardEnd: '2026-04-30' })))).toEqual([])
  })

  it('returns nothing for an image of unknown operating system', () => {
    expect(findExpiries(bareImage('1'), supportData)).toEqual([])
    expect(findExpiries(bareImage('1', { os: { distro: 'debian' } }), supportData)).toEqual([])
  })
})
