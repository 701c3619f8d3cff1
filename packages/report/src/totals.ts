import { areNet, formatMonthlyCosts, isCostUnknown, type CloudObservation, type MonthlyCost } from '@imago/core'
import { formatBytes, formatCount } from './format.ts'
import type { ImageFacts } from './image-facts.ts'
import { formatShortList, isListed, listUnreadParts } from './read-state.ts'

export const listCosts = (facts: readonly ImageFacts[]): readonly MonthlyCost[] => facts.map(({ cost }) => cost)

/** The sum of the known stored sizes of the images in `clouds`; `–`: none is known. */
export const formatStored = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): string => {
  const sizes = facts.flatMap(({ image }) => image.size.stored ?? [])
  return sizes.length === 0 && (facts.length > 0 || !clouds.every(isListed))
    ? '–'
    : formatBytes(sizes.reduce((sum, size) => sum + size, 0))
}

/** A value, and what it contains or why it is unknown. */
export interface Figure {
  readonly value: string
  readonly note: string
}

const zeroIn = (clouds: readonly CloudObservation[]): string =>
  [...new Set(clouds.flatMap(({ prices: { prices } }) => (prices === null ? [] : [`0.00 ${prices.currency}`])))].join(
    ' + ',
  )

/** The monthly cost of images. It is 0 only where prices are known and no image is billed by size. */
export const totalCost = (facts: readonly ImageFacts[], clouds: readonly CloudObservation[]): Figure => {
  const priced = clouds.filter(({ prices }) => prices.prices !== null)
  if (priced.length === 0) return { value: '–', note: 'prices are unknown' }
  const unknown = facts.filter(({ cost, cloud }) => priced.includes(cloud) && isCostUnknown(cost))
  const costs = listCosts(facts)
  const value = formatMonthlyCosts(costs)
  const notes = [
    ...(areNet(costs) ? ['net'] : []),
    ...(priced.length < clouds.length ? [`prices of ${priced.length} of ${clouds.length} clouds are known`] : []),
    ...(unknown.length > 0 ? [`cost of ${formatCount(unknown.length, 'image')} unknown`] : []),
  ]
  if (value !== null) return { value, note: notes.join('; ') }
  const isKnown = unknown.length === 0 && priced.every(isListed)
  return { value: isKnown ? zeroIn(priced) : '–', note: notes.join('; ') }
}

/** `2 in use, usage of 3 unknown`. */
export const formatUse = (facts: readonly ImageFacts[]): string => {
  const count = (state: string): number => facts.filter(({ usage }) => usage.state === state).length
  const unknown = count('unknown')
  if (unknown === 0) return `${count('used')} in use`
  return unknown === facts.length ? 'usage is unknown' : `${count('used')} in use, usage of ${unknown} unknown`
}

/** Whether `imago prune` would delete the image if it were selected. */
export const isCandidate = ({ prune }: ImageFacts): boolean => prune?.action === 'delete'

/** Whether the own project is unknown, because nothing that uses images was read. Then no image with an owner counts as the project's own. */
const isProjectUnknown = ({ usage }: CloudObservation): boolean =>
  usage.view.project === null && usage.sources.every(({ completeness }) => completeness !== 'read')

/** Whether the image is kept only because it is unknown whether something uses it. */
export const isUndecided = ({ prune, cloud, image }: ImageFacts): boolean =>
  prune?.action === 'keep' &&
  prune.reasons.some((reason) => reason === 'usage-unknown' || reason === 'listing-incomplete') &&
  prune.reasons.every(
    (reason) =>
      reason === 'usage-unknown' ||
      reason === 'listing-incomplete' ||
      (reason === 'not-owned' && isProjectUnknown(cloud) && image.visibility !== 'public'),
  )

/** Why it is unknown which images can be deleted: `usage is unknown (servers of demo: not allowed)`. */
export const formatUndecided = (clouds: readonly CloudObservation[]): string => {
  const parts = formatShortList(clouds.flatMap(listUnreadParts))
  return `usage is unknown${parts === '' ? ', because other projects can use them' : ` (${parts})`}`
}
