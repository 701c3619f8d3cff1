import { describe, expect, it } from '@jest/globals'
import { cutOff, NO_PRICES, NO_USAGE, observeCloud, snapshot } from '../observed.ts'
import { INCOMPLETE, read } from './reading.ts'

describe('the section of costs', () => {
  it('shows unknown values as unknown in the table of costs', () => {
    expect(read([INCOMPLETE], '[aria-label="Cost by cloud"] tbody')).toBe('prod (incomplete) 9.3 GiB – unknown')
  })

  it('shows no size for a cloud of which nothing was listed', () => {
    const cloud = observeCloud([], { images: cutOff([]), usage: NO_USAGE, prices: NO_PRICES })
    expect(read([cloud], '[aria-label="Cost by cloud"] tbody')).toBe('prod (incomplete) – – unknown')
    expect(read([cloud], '[aria-labelledby="lifecycle"]')).toBe('Lifecycle No image was listed.')
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
})
