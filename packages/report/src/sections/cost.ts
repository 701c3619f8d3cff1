import { formatMonthlyCosts, type CloudObservation } from '@imago/core'
import {
  formatBytes,
  formatCloudName,
  formatCount,
  formatDay,
  formatImageId,
  formatImageName,
  formatUsage,
} from '../format.ts'
import { html, type Html } from '../html.ts'
import type { ImageFacts } from '../image-facts.ts'
import { isListed } from '../read-state.ts'
import { renderTable } from '../table.ts'
import { formatStored, formatUndecided, isCandidate, isUndecided, listCosts, totalCost } from '../totals.ts'

/** The maximum number of rows of a list. */
const MAX_ROWS = 50

/** The maximum number of rows of the list of expensive images. */
const MAX_EXPENSIVE_ROWS = 10

const toAmount = ({ cost }: ImageFacts): number => Number(cost.amount?.net ?? cost.amount?.gross ?? 0)

const describeCandidates = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): string => {
  const candidates = facts.filter(isCandidate)
  if (candidates.length > 0)
    return `${formatCount(candidates.length, 'image')}, ${formatMonthlyCosts(listCosts(candidates)) ?? formatStored(candidates, clouds)}`
  return facts.some(isUndecided) || !clouds.every(isListed) ? 'unknown' : 'none'
}

const renderCostRow = (name: string, facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html =>
  html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${formatStored(facts, clouds)}</td>
    <td class="number">${totalCost(facts, clouds).value}</td>
    <td class="number">${describeCandidates(facts, clouds)}</td>
  </tr>`

const renderCostTable = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html =>
  renderTable(
    'Cost by cloud',
    ['Cloud', { number: 'Stored' }, { number: 'Cost a month (net)' }, { number: 'Can be deleted' }],
    [
      ...clouds.map((cloud) =>
        renderCostRow(
          `${formatCloudName(cloud.cloud)}${isListed(cloud) ? '' : ' (incomplete)'}`,
          facts.filter((one) => one.cloud === cloud),
          [cloud],
        ),
      ),
      ...(clouds.length > 1 ? [renderCostRow('Total, as far as known', facts, clouds)] : []),
    ],
  )

const describeReason = ({ image }: ImageFacts): string =>
  image.protected === null ? 'unused, protection unknown' : 'unused'

const renderImageTable = (
  label: string,
  facts: readonly ImageFacts[],
  [heading, describe]: readonly [string, (one: ImageFacts) => string],
): Html =>
  renderTable(
    label,
    ['Image', 'Cloud', 'ID', { day: 'Created' }, { number: 'Stored' }, { number: 'Cost a month (net)' }, heading],
    facts.map(
      (one) =>
        html`<tr>
          <td><bdi>${formatImageName(one.image)}</bdi></td>
          <td>${formatCloudName(one.cloud.cloud)}</td>
          <td><code>${formatImageId(one.image)}</code></td>
          <td class="day">${formatDay(one.image.createdAt)}</td>
          <td class="number">${formatBytes(one.image.size.stored)}</td>
          <td class="number">${formatMonthlyCosts([one.cost]) ?? '–'}</td>
          <td>${describe(one)}</td>
        </tr>`,
    ),
  )

const renderExpensive = (facts: readonly ImageFacts[]): Html => {
  const expensive = facts.filter((one) => toAmount(one) > 0).toSorted((a, b) => toAmount(b) - toAmount(a))
  return expensive.length === 0
    ? html``
    : html`<h3>Most expensive images</h3>
        ${renderImageTable('Most expensive images', expensive.slice(0, MAX_EXPENSIVE_ROWS), ['Usage', ({ usage }) => formatUsage(usage)])}`
}

const renderUnused = (facts: readonly ImageFacts[]): Html => {
  const candidates = facts
    .filter(isCandidate)
    .toSorted((a, b) => toAmount(b) - toAmount(a) || (b.image.size.stored ?? 0) - (a.image.size.stored ?? 0))
  return candidates.length === 0
    ? html`<p>No image is known to be unused and deletable.</p>`
    : html`<h3>Unused images</h3>
        ${renderImageTable('Unused images', candidates.slice(0, MAX_ROWS), ['Reason', describeReason])}
        ${candidates.length > MAX_ROWS ? html`<p>The list of all images has ${candidates.length - MAX_ROWS} more.</p>` : ''}`
}

const renderUndecided = (facts: readonly ImageFacts[]): Html => {
  const undecided = facts.filter(isUndecided)
  const clouds = [...new Set(undecided.map(({ cloud }) => cloud))]
  return undecided.length === 0
    ? html``
    : html`<p>${formatCount(undecided.length, 'image')} may be deletable, but ${formatUndecided(clouds)}.</p>`
}

/** Costs by cloud, the most expensive images, and deletable ones, the most expensive first. */
export const renderCost = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Html =>
  html`<section aria-labelledby="cost">
    <h2 id="cost">Cost and what can go</h2>
    ${renderCostTable(facts, clouds)}
    <p class="legend">${describeCosts(facts, clouds)}</p>
    ${renderExpensive(facts)} ${renderUnused(facts)} ${renderUndecided(facts)}
  </section>`

const describeCosts = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): string => {
  const backups = facts.filter(({ cost }) => cost.reason === 'server-percentage').length
  const texts = [
    totalCost(facts, clouds).note,
    ...(backups === 0 ? [] : ['backups are part of the price of their servers']),
  ]
  return `Costs: ${texts.join('; ')}.`
}
