import type { CloudObservation } from '@imago/core'
import { formatCloudName } from '../format.ts'
import { html, type Html } from '../html.ts'
import { formatListedCount, listUsageSources, renderReadState } from '../read-state.ts'
import { renderTable } from '../table.ts'

/** How completely each cloud was read. */
export const renderClouds = (clouds: readonly CloudObservation[]): Html =>
  html`<section aria-labelledby="clouds">
    <h2 id="clouds">Clouds</h2>
    ${renderTable(
      'State of clouds',
      ['Cloud', 'Provider', { number: 'Images' }, 'Listing', 'Usage', 'Prices'],
      clouds.map(
        (one) =>
          html`<tr>
            <th scope="row">${formatCloudName(one.cloud)}</th>
            <td>${one.cloud.provider}</td>
            <td class="number">${formatListedCount(one.images.items.length, [one])}</td>
            <td>${renderReadState(one.images)}</td>
            <td>${listUsageSources(one).map((source) => html`${source.name}: ${renderReadState(source)}<br />`)}</td>
            <td>${renderReadState(one.prices)}</td>
          </tr>`,
      ),
    )}
  </section>`
