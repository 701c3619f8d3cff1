import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { parseHTML } from 'linkedom'
import { createHash } from 'node:crypto'
import { renderReport, type ReportInput } from '../src/index.ts'
import { observe, snapshot, supportData } from './observed.ts'

const render = (images: readonly Image[], more: Partial<ReportInput> = {}): string =>
  renderReport({ observation: observe(images), supportData, ...more })

type Page = ReturnType<typeof parseHTML>['document']

const parse = (text: string): Page => parseHTML(text).document

const readText = (document: Page, selector: string): string =>
  (document.querySelector(selector)?.textContent ?? '').replaceAll(/\s+/g, ' ').trim()

const IMAGES = [
  snapshot('used', { name: 'web' }),
  snapshot('unused', { name: 'old' }),
  snapshot('later', { name: 'new', os: { distro: 'ubuntu', version: '24.04' } }),
]

describe('renderReport', () => {
  it('returns the same text for the same input', () => {
    expect(render(IMAGES)).toBe(render(IMAGES))
  })

  it('summarizes images, bytes, costs and deletable images', () => {
    const document = parse(render(IMAGES))
    const tiles = [...document.querySelectorAll('.tile')].map((tile) =>
      readText(document, `.tile:nth-child(${[...(tile.parentNode?.children ?? [])].indexOf(tile) + 1})`),
    )
    expect(tiles).toEqual([
      '3imagesin 1 cloud; 27.9 GiB stored as far as known',
      '0.30 EURa monthnet',
      '2expired1 in use',
      '0expire within 90 days',
      '2can be deletedsaves 0.20 EUR a month net',
    ])
  })

  it('draws a bar for each end of support, without scripts', () => {
    const chart = readText(parse(render(IMAGES)), 'svg.chart')
    expect(chart).toContain('2026-07-11 · 2 images · 1 user')
    expect(chart).toContain('2029-05-31 · 1 image · unused')
  })

  it('lists only unused images as deletable', () => {
    const document = parse(render(IMAGES))
    const section = document.querySelector('[aria-label="Unused images"]')
    expect([...(section?.querySelectorAll('code') ?? [])].map((code) => code.textContent).toSorted()).toEqual([
      'later',
      'unused',
    ])
  })

  it('shows changes since an earlier state', () => {
    const earlier = {
      at: '2026-10-01T00:00:00Z',
      isComplete: true,
      images: [snapshot('used', { name: 'web-old' }), snapshot('gone')],
    }
    const text = readText(
      parse(render([snapshot('used', { name: 'web' })], { earlier })),
      '[aria-labelledby="changes"]',
    )
    expect(text).toContain('Changes since 2026-10-01')
    expect(text).toContain('0 added, 1 removed, 1 changed')
    expect(text).toContain('name: "web-old" → "web"')
  })

  it('reports no image as removed when a cloud was not listed completely', () => {
    const observation = observe([])
    const [cloud] = observation.clouds
    const incomplete = {
      ...observation,
      clouds:
        cloud === undefined
          ? []
          : [{ ...cloud, images: { items: [], completeness: 'failed' as const, reason: 'cut off' } }],
    }
    const earlier = { at: null, isComplete: true, images: [snapshot('1')] }
    const text = readText(
      parse(renderReport({ observation: incomplete, supportData, earlier })),
      '[aria-labelledby="changes"]',
    )
    expect(text).toContain('0 removed')
    expect(text).toContain('1 unknown')
  })

  it('allows exactly its own style sheet and script', () => {
    const text = render(IMAGES)
    const document = parse(text)
    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? ''
    const hash = (content: string): string => createHash('sha256').update(content).digest('base64')
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? ''
    const script = /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`style-src 'sha256-${hash(style)}'`)
    expect(policy).toContain(`script-src 'sha256-${hash(script)}'`)
    expect(text.match(/<style>/g)).toHaveLength(1)
    expect(text).not.toMatch(/ style=| on[a-z]+=/)
  })

  it.each([
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u202egnp.exe',
    '\u001b[2J',
    'x'.repeat(10_000),
  ])('shows a hostile name as text (%#)', (name) => {
    const hostile = { name, labels: { [name]: name }, os: { distro: name, version: name } }
    const text = render([snapshot('1', hostile)])
    const document = parse(text)
    expect(document.querySelectorAll('script')).toHaveLength(2)
    expect(document.querySelectorAll('img')).toHaveLength(0)
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u202e\u001b]/)
    expect(text.length).toBeLessThan(200_000)
  })

  it('renders an observation without images', () => {
    expect(readText(parse(render([])), '[aria-labelledby="lifecycle"]')).toContain('There are no images')
  })
})
