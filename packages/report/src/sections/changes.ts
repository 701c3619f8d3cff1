import type { DiffEntry } from '@imago/lifecycle'
import { sortEntries, type StateChanges } from '../compare-states.ts'
import { formatCloudName, formatCount, formatDay, formatImageId, formatImageName } from '../format.ts'
import { html, type Html } from '../html.ts'
import { formatShortList } from '../read-state.ts'
import { renderTable } from '../table.ts'

/** The maximum number of rows of changed images. */
const MAX_ROWS = 200

/** In characters. Longer values, such as user data, are truncated to limit the size of the page. */
const LONGEST_VALUE = 200

const formatValue = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

const describeEntry = (entry: DiffEntry): Html => {
  switch (entry.state) {
    case 'changed':
      return html`${entry.changes.map(
        ({ field, before, after }) => html`<code>${field}</code>: ${formatValue(before)} → ${formatValue(after)}<br />`,
      )}`
    case 'unknown':
      return html`${entry.missingFrom === 'after' ? 'not in the current, incomplete list' : 'not in the earlier, incomplete list'}`
    case 'added':
    case 'removed':
    case 'same':
      return html``
  }
}

const renderEntry = (entry: DiffEntry): Html => {
  const image = 'image' in entry ? entry.image : entry.after
  return html`<tr>
    <td class="state ${entry.state}">${entry.state}</td>
    <td><bdi>${formatImageName(image)}</bdi></td>
    <td>${formatCloudName(image.ref)}</td>
    <td><code>${formatImageId(image)}</code></td>
    <td>${describeEntry(entry)}</td>
  </tr>`
}

/** Changes since an earlier state. */
export const renderChanges = (changes: StateChanges): Html => {
  const { at, counts, notCompared, unobserved } = changes
  const entries = sortEntries(changes.entries)
  const more = entries.length - MAX_ROWS
  return html`<section aria-labelledby="changes">
    <h2 id="changes">Changes${at === null ? '' : ` since ${formatDay(at)}`}</h2>
    <p>
      ${counts.added} added, ${counts.removed} removed, ${counts.changed}
      changed${counts.unknown === 0 ? '' : `, ${counts.unknown} unknown because a cloud was not listed completely`}.
      ${notCompared.length === 0 ? '' : `Not in the earlier state, and not compared: ${formatShortList(notCompared.map(formatCloudName))}.`}
      ${unobserved === 0 ? '' : `${formatCount(unobserved, 'earlier image')} of other clouds not compared.`}
    </p>
    ${
      entries.length === 0
        ? ''
        : html`${renderTable('Changed images', ['State', 'Image', 'Cloud', 'ID', 'Changes'], entries.slice(0, MAX_ROWS).map(renderEntry))}
          ${more > 0 ? html`<p>${more} more: run <code>imago diff</code>.</p>` : ''}`
    }
  </section>`
}
