import { describe, expect, it } from '@jest/globals'
import stringWidth from 'string-width'
import { barLine } from '../../src/transfer/bar-line.ts'

const LINE = {
  label: 'openstack/demo@RegionOne:id:ff31a25f-f3b0-591a-bc0e-15f661a9590d (web-1 nightly)',
  step: 'download',
  amount: '48.5 MiB of 97.0 MiB (50 %), 98.2 MiB/s, 1 s to go',
  part: 0.5,
}

describe('barLine', () => {
  it('shows all parts on a wide terminal', () =>
    expect(barLine(LINE, 200)).toBe(`${LINE.label}  download    ${'='.repeat(20)}${'-'.repeat(20)}  ${LINE.amount}`))

  it.each([40, 60, 79, 99, 119, 150])('fits %i columns, and shows the amount', (width) => {
    for (const part of [0, 0.5, 1, 7]) {
      const line = barLine({ ...LINE, part }, width)
      expect(stringWidth(line)).toBeLessThanOrEqual(width)
      expect(line).toContain('(50 %), 98.2 MiB/s, 1 s to go')
    }
  })

  it('cuts the start of a long label, because the image is at its end', () => {
    expect(barLine(LINE, 79)).toBe(`…web-1 nightly)  download    ${LINE.amount}`)
    expect(barLine({ ...LINE, label: 'イメージ'.repeat(5), amount: '' }, 28)).toMatch(
      /^…(?:イメージ|メージ|ージ|ジ)+ {2}download$/,
    )
  })

  it('draws the bar by its share', () =>
    expect(barLine({ label: 'a', step: 'upload', amount: '1 B', part: 0.25 }, 79)).toBe(
      `a  upload      ${'='.repeat(8)}${'-'.repeat(23)}  1 B`,
    ))
})
