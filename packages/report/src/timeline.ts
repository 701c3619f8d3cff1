import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { formatCount, formatEvent, formatSystem, formatImageName, listUsers } from './format.ts'
import { trustedHtml, toPrintable, type Html } from './html.ts'
import type { ImageFacts } from './image-facts.ts'

/** Images that expire on the same day for the same reason. */
export interface TimelineRow {
  /** `debian 11`, or the name of a withdrawn image. */
  readonly label: string
  /** `support of debian 11 ends` */
  readonly event: string
  readonly date: string
  readonly days: number
  readonly images: readonly ImageFacts[]
  /** Servers, volumes and images that use one of them. */
  readonly users: readonly string[]
}

/** A date within this many days is soon. */
export const SOON_DAYS = 90

const toLabel = ({ image, expiry }: ImageFacts): string =>
  expiry?.event === 'support'
    ? `${expiry.release?.system ?? ''} ${expiry.release?.version ?? ''}`
    : `${formatSystem(image) ?? formatImageName(image)}, withdrawn`

/** The rows of the timeline, the earliest first. */
export const createTimeline = (facts: readonly ImageFacts[]): readonly TimelineRow[] => {
  const groups = new Map<string, ImageFacts[]>()
  for (const one of facts) {
    if (one.expiry === null) continue
    const key = JSON.stringify([one.expiry.date, toLabel(one)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
    .flatMap((images): readonly TimelineRow[] => {
      const [first] = images
      if (first === undefined || first.expiry === null) return []
      return [
        {
          label: toLabel(first),
          event: formatEvent(first.expiry),
          date: first.expiry.date.slice(0, 10),
          days: first.days ?? 0,
          images,
          users: [...new Set(images.flatMap(({ usage }) => listUsers(usage)))],
        },
      ]
    })
    .toSorted((a, b) => (a.date === b.date ? (a.label < b.label ? -1 : 1) : a.date < b.date ? -1 : 1))
}

/** In characters. Longer labels are truncated; the table below the chart contains them in full. */
const LABEL_LENGTH = 28

const cut = (text: string): string => (text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text)

const YEAR_MS = 365 * 86_400_000

/** The length of a bar for dates before the start of the chart, so that it is visible. */
const STUB_MS = YEAR_MS / 40

const toColor = (days: number): string =>
  days < 0 ? 'var(--past)' : days <= SOON_DAYS ? 'var(--soon)' : 'var(--later)'

/** The most rows of a chart. */
export const MOST_BARS = 40

/** The timeline as SVG, readable without scripts. Its colors are those of the page, so that they follow its theme. */
export const renderTimeline = (rows: readonly TimelineRow[], at: string): Html => {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const now = Date.parse(at)
  const [start, end] = [new Date(now - YEAR_MS), new Date(now + 3 * YEAR_MS)]
  const within = (date: string): Date => new Date(Math.min(Math.max(Date.parse(date), start.getTime()), end.getTime()))
  const bars = rows.slice(0, MOST_BARS).map((row, index) => ({
    // The number distinguishes rows with the same label.
    key: `${index}`,
    label: toPrintable(cut(row.label)),
    end: new Date(Math.max(within(row.date).getTime(), start.getTime() + STUB_MS)),
    color: toColor(row.days),
    text: `${row.date} · ${formatCount(row.images.length, 'image')}${row.users.length === 0 ? '' : ` · ${formatCount(row.users.length, 'user')}`}`,
  }))
  const labels = new Map(bars.map(({ key, label }) => [key, label]))
  const chart = Plot.plot({
    document,
    className: 'chart',
    width: 900,
    height: 50 + bars.length * 22,
    marginLeft: 190,
    marginRight: 230,
    marginTop: 26,
    marginBottom: 4,
    ariaLabel: 'Timeline: when images expire',
    x: { type: 'utc', domain: [start, end], axis: 'top', label: null, grid: true },
    y: {
      domain: bars.map(({ key }) => key),
      label: null,
      tickSize: 0,
      tickFormat: (key: string) => labels.get(key) ?? '',
    },
    color: { type: 'identity' },
    marks: [
      Plot.barX(bars, { x1: start, x2: 'end', y: 'key', fill: 'color', insetTop: 3, insetBottom: 3, rx: 2 }),
      Plot.text(bars, { x: 'end', y: 'key', text: 'text', textAnchor: 'start', dx: 6, fill: 'var(--text)' }),
      Plot.ruleX([new Date(now)], { stroke: 'var(--text)', strokeDasharray: '3,3' }),
    ],
  })
  // The policy of the page allows only its own style sheet.
  for (const style of chart.querySelectorAll('style')) style.remove()
  // Plot labels groups without a role, which assistive technology ignores. The whole chart has a label.
  for (const group of chart.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label')
  chart.setAttribute('role', 'img')
  return trustedHtml(chart.outerHTML)
}
