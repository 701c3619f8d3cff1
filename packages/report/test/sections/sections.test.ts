import { describe, expect, it } from '@jest/globals'
import type { CloudObservation } from '@imago/core'
import { parseHTML } from 'linkedom'
import { renderReport, type ReportInput } from '../../src/index.ts'
import { cutOff, NO_PRICES, NO_USAGE, observeCloud, snapshot, supportData } from '../observed.ts'

const read = (
  clouds: readonly CloudObservation[],
  selector: string,
  more: Partial<ReportInput> = {},
): string | null => {
  const text = renderReport({ observation: { at: '2026-11-30T00:00:00Z', clouds }, supportData, ...more })
  const found = parseHTML(text).document.querySelector(selector)
  return found === null ? null : (found.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
}

const INCOMPLETE = observeCloud([], { images: cutOff([snapshot('1')]), usage: NO_USAGE, prices: NO_PRICES })

describe('a report of a cloud that was not read completely', () => {
  it('begins with what is missing', () => {
    expect(read([INCOMPLETE], '.notice')).toContain(
      'prod: not all images were listed; usage is unknown or incomplete (servers: not allowed)',
    )
    expect(read([INCOMPLETE], 'header')).toContain('At least 1 image in 1 cloud')
  })

  it('shows unknown values as unknown in the table of costs', () => {
    expect(read([INCOMPLETE], '[aria-label="Cost by cloud"] tbody')).toBe('prod (incomplete) 9.3 GiB – unknown')
  })

  it('shows no size for a cloud of which nothing was listed', () => {
    const cloud = observeCloud([], { images: cutOff([]), usage: NO_USAGE, prices: NO_PRICES })
    expect(read([cloud], '[aria-label="Cost by cloud"] tbody')).toBe('prod (incomplete) – – unknown')
    expect(read([cloud], '[aria-labelledby="lifecycle"]')).toBe('Lifecycle No image was listed.')
  })

  it('marks operating systems that may exist in it', () => {
    const other = {
      ...observeCloud([]),
      cloud: { provider: 'memory', cloud: 'down', region: null },
      images: cutOff([]),
    }
    const table = '[aria-labelledby="matrix"] table'
    expect(read([observeCloud([snapshot('1')]), other], table)).toContain('down (incomplete)')
    expect(read([observeCloud([snapshot('1')]), other], `${table} tbody`)).toBe('debian 12 1?')
  })
})

describe('a report of clouds that were read completely', () => {
  it('has no notice', () => {
    expect(read([observeCloud([snapshot('1')])], '.notice')).toBeNull()
  })

  it('lists the most expensive images first', () => {
    const images = [snapshot('small', { size: { stored: 1e9 } }), snapshot('large', { size: { stored: 50e9 } })]
    expect(read([observeCloud(images)], '[aria-label="Most expensive images"] tbody tr')).toMatch(/^large .* 0.50 EUR/)
  })

  it('shows the total of several clouds', () => {
    const images = [snapshot('1')]
    expect(read([observeCloud(images), observeCloud(images)], '[aria-label="Cost by cloud"] tbody tr:last-child')).toBe(
      'Total, as far as known 18.6 GiB 0.20 EUR 2 images, 0.20 EUR',
    )
  })

  it('shows that protection is unknown', () => {
    const cloud = observeCloud([snapshot('1', { protected: null })])
    expect(read([cloud], '[aria-label="Unused images"] tbody')).toContain('unused, protection unknown')
  })

  it('truncates long values of changes', () => {
    const earlier = { at: null, isComplete: true, images: [snapshot('1', { description: 'x'.repeat(100_000) })] }
    const text = read([observeCloud([snapshot('1')])], '[aria-labelledby="changes"]', { earlier })
    expect(text?.length).toBeLessThan(1000)
  })
})
