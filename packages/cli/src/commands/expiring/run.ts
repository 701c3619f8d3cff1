import { createUsageLookup, type Image, type UsageState } from '@imago/core'
import type { SupportData } from '@imago/crosswalk/support'
import { daysBetween, findExpiries } from '@imago/lifecycle'
import type { ExitCode } from '../../exit-code.ts'
import { parseWithin } from '../../listing/age.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { hasSummary, printMessage } from '../../message.ts'
import { createSelector, observeClouds, selectionExitCode } from '../../observing/observe-clouds.ts'
import { describeUsage, usageToJson } from '../../observing/usage-text.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { describeExpiry, describeSource, type ExpiringImage } from './expiring-image.ts'
import type { ExpiringOptions } from './options.ts'
import { loadSupportData } from './support-data.ts'

type Support = ExpiringOptions['support']

const describeDays = (days: number): string => {
  if (days === 0) return 'today'
  return days < 0 ? `${count(-days, 'day')} ago` : `in ${count(days, 'day')}`
}

const createColumns = (data: SupportData, hasUsage: boolean): ColumnSet<ExpiringImage> => {
  const usedBy = column<ExpiringImage>('usedBy', 'USED BY', ({ usage }) => describeUsage(usage))
  const id = column<ExpiringImage>('id', 'ID', ({ image }) => image.ref.id, { whole: true })
  const table = [
    column<ExpiringImage>('date', 'DATE', ({ expiries: [first] }) => first.date.slice(0, 10), { whole: true }),
    column<ExpiringImage>('days', 'DAYS', ({ days }) => days, {
      align: 'right',
      show: ({ days }) => describeDays(days),
    }),
    column<ExpiringImage>('event', 'EVENT', ({ expiries: [first] }) => describeExpiry(first)),
    column<ExpiringImage>('name', 'NAME', ({ image }) => image.name ?? image.description),
    column<ExpiringImage>('cloud', 'CLOUD', ({ image: { ref } }) => ref.cloud),
    id,
    ...(hasUsage ? [usedBy] : []),
  ]
  const more = [
    column<ExpiringImage>('source', 'SOURCE', ({ expiries: [first] }) => describeSource(first, data)),
    column<ExpiringImage>('region', 'REGION', ({ image: { ref } }) => ref.region),
    column<ExpiringImage>('provider', 'PROVIDER', ({ image: { ref } }) => ref.provider),
  ]
  return { all: [...table, ...more, ...(hasUsage ? [] : [usedBy])], table, csv: [...table, ...more], id }
}

const toDocument = (images: readonly ExpiringImage[], data: SupportData, at: string): unknown => ({
  $schema: 'urn:imago:schema:expiring:1',
  at,
  supportData: data.date,
  images: images.map(({ image: { ref, name, description, os }, expiries, days, usage }) => ({
    ref,
    name,
    description,
    os: { distro: os.distro, version: os.version },
    days,
    expiries: expiries.map((expiry) => ({
      event: expiry.event,
      date: expiry.date,
      source: expiry.source,
      authority: describeSource(expiry, data),
      isUpperBound: expiry.isUpperBound,
      release: expiry.release,
    })),
    usage: usage === null ? null : usageToJson(usage),
  })),
})

const findExpiring = (
  image: Image,
  lookUpUsage: ((image: Image) => UsageState) | null,
  { data, support, now, end }: { data: SupportData; support: Support; now: number; end: number },
): readonly ExpiringImage[] => {
  const [first, ...others] = findExpiries(image, data, support)
  if (first === undefined || Date.parse(first.date) > end) return []
  return [
    {
      image,
      expiries: [first, ...others],
      days: daysBetween(now, Date.parse(first.date)),
      usage: lookUpUsage === null ? null : lookUpUsage(image),
    },
  ]
}

/** `imago expiring`: lists images with a known expiry date, sorted by it. */
export const expiring = async (
  names: readonly string[],
  options: ExpiringOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const data = await loadSupportData(options.eolData)
  const hasUsage = options.usage === true || options.used === true || options.unused === true
  const columns = createColumns(data, hasUsage)
  const { output: format, ...printing } = options
  const request = format === 'ics' ? null : requestRows(columns, { ...printing, output: format })
  const readsUsage = hasUsage || request?.named.has('usedBy') === true
  const now = live.timing.clock()
  const end = options.within === undefined ? Infinity : parseWithin(options.within, now).end
  const selection = parseSelection(options, { now, providers: live.providers })
  const observed = await observeClouds(live, names, readsUsage ? ['usage'] : [])
  const found: ExpiringImage[] = []
  let images = 0
  for (const cloud of observed.clouds) {
    const isSelected = await createSelector(live, cloud, selection)
    const selected = cloud.observation.images.items.filter(isSelected)
    images += selected.length
    const lookUpUsage = readsUsage ? createUsageLookup(cloud.observation) : null
    for (const image of selected)
      found.push(...findExpiring(image, lookUpUsage, { data, support: options.support, now, end }))
  }
  const sorted = found.toSorted((a, b) => Date.parse(a.expiries[0].date) - Date.parse(b.expiries[0].date))
  if (request === null) {
    const { createCalendar } = await import('./calendar.ts')
    live.output.write(createCalendar(sorted, data, observed.at))
  } else
    await printRows(columns, request, sortRows(request, sorted), live.output, (rows) =>
      toDocument(rows, data, observed.at),
    )
  await live.output.end()
  if (hasSummary(live.messages, options, sorted.length))
    printMessage(live.messages, `${sorted.length} of ${count(images, 'image')}; support dates of ${data.date}`)
  await live.messages.end()
  return selectionExitCode(observed, selection)
}
