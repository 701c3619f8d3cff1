import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { formatCount } from './format.ts'
import { toPrintable, trustedHtml, type Html } from './html.ts'
import { SOON_DAYS, type TimelineRow } from './timeline.ts'

/** In characters. Longer labels are truncated; the table below the chart contains them in full. */
const LABEL_LENGTH = 24

const truncate = (text: string): string => (text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text)

const YEAR_MS = 365 * 86_400_000

/** The most years that the chart shows before and after the observation. */
const [MAX_PAST_YEARS, MAX_FUTURE_YEARS] = [2, 6]

const toColor = (days: number): string =>
  days < 0 ? 'var(--past)' : days <= SOON_DAYS ? 'var(--soon)' : 'var(--later)'

/** The maximum number of rows of a chart. */
const MAX_BARS = 40

/** The rows nearest to the observation, in their order. */
const chooseRows = (rows: readonly TimelineRow[]): readonly TimelineRow[] => {
  if (rows.length <= MAX_BARS) return rows
  const nearest = new Set(rows.toSorted((a, b) => Math.abs(a.days) - Math.abs(b.days)).slice(0, MAX_BARS))
  return rows.filter((row) => nearest.has(row))
}

const formatUsers = ({ users, unknown }: TimelineRow): string => {
  if (users.length > 0) return `${unknown > 0 ? '≥ ' : ''}${formatCount(users.length, 'user')}`
  return unknown > 0 ? 'usage unknown' : 'unused'
}

/** The limits of the time axis, in milliseconds since the epoch: all dates, and at most some years. */
const findDomain = (dates: readonly number[], now: number): readonly [number, number] => {
  const limit = (date: number): number =>
    Math.min(Math.max(date, now - MAX_PAST_YEARS * YEAR_MS), now + MAX_FUTURE_YEARS * YEAR_MS)
  const pad = YEAR_MS / 12
  return [
    limit(Math.min(now - pad, ...dates.map((date) => date - pad))),
    limit(Math.max(now + YEAR_MS, ...dates.map((date) => date + pad))),
  ]
}

/** A chart, and what it leaves out. */
export interface TimelineChart {
  readonly chart: Html
  /** Number of rows that are not in the chart. */
  readonly hidden: number
  /** Number of bars that end outside the chart. They have an arrow. */
  readonly clipped: number
}

const createBars = (rows: readonly TimelineRow[], now: number, [start, end]: readonly [number, number]) =>
  rows.map((row, index) => {
    const date = Date.parse(row.date)
    // A date close to the observation is still visible.
    const minimum = (end - start) / 100
    const shown = row.days < 0 ? Math.min(date, now - minimum) : Math.max(date, now + minimum)
    return {
      // The number distinguishes rows with the same label.
      key: `${index}`,
      label: truncate(toPrintable(row.label)),
      now: new Date(now),
      date: new Date(Math.min(Math.max(shown, start), end)),
      color: toColor(row.days),
      text: `${row.date} · ${formatCount(row.images.length, 'image')} · ${formatUsers(row)}`,
      isEarlier: date < start,
      isLater: date > end,
    }
  })

type Bar = ReturnType<typeof createBars>[number]

const createArrows = (bars: readonly Bar[], rotate: number, dx: number) =>
  Plot.dot(bars, { x: 'date', y: 'key', symbol: 'triangle', r: 4.5, rotate, dx, fill: 'color' })

/** The timeline as SVG, readable without scripts: a bar for each row, from the observation to the date. Its colors are those of the page, so that they follow its theme. */
export const renderTimeline = (rows: readonly TimelineRow[], at: string): TimelineChart => {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const now = Date.parse(at)
  const chosen = chooseRows(rows)
  const domain = findDomain(
    chosen.map(({ date }) => Date.parse(date)),
    now,
  )
  const bars = createBars(chosen, now, domain)
  const labels = new Map(bars.map(({ key, label }) => [key, label]))
  const [earlier, later] = [bars.filter(({ isEarlier }) => isEarlier), bars.filter(({ isLater }) => isLater)]
  const chart = Plot.plot({
    document,
    className: 'chart',
    width: 960,
    height: 60 + bars.length * 22,
    marginLeft: 196,
    marginRight: 270,
    marginTop: 38,
    marginBottom: 4,
    ariaLabel: 'Timeline: when images expire',
    x: { type: 'utc', domain: domain.map((date) => new Date(date)), axis: 'top', label: null, grid: true },
    y: {
      domain: bars.map(({ key }) => key),
      label: null,
      tickSize: 0,
      tickPadding: 18,
      tickFormat: (key: string) => labels.get(key) ?? '',
    },
    color: { type: 'identity' },
    marks: [
      Plot.barX(bars, { x1: 'now', x2: 'date', y: 'key', fill: 'color', insetTop: 3, insetBottom: 3 }),
      createArrows(earlier, -90, -6),
      createArrows(later, 90, 6),
      Plot.text(bars, {
        frameAnchor: 'right',
        y: 'key',
        text: 'text',
        textAnchor: 'start',
        dx: 20,
        fill: 'var(--text)',
      }),
      Plot.ruleX([new Date(now)], { stroke: 'var(--text)', strokeDasharray: '3,3' }),
    ],
  })
  // The policy of the page allows only its own style sheet.
  for (const style of chart.querySelectorAll('style')) style.remove()
  // Plot labels groups without a role, which assistive technology ignores. The whole chart has a label.
  for (const group of chart.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label')
  chart.setAttribute('role', 'img')
  return {
    chart: trustedHtml(chart.outerHTML),
    hidden: rows.length - chosen.length,
    clipped: earlier.length + later.length,
  }
}
