import { formatMonthlyCosts } from '@imago/core'
import { formatBytes, formatCloudName, formatDay, formatImageName, formatSystem, formatUsage } from '../format.ts'
import { html, type Html } from '../html.ts'
import type { ImageFacts } from '../image-facts.ts'
import { renderTable, type Heading } from '../table.ts'

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
    <td class="day">${formatDay(image.createdAt)}</td>
    <td class="day">${expiry === null || days === null ? '–' : formatDay(expiry.date)}</td>
    <td>${formatUsage(usage)}</td>
    <td class="number">${formatMonthlyCosts([cost]) ?? '–'}</td>
  </tr>`

const COLUMNS: readonly Heading[] = [
  'Image',
  'Cloud',
  'System',
  'Arch',
  'Kind',
  'Status',
  { number: 'Stored' },
  { day: 'Created' },
  { day: 'Expires' },
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
