import { describe, expect, it } from '@jest/globals'
import { parseHTML } from 'linkedom'
import { readFacts } from '../src/image-facts.ts'
import { renderTimeline } from '../src/timeline-chart.ts'
import { createTimeline } from '../src/timeline.ts'
import { observe, snapshot, supportData } from './observed.ts'

const AT = '2026-11-30T00:00:00Z'

const render = (dates: readonly string[]) => {
  const images = dates.map((date, index) =>
    snapshot(`${index}`, { unavailableAfter: `${date}T00:00:00Z`, os: { distro: null, version: null } }),
  )
  const facts = readFacts({ observation: observe(images), supportData })
  const { chart, ...rest } = renderTimeline(createTimeline(facts), AT)
  const { document } = parseHTML(chart.text)
  const widths = [...document.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('width')))
  return { ...rest, widths, document, text: document.querySelector('svg')?.textContent ?? '' }
}

describe('renderTimeline', () => {
  it('draws longer bars for later dates', () => {
    const { widths, clipped } = render(['2031-06-01', '2032-06-01'])
    expect(widths[1]).toBeGreaterThan((widths[0] ?? 0) * 1.1)
    expect(clipped).toBe(0)
  })

  it('draws an arrow at each bar that ends outside the chart', () => {
    const { document, clipped } = render(['2020-01-01', '2027-01-01', '2035-01-01', '2099-01-01'])
    expect(clipped).toBe(3)
    expect(document.querySelectorAll('path[transform*="rotate"]')).toHaveLength(3)
  })

  it('draws a visible bar for a date close to the observation', () => {
    expect(Math.min(...render(['2026-11-30', '2035-01-01']).widths)).toBeGreaterThan(3)
  })

  it('draws the dates nearest to the observation, if there are too many', () => {
    const past = Array.from(
      { length: 60 },
      (_, index) => `2024-${index < 30 ? '01' : '03'}-${String((index % 30) + 1).padStart(2, '0')}`,
    )
    const { text, hidden } = render([...past, '2026-12-24'])
    expect(text).toContain('2026-12-24')
    expect(text).not.toContain('2024-01-01')
    expect(hidden).toBe(21)
  })
})
