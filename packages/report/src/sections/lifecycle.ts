import { formatCount, formatDay } from '../format.ts'
import { html, type Html } from '../html.ts'
import type { ImageFacts } from '../image-facts.ts'
import { isListed } from '../read-state.ts'
import type { ReportInput } from '../report-input.ts'
import { renderTable } from '../table.ts'
import { renderTimeline } from '../timeline-chart.ts'
import { createTimeline, SOON_DAYS, type TimelineRow } from '../timeline.ts'

const describeDays = (days: number): string =>
  days < 0 ? `${formatCount(-days, 'day')} ago` : days === 0 ? 'today' : `in ${formatCount(days, 'day')}`

/** The maximum number of users in a cell. */
const MAX_USERS = 10

const describeUsers = ({ users, unknown }: TimelineRow): string => {
  const names = users.slice(0, MAX_USERS).join(', ')
  const more = users.length > MAX_USERS ? ` and ${users.length - MAX_USERS} more` : ''
  if (unknown === 0) return users.length === 0 ? 'unused' : `${names}${more}`
  return users.length === 0 ? 'unknown' : `${names}${more}; usage of ${formatCount(unknown, 'image')} unknown`
}

const renderRows = (rows: readonly TimelineRow[]): Html =>
  renderTable(
    'Lifecycle as a table',
    [{ day: 'Date' }, { day: 'When' }, 'What', { number: 'Images' }, 'Used by'],
    rows.map(
      (row) =>
        html`<tr>
          <td class="day">${row.date}</td>
          <td class="day">${describeDays(row.days)}</td>
          <td>${row.event.startsWith('support') ? row.event : `${row.label}: ${row.event}`}</td>
          <td class="number">${row.images.length}</td>
          <td>${describeUsers(row)}</td>
        </tr>`,
    ),
  )

const LEVELS = { standard: 'standard support', lts: 'long-term support', paid: 'paid support' } as const

/** The expiry dates, as a chart and a table. */
export const renderLifecycle = (facts: readonly ImageFacts[], input: ReportInput): Html => {
  const { observation, supportData, level = 'standard' } = input
  const rows = createTimeline(facts)
  if (rows.length === 0)
    return html`<section aria-labelledby="lifecycle">
      <h2 id="lifecycle">Lifecycle</h2>
      <p>
        ${facts.length > 0 ? 'No image has a known expiry date.' : observation.clouds.every(isListed) ? 'There are no images.' : 'No image was listed.'}
      </p>
    </section>`
  const { chart, hidden, clipped } = renderTimeline(rows, observation.at)
  const unknown = facts.filter(({ expiry }) => expiry === null).length
  return html`<section aria-labelledby="lifecycle">
    <h2 id="lifecycle">Lifecycle</h2>
    <p class="legend">
      <span class="key past"></span> past <span class="key soon"></span> within ${SOON_DAYS} days
      <span class="key later"></span> later. The dashed line is ${formatDay(observation.at)}.
      ${clipped > 0 ? 'Bars with an arrow end outside the chart.' : ''} An image expires when the ${LEVELS[level]} of
      its operating system ends (dates of ${supportData.date}), or when the provider withdraws it.
      ${unknown > 0 ? `The expiry date of ${formatCount(unknown, 'image')} is unknown.` : ''}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Timeline">${chart}</div>
    ${hidden > 0 ? html`<p>The chart shows the dates nearest to today; the table below has ${hidden} more.</p>` : ''}
    <details>
      <summary>As a table</summary>
      ${renderRows(rows)}
    </details>
  </section>`
}
