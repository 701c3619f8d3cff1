import { describeMonthlyCosts, type CloudObservation } from '@imago/core'
import type { StateChanges } from '../compare-states.ts'
import { formatCount, formatDay } from '../format.ts'
import { html, type Html } from '../html.ts'
import type { ImageFacts } from '../image-facts.ts'
import { formatListedCount, isListed } from '../read-state.ts'
import { SOON_DAYS } from '../timeline.ts'
import {
  formatStored,
  formatUndecided,
  formatUse,
  isCandidate,
  isUndecided,
  listCosts,
  totalCost,
  type Figure,
} from '../totals.ts'

const renderTile = (label: string, { value, note }: Figure): Html =>
  html`<div class="tile"><strong>${value}</strong><span>${label}</span><small>${note}</small></div>`

const countImages = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Figure => {
  const stored = formatStored(facts, clouds)
  const incomplete = clouds.filter((cloud) => !isListed(cloud)).length
  return {
    value: formatListedCount(facts.length, clouds),
    note: [
      `in ${formatCount(clouds.length, 'cloud')}`,
      stored === '–' ? 'sizes are unknown' : `${stored} stored as far as known`,
      ...(incomplete === 0 ? [] : [`${formatCount(incomplete, 'cloud')} not listed completely`]),
    ].join('; '),
  }
}

/** Counts the images with an expiry date within some days. Images without a known date are not counted. */
const countEnds = (
  facts: readonly ImageFacts[],
  clouds: readonly CloudObservation[],
  isWithin: (days: number) => boolean,
): Figure => {
  const known = facts.filter(({ days }) => days !== null)
  if (known.length === 0 && facts.length > 0) return { value: '–', note: 'no end is known' }
  const ending = known.filter(({ days }) => days !== null && isWithin(days))
  if (ending.length > 0) return { value: formatListedCount(ending.length, clouds), note: formatUse(ending) }
  return clouds.every(isListed) ? { value: '0', note: '' } : { value: '–', note: 'not all images were listed' }
}

const countCandidates = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Figure => {
  const candidates = facts.filter(isCandidate)
  const undecided = facts.filter(isUndecided)
  const saving = describeMonthlyCosts(listCosts(candidates))
  if (candidates.length === 0) {
    const affected = clouds.filter((cloud) => !isListed(cloud) || undecided.some((one) => one.cloud === cloud))
    return affected.length === 0
      ? { value: '0', note: 'no unused images' }
      : { value: '–', note: formatUndecided(affected) }
  }
  const found = saving === null ? 'unused, not protected' : `saves ${saving}`
  return {
    value: String(candidates.length),
    note: undecided.length === 0 ? found : `${found}; usage of ${formatCount(undecided.length, 'other image')} unknown`,
  }
}

const countChanges = ({ counts, compared }: StateChanges): Figure => {
  const total = counts.added + counts.removed + counts.changed
  if (compared === 0) return { value: '–', note: 'no cloud has an earlier state' }
  const known = `${counts.added} added, ${counts.removed} removed, ${counts.changed} changed`
  if (counts.unknown === 0) return { value: String(total), note: known }
  return { value: total === 0 ? '–' : `≥ ${total}`, note: `${known}, ${counts.unknown} unknown` }
}

const toLabel = (earlier: string | null): string =>
  earlier === null ? 'changes' : `changes since ${formatDay(earlier)}`

/** The summary: numbers, costs, and urgent dates. `changes`: `null` without an earlier state. */
export const renderSummary = (
  facts: readonly ImageFacts[],
  clouds: readonly CloudObservation[],
  changes: StateChanges | null,
): Html =>
  html`<section aria-labelledby="summary">
    <h2 id="summary">Summary</h2>
    <div class="tiles">
      ${renderTile('images', countImages(facts, clouds))} ${renderTile('a month', totalCost(facts, clouds))}
      ${renderTile(
        'expired',
        countEnds(facts, clouds, (days) => days < 0),
      )}
      ${renderTile(
        `expire within ${SOON_DAYS} days`,
        countEnds(facts, clouds, (days) => days >= 0 && days <= SOON_DAYS),
      )}
      ${renderTile('can be deleted', countCandidates(facts, clouds))}
      ${changes === null ? '' : renderTile(toLabel(changes.at), countChanges(changes))}
    </div>
  </section>`
