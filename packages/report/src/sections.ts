import type { CloudObservation, MonthlyCost } from '@imago/core'
import { diffImages, type DiffEntry, type ImageDiff } from '@imago/lifecycle'
import {
  formatBytes,
  formatCloudName,
  formatCosts,
  formatCount,
  formatDay,
  formatImageName,
  formatSystem,
  formatUsage,
} from './format.ts'
import { html, type Html } from './html.ts'
import type { ImageFacts } from './image-facts.ts'
import type { EarlierState, ReportInput } from './report-input.ts'
import { renderTable, type Heading } from './table.ts'
import { createTimeline, MOST_BARS, renderTimeline, SOON_DAYS, type TimelineRow } from './timeline.ts'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const storedBytes = (facts: readonly ImageFacts[]): number => sum(facts.map(({ image }) => image.size.stored ?? 0))

const listCosts = (facts: readonly ImageFacts[]): readonly MonthlyCost[] => facts.map(({ cost }) => cost)

const isCandidate = ({ prune }: ImageFacts): boolean => prune?.action === 'delete'

const isSoon = ({ days }: ImageFacts): boolean => days !== null && days <= SOON_DAYS

const tile = (value: string, label: string, note: string): Html =>
  html`<div class="tile"><strong>${value}</strong><span>${label}</span><small>${note}</small></div>`

/** The summary: numbers, costs, and urgent dates. */
export const renderSummary = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html => {
  const candidates = facts.filter(isCandidate)
  const soon = facts.filter(isSoon)
  const used = soon.filter(({ usage }) => usage.state === 'used')
  const cost = formatCosts(listCosts(facts))
  const saving = formatCosts(listCosts(candidates))
  return html`<section aria-labelledby="summary">
    <h2 id="summary">Summary</h2>
    <div class="tiles">
      ${tile(String(facts.length), 'images', `in ${formatCount(clouds.length, 'cloud')}`)}
      ${tile(formatBytes(storedBytes(facts)), 'stored', 'as far as sizes are known')}
      ${tile(cost ?? '–', 'a month', cost === null ? 'prices are unknown' : 'net, of images that are billed by size')}
      ${tile(String(soon.length), `expired, or within ${SOON_DAYS} days`, `${used.length} of them in use`)}
      ${tile(String(candidates.length), 'can be deleted', saving === null ? 'unused, not protected' : `saves ${saving} a month`)}
    </div>
  </section>`
}

const COMPLETENESS: Readonly<Record<string, string>> = {
  read: 'read',
  forbidden: 'not allowed',
  unsupported: 'not available',
  failed: 'failed',
}

/** How completely each cloud was read. */
export const renderClouds = (clouds: readonly CloudObservation[]): Html =>
  html`<section aria-labelledby="clouds">
    <h2 id="clouds">Clouds</h2>
    ${renderTable(
      'State of clouds',
      ['Cloud', 'Provider', { number: 'Images' }, 'Listing', 'Usage', 'Prices'],
      clouds.map(
        ({ cloud, images, usage, prices }) =>
          html`<tr>
            <th scope="row">${formatCloudName(cloud)}</th>
            <td>${cloud.provider}</td>
            <td class="number">${images.items.length}</td>
            <td>${describeState(images.completeness, images.reason)}</td>
            <td>
              ${usage.sources.map(({ name, completeness, reason }) => html`${name}: ${describeState(completeness, reason)}<br />`)}
            </td>
            <td>${describeState(prices.completeness, prices.reason)}</td>
          </tr>`,
      ),
    )}
  </section>`

const describeState = (completeness: string, reason: string | null): Html => {
  const text = COMPLETENESS[completeness] ?? completeness
  return completeness === 'read'
    ? html`${text}`
    : html`<span class="warning">${text}</span>${reason === null ? '' : `: ${reason}`}`
}

const describeDays = (days: number): string =>
  days < 0 ? `${formatCount(-days, 'day')} ago` : days === 0 ? 'today' : `in ${formatCount(days, 'day')}`

const timelineTable = (rows: readonly TimelineRow[]): Html =>
  html`${renderTable(
    'Lifecycle as a table',
    ['Date', 'When', 'What', { number: 'Images' }, 'Used by'],
    rows.map(
      ({ date, days, event, label, images, users }) =>
        html`<tr>
          <td>${date}</td>
          <td>${describeDays(days)}</td>
          <td>${event.startsWith('support') ? event : `${label}: ${event}`}</td>
          <td class="number">${images.length}</td>
          <td>
            ${users.length === 0 ? '–' : users.slice(0, 10).join(', ')}${users.length > 10 ? ` and ${users.length - 10} more` : ''}
          </td>
        </tr>`,
    ),
  )}`

