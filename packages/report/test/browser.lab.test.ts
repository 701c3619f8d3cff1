import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import axe from 'axe-core'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { renderReport } from '../src/index.ts'
import { observe, snapshot, supportData } from './observed.ts'

const HOSTILE = '</script><script>document.title="broken"</script>'

const IMAGES = 10_000

const images = Array.from({ length: IMAGES }, (_, index) =>
  snapshot(index === 0 ? 'used' : `id-${index}`, {
    name: index === 1 ? HOSTILE : `image-${index}`,
    size: { stored: 1e9 + index },
    labels: { number: String(index) },
    os: index % 2 === 0 ? { distro: 'debian', version: '12' } : { distro: 'ubuntu', version: '24.04' },
  }),
)

/** The report in Debian's Chromium, opened from a file. */
describe('a report of 10,000 images in a browser', () => {
  let folder: string
  let browser: Browser
  let url: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imago-report-'))
    const file = join(folder, 'report.html')
    const earlier = { at: '2026-10-01T00:00:00Z', isComplete: true, images: images.slice(1) }
    await writeFile(file, renderReport({ observation: observe(images), supportData, earlier }))
    url = pathToFileURL(file).href
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  })

  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  /** Opens the report; `problems` are requests, and what the console reports. */
  const open = async (
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ readonly page: Page; readonly problems: readonly string[] }> => {
    const page = await browser.newPage(options)
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('request', (request) => {
      if (request.url() !== url) problems.push(request.url())
    })
    await page.goto(url)
    return { page, problems }
  }

  it('sends no request, and has no errors', async () => {
    const { page, problems } = await open()
    await page.waitForSelector('#controls:not([hidden])')
    expect(problems).toEqual([])
    await page.close()
  })

  it('shows a hostile name as text', async () => {
    const { page } = await open()
    await page.fill('#filter', 'document.title')
    expect(await page.textContent('#all tbody button')).toBe(HOSTILE)
    expect(await page.title()).toBe('Machine images, 2026-11-30')
    await page.close()
  })

  it('filters, sorts and pages the images', async () => {
    const { page } = await open()
    expect(await page.textContent('#matches')).toBe('10000 of 10000 images')
    await page.fill('#filter', 'image-12 debian')
    expect(await page.textContent('#matches')).toBe('56 of 10000 images')
    await page.click('#next')
    expect(await page.locator('#all tbody tr').count()).toBe(6)
    await page.fill('#filter', '')
    await page.click('#all thead button:has-text("Stored")')
    await page.click('#all thead button:has-text("Stored")')
    expect(await page.textContent('#all tbody button')).toBe('image-9999')
    await page.close()
  })

  it('opens the details of an image with the keyboard', async () => {
    const { page } = await open()
    await page.focus('#filter')
    await page.keyboard.type('labels={"number":"42"}')
    await page.focus('#all tbody button')
    await page.keyboard.press('Enter')
    expect(await page.textContent('#all tbody dl')).toContain('{"number":"42"}')
    expect(await page.evaluate('document.activeElement.getAttribute("aria-expanded")')).toBe('true')
    await page.close()
  })

  it('is readable without scripts', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    expect(await page.locator('svg.chart rect').count()).toBe(2)
    expect(await page.locator('#all tbody tr').count()).toBe(100)
    expect(await page.textContent('noscript')).toContain('the first 100 of 10000 images')
    await page.close()
  })

  it.each(['light', 'dark'] as const)('has no accessibility problem that axe finds, %s', async (colorScheme) => {
    const { page } = await open({ colorScheme })
    await page.evaluate(axe.source.replace(/;?\s*$/, '')).catch(() => undefined)
    const violations = await page.evaluate(async () => {
      const { axe: run } = globalThis as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
      }
      return (await run.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
    })
    expect(violations).toEqual([])
    await page.close()
  })

  it.each([320, 1280])('does not scroll sideways in %i pixels', async (width) => {
    const { page } = await open({ viewport: { width, height: 800 } })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await page.close()
  })

  it('shows on paper which images are on the page', async () => {
    const { page } = await open()
    await page.emulateMedia({ media: 'print' })
    expect(await page.isVisible('#page')).toBe(true)
    expect(await page.isVisible('#next')).toBe(false)
    await page.close()
  })

  it('prints to PDF', async () => {
    const { page } = await open()
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await page.close()
  })
})

const LONG = 'x'.repeat(10_000)

/** Names that no provider should have, where a report shows names. */
describe('a report of hostile names in a browser', () => {
  it.each([320, 1280])('does not scroll sideways, nor grow endlessly, in %i pixels', async (width) => {
    const folder = await mkdtemp(join(tmpdir(), 'imago-report-'))
    const file = join(folder, 'report.html')
    const hostile = [LONG, HOSTILE, '\u202egnp.exe'].map((name, index) =>
      snapshot(`${index}${name}`, { name, os: { distro: name, version: name }, labels: { [name]: name } }),
    )
    const earlier = { at: null, isComplete: true, images: hostile.map((image) => ({ ...image, name: LONG })) }
    const { clouds } = observe(hostile)
    const named = clouds.map((cloud) => ({ ...cloud, cloud: { ...cloud.cloud, cloud: LONG } }))
    const observation = { at: '2026-11-30T00:00:00Z', clouds: [...clouds, ...named] }
    await writeFile(file, renderReport({ observation, supportData, earlier }))
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage({ viewport: { width, height: 800 } })
      await page.goto(pathToFileURL(file).href)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(20_000)
    } finally {
      await browser.close()
      await rm(folder, { recursive: true })
    }
  })
})
