import type { CloudObservation } from '@imago/core'
import { formatCloudName } from '../format.ts'
import { html, type Html } from '../html.ts'
import { formatCompleteness, formatShortList, isListed, listUsageSources } from '../read-state.ts'

/** The name of the only source if none of the lists was read. */
const WHOLE_USAGE = 'usage'

const describeCloud = (cloud: CloudObservation): readonly string[] => {
  const unread = listUsageSources(cloud).filter(({ completeness }) => completeness !== 'read')
  const parts = unread.map(
    ({ name, completeness }) => `${name === WHOLE_USAGE ? '' : `${name}: `}${formatCompleteness(completeness)}`,
  )
  return [
    ...(isListed(cloud) ? [] : ['not all images were listed']),
    ...(unread.length === 0 ? [] : [`usage is unknown or incomplete (${formatShortList(parts)})`]),
  ]
}

/** The maximum number of lines of the notice; the section on clouds has all clouds. */
const MAX_LINES = 5

/** Renders what the report does not know, to be read before the first number. Empty if images and usage of all clouds were read. */
export const renderNotice = (clouds: readonly CloudObservation[]): Html => {
  const names = new Map<string, string[]>()
  for (const cloud of clouds) {
    const text = describeCloud(cloud).join('; ')
    if (text !== '') names.set(text, [...(names.get(text) ?? []), formatCloudName(cloud.cloud)])
  }
  if (names.size === 0) return html``
  const lines = [...names].map(([text, affected]) => html`<li>${formatShortList(affected)}: ${text}</li>`)
  const more = lines.length - MAX_LINES
  return html`<div class="notice" role="note">
    <p><strong>Incomplete.</strong> Details are in the section <a href="#clouds">Clouds</a>.</p>
    <ul>
      ${lines.slice(0, MAX_LINES)} ${more > 0 ? html`<li>${more} more</li>` : ''}
    </ul>
  </div>`
}