/** The expiry dates, as a chart and a table. */
export const renderLifecycle = (facts: readonly ImageFacts[], { observation, supportData }: ReportInput): Html => {
  const rows = createTimeline(facts)
  if (rows.length === 0)
    return html`<section aria-labelledby="lifecycle">
      <h2 id="lifecycle">Lifecycle</h2>
      <p>No image has a known end.</p>
    </section>`
  const hidden = rows.length - MOST_BARS
  return html`<section aria-labelledby="lifecycle">
    <h2 id="lifecycle">Lifecycle</h2>
    <p class="legend">
      <span class="key past"></span> past <span class="key soon"></span> within ${SOON_DAYS} days
      <span class="key later"></span> later. The dashed line is ${formatDay(observation.at)}. Support dates are of
      ${supportData.date}.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Timeline">${renderTimeline(rows, observation.at)}</div>
    ${hidden > 0 ? html`<p>The table below has ${hidden} more.</p>` : ''}
    <details>
      <summary>As a table</summary>
      ${timelineTable(rows)}
    </details>
  </section>`
}

/** The number of images by operating system and cloud. */
export const renderMatrix = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html => {
  const systems = [...new Set(facts.map(({ image }) => formatSystem(image) ?? 'unknown'))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
  const counts = new Map<string, number>()
  for (const { image, cloud } of facts) {
    const key = JSON.stringify([formatSystem(image) ?? 'unknown', clouds.indexOf(cloud)])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return html`<section aria-labelledby="matrix">
    <h2 id="matrix">Operating systems and clouds</h2>
    ${renderTable(
      'Images by operating system and cloud',
      ['Operating system', ...clouds.map(({ cloud }) => ({ number: formatCloudName(cloud) }))],
      systems.map(
        (system) =>
          html`<tr>
            <th scope="row">${system}</th>
            ${clouds.map((_, index) => {
              const count = counts.get(JSON.stringify([system, index]))
              return html`<td class="number">${count === undefined ? '·' : String(count)}</td>`
            })}
          </tr>`,
      ),
    )}
  </section>`
}

/** The most rows of a list. */
const MOST_ROWS = 50

/** Deletable images with their cost, the largest first. */
export const renderCandidates = (facts: readonly ImageFacts[]): Html => {
  const candidates = facts
    .filter(isCandidate)
    .toSorted((a, b) => (b.image.size.stored ?? 0) - (a.image.size.stored ?? 0))
  const unknown = facts.filter(({ prune }) => prune?.reasons.some((reason) => reason === 'usage-unknown') === true)
  const own = unknown.filter(
    ({ prune }) => prune?.reasons.some((reason) => reason === 'not-owned' || reason === 'provider-image') !== true,
  )
  return html`<section aria-labelledby="cost">
    <h2 id="cost">Cost and what can go</h2>
    ${renderTable(
      'Cost by cloud',
      ['Cloud', { number: 'Stored' }, { number: 'Cost a month (net)' }, { number: 'Can be deleted' }],
      [...new Set(facts.map(({ cloud }) => cloud))].map((cloud) => {
        const ofCloud = facts.filter((one) => one.cloud === cloud)
        const removable = ofCloud.filter(isCandidate)
        return html`<tr>
          <th scope="row">${formatCloudName(cloud.cloud)}</th>
          <td class="number">${formatBytes(storedBytes(ofCloud))}</td>
          <td class="number">${formatCosts(listCosts(ofCloud)) ?? '–'}</td>
          <td class="number">
            ${removable.length === 0 ? '–' : `${formatCount(removable.length, 'image')}, ${formatCosts(listCosts(removable)) ?? formatBytes(storedBytes(removable))}`}
          </td>
        </tr>`
      }),
    )}
    ${
      candidates.length === 0
        ? html`<p>No image is known to be unused and deletable.</p>`
        : html`<h3>Unused images</h3>
            ${renderTable(
              'Unused images',
              ['Image', 'Cloud', 'ID', 'Created', { number: 'Stored' }, { number: 'Cost a month (net)' }, 'Reason'],
              candidates.slice(0, MOST_ROWS).map(
                ({ image, cloud, cost }) =>
                  html`<tr>
                    <td><bdi>${formatImageName(image)}</bdi></td>
                    <td>${formatCloudName(cloud.cloud)}</td>
                    <td><code>${image.ref.id}</code></td>
                    <td>${formatDay(image.createdAt)}</td>
                    <td class="number">${formatBytes(image.size.stored)}</td>
                    <td class="number">${formatCosts([cost]) ?? '–'}</td>
                    <td>unused, not protected</td>
                  </tr>`,
              ),
            )}
            ${candidates.length > MOST_ROWS ? html`<p>${candidates.length - MOST_ROWS} more are in the list of all images.</p>` : ''}`
    }
    ${own.length === 0 ? '' : html`<p>Of ${formatCount(own.length, 'image')} the usage is unknown, because not everything that can use them was read. They are not counted here.</p>`}
  </section>`
}

const describeEntry = (entry: DiffEntry): Html => {
  const image = 'image' in entry ? entry.image : entry.after
  const changes =
    entry.state === 'changed'
      ? entry.changes.map(
          ({ field, before, after }) =>
            html`<code>${field}</code>: ${JSON.stringify(before)} → ${JSON.stringify(after)}<br />`,
        )
      : ''
  return html`<tr>
    <td class="state ${entry.state}">${entry.state}</td>
    <td><bdi>${formatImageName(image)}</bdi></td>
    <td>${formatCloudName(image.ref)}</td>
    <td><code>${image.ref.id}</code></td>
    <td>${changes}</td>
  </tr>`
}

const countState = ({ entries }: ImageDiff, state: DiffEntry['state']): number =>
  entries.filter((entry) => entry.state === state).length

/** Changes since an earlier state. */
export const renderChanges = ({ observation }: ReportInput, earlier: EarlierState): Html => {
  const isComplete = observation.clouds.every(({ images }) => images.completeness === 'read')
  const diff = diffImages(
    earlier,
    { images: observation.clouds.flatMap(({ images }) => images.items), isComplete },
    'ref',
  )
  const entries = diff.entries.filter(({ state }) => state !== 'same')
  return html`<section aria-labelledby="changes">
    <h2 id="changes">Changes${earlier.at === null ? '' : ` since ${formatDay(earlier.at)}`}</h2>
    <p>
      ${countState(diff, 'added')} added, ${countState(diff, 'removed')} removed, ${countState(diff, 'changed')}
      changed, ${countState(diff, 'unknown')} unknown because a cloud was not listed completely.
    </p>
    ${
      entries.length === 0
        ? ''
        : html`${renderTable('Changed images', ['State', 'Image', 'Cloud', 'ID', 'Changes'], entries.slice(0, MOST_ROWS * 4).map(describeEntry))}
          ${entries.length > MOST_ROWS * 4 ? html`<p>${entries.length - MOST_ROWS * 4} more: run <code>imago diff</code>.</p>` : ''}`
    }
  </section>`
}

/** The first images as a plain table, for readers without scripts. */
const STATIC_ROWS = 100

const imageRow = ({ image, cloud, usage, cost, expiry, days }: ImageFacts): Html =>
  html`<tr>
    <td><bdi>${formatImageName(image)}</bdi></td>
    <td>${formatCloudName(cloud.cloud)}</td>
    <td>${formatSystem(image) ?? '–'}</td>
    <td>${image.architecture ?? '–'}</td>
    <td>${image.kind}</td>
    <td>${image.status}</td>
    <td class="number">${formatBytes(image.size.stored)}</td>
    <td>${formatDay(image.createdAt)}</td>
    <td>${expiry === null || days === null ? '–' : formatDay(expiry.date)}</td>
    <td>${formatUsage(usage)}</td>
    <td class="number">${formatCosts([cost]) ?? '–'}</td>
  </tr>`

const COLUMNS: readonly Heading[] = [
  'Image',
  'Cloud',
  'System',
  'Arch',
  'Kind',
  'Status',
  { number: 'Stored' },
  'Created',
  'Expires',
  'Usage',
  { number: 'Cost' },
]

/** All images. The script of the page replaces the rows by pages that can be filtered and sorted. */
export const renderImages = (facts: readonly ImageFacts[]): Html =>
  html`<section aria-labelledby="images">
    <h2 id="images">All images</h2>
    <noscript
      ><p>
        Without scripts the table shows the first ${Math.min(STATIC_ROWS, facts.length)} of ${facts.length} images, and
        cannot be filtered.
      </p></noscript
    >
    <div id="controls" hidden>
      <label>Filter <input id="filter" type="search" autocomplete="off" spellcheck="false" /></label>
      <span id="matches" role="status"></span>
      <span class="pager"
        ><button type="button" id="previous">Previous</button> <span id="page"></span>
        <button type="button" id="next">Next</button></span
      >
    </div>
    ${renderTable('Table of all images', COLUMNS, facts.slice(0, STATIC_ROWS).map(imageRow), 'all')}
  </section>`
