import type { CloudObservation } from '@imago/core'
import { formatCloudName, formatSystem } from '../format.ts'
import { html, type Html } from '../html.ts'
import type { ImageFacts } from '../image-facts.ts'
import { isListed } from '../read-state.ts'
import { renderTable } from '../table.ts'

/** The number of images by operating system and cloud. `?`: none was listed, but not all were. */
export const renderSystems = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html => {
  const systems = [...new Set(facts.map(({ image }) => formatSystem(image) ?? 'unknown'))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
  const counts = new Map<string, number>()
  for (const { image, cloud } of facts) {
    const key = JSON.stringify([formatSystem(image) ?? 'unknown', clouds.indexOf(cloud)])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const toHeading = (cloud: CloudObservation): string =>
    `${formatCloudName(cloud.cloud)}${isListed(cloud) ? '' : ' (incomplete)'}`
  const renderCount = (system: string, cloud: CloudObservation, index: number): Html =>
    html`<td class="number">${counts.get(JSON.stringify([system, index])) ?? (isListed(cloud) ? '·' : '?')}</td>`
  return html`<section aria-labelledby="matrix">
    <h2 id="matrix">Operating systems and clouds</h2>
    ${
      systems.length === 0
        ? html`<p>No image was listed.</p>`
        : renderTable(
            'Images by operating system and cloud',
            ['Operating system', ...clouds.map((cloud) => ({ number: toHeading(cloud) }))],
            systems.map(
              (system) =>
                html`<tr>
                  <th scope="row">${system}</th>
                  ${clouds.map((cloud, index) => renderCount(system, cloud, index))}
                </tr>`,
            ),
          )
    }
  </section>`
}
