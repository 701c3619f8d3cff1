import type { CloudObservation, ReadState, Usage } from '@imago/core'
import { formatCloudName } from './format.ts'
import { html, type Html } from './html.ts'

const COMPLETENESS: Readonly<Record<string, string>> = {
  read: 'read',
  forbidden: 'not allowed',
  unsupported: 'not available',
  failed: 'failed',
}

/** `read`, `not allowed`, `not available`, `failed`. */
export const formatCompleteness = (completeness: string): string => COMPLETENESS[completeness] ?? completeness

/** The completeness of a part of a cloud, and why it was not read. */
export const renderReadState = ({ completeness, reason }: ReadState): Html =>
  completeness === 'read'
    ? html`read`
    : html`<span class="warning">${formatCompleteness(completeness)}</span>${reason === null ? '' : `: ${reason}`}`

/** Whether all images of the cloud were listed. */
export const isListed = ({ images }: CloudObservation): boolean => images.completeness === 'read'

/** A number of images in `clouds`; a lower bound if not all were listed: `≥ 12`, or `–` instead of 0. */
export const formatListedCount = (count: number, clouds: readonly CloudObservation[]): string => {
  if (clouds.every(isListed)) return String(count)
  return count === 0 ? '–' : `≥ ${count}`
}

/** The maximum number of texts of a short list. */
const MAX_TEXTS = 2

/** Each text once: `a, b and 3 more`. */
export const formatShortList = (texts: readonly string[]): string => {
  const unique = [...new Set(texts)]
  const more = unique.length - MAX_TEXTS
  return more <= 0 ? unique.join(', ') : `${unique.slice(0, MAX_TEXTS).join(', ')} and ${more} more`
}

/** The lists that show what uses images. A saved state may have none, and its usage is then unknown. */
export const listUsageSources = ({ usage }: CloudObservation): Usage['sources'] =>
  usage.sources.length > 0
    ? usage.sources
    : [{ name: 'usage', completeness: 'unsupported', reason: 'it was not saved' }]

/** The parts of a cloud without which the use of its images is unknown: `servers of demo: not allowed`. */
export const listUnreadParts = (cloud: CloudObservation): readonly string[] =>
  [{ name: 'images', completeness: cloud.images.completeness }, ...listUsageSources(cloud)]
    .filter(({ completeness }) => completeness !== 'read')
    .map((part) => `${part.name} of ${formatCloudName(cloud.cloud)}: ${formatCompleteness(part.completeness)}`)
