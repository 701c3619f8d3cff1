import {
  createUsageLookup,
  type CloudObservation,
  type Image,
  type MonthlyCost,
  type UsageEdge,
  type UsageState,
} from '@imago/core'
import { formatCloud, toIdentity } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { printMessage } from '../../message.ts'
import { createCostLookup, formatCost } from '../../observing/cost.ts'
import { createSelector, observeClouds, type ObservedCloud } from '../../observing/observe-clouds.ts'
import { isUse, usageToJson } from '../../observing/usage-text.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { parseImageAddress, resolveTargets, type ImageWord } from '../../resolve-image.ts'
import type { UsageOptions } from './options.ts'

/** An image, and its usage. */
interface ImageUsage {
  readonly image: Image
  readonly usage: UsageState
  readonly cost: MonthlyCost
}

/** An image and one of its users; `null`: no user is known. */
interface UsageRow extends ImageUsage {
  readonly edge: UsageEdge | null
}

const COLUMNS: ColumnSet<UsageRow> = (() => {
  const id = column<UsageRow>('id', 'ID', ({ image }) => image.ref.id, { whole: true })
  const table = [
    column<UsageRow>('name', 'NAME', ({ image }) => image.name ?? image.description),
    column<UsageRow>('cloud', 'CLOUD', ({ image: { ref } }) => ref.cloud),
    id,
    column<UsageRow>('usage', 'USAGE', ({ usage }) => usage.state),
    column<UsageRow>('userKind', 'BY', ({ edge }) => edge?.by.kind ?? null),
    column<UsageRow>('user', 'USER', ({ edge }) => (edge === null ? null : (edge.by.name ?? edge.by.id))),
    column<UsageRow>('cost', 'COST/MONTH', ({ cost }) => formatCost(cost), { align: 'right' }),
  ]
  const more = [
    column<UsageRow>('userId', 'USER ID', ({ edge }) => edge?.by.id ?? null, { whole: true }),
    column<UsageRow>('relation', 'RELATION', ({ edge }) => edge?.relation ?? null),
    column<UsageRow>('via', 'VIA', ({ edge }) => edge?.via ?? null),
    column<UsageRow>('dependsOn', 'DEPENDS', ({ edge }) => edge?.dependsOn ?? null),
    column<UsageRow>('region', 'REGION', ({ image: { ref } }) => ref.region),
    column<UsageRow>('provider', 'PROVIDER', ({ image: { ref } }) => ref.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

const toDocument = (rows: readonly UsageRow[], at: string, clouds: readonly CloudObservation[]): unknown => ({
  $schema: 'urn:imago:schema:usage:1',
  at,
  sources: clouds.flatMap(({ cloud: { provider, cloud, region }, usage }) =>
    usage.sources.map(({ name, completeness, reason }) => ({ provider, cloud, region, name, completeness, reason })),
  ),
  images: [...new Map(rows.map((row) => [row.image, row])).values()].map(({ image, usage, cost }) => ({
    ref: image.ref,
    name: image.name,
    description: image.description,
    kind: image.kind,
    usage: usageToJson(usage),
    monthlyCost: cost,
  })),
})

/** An argument of the command: a cloud, and one of its images; `null`: all images. */
interface Target {
  readonly text: string
  readonly cloud: string
  readonly image: ImageWord | null
}

const parseTarget = (text: string): Target => {
  if (!text.includes(':')) return { text, cloud: text, image: null }
  const { cloud, image } = parseImageAddress(text)
  return { text, cloud, image }
}

const isNamed = ({ ref, name }: Image, word: ImageWord): boolean => {
  if ('id' in word) return ref.id === word.id
  if ('name' in word) return name === word.name
  return ref.id === word.idOrName || name === word.idOrName
}

/** Creates the filter of the named images. A target that matches no listed image ends the command. */
const createTargetFilter = (
  live: LiveContext,
  targets: readonly Target[],
  clouds: readonly ObservedCloud[],
): ((image: Image) => boolean) => {
  const filters = targets.map(({ text, cloud, image: word }) => {
    const places = new Set(resolveTargets(live, cloud).map((one) => formatCloud(toIdentity(one))))
    const fits = (image: Image): boolean =>
      places.has(formatCloud(image.ref)) && (word === null || isNamed(image, word))
    const observed = clouds.filter(({ observation }) => places.has(formatCloud(observation.cloud)))
    const isMissing =
      word !== null &&
      observed.length > 0 &&
      observed.every(({ observation: { images } }) => images.completeness === 'read' && !images.items.some(fits))
    if (isMissing) throw new Problem(`image not found: ${text}`, EXIT.notFound)
    return fits
  })
  return (image) => filters.length === 0 || filters.some((fits) => fits(image))
}

const isWanted = ({ state }: UsageState, { used, unused }: UsageOptions): boolean =>
  (used !== true && unused !== true) || (used === true && state === 'used') || (unused === true && state === 'unused')

const toRows = (one: ImageUsage): readonly UsageRow[] => {
  const users = one.usage.edges.filter(isUse)
  return users.length === 0 ? [{ ...one, edge: null }] : users.map((edge) => ({ ...one, edge }))
}

/** `imago usage`: lists images with their users, a row for each user. */
export const usage = async (names: readonly string[], options: UsageOptions, live: LiveContext): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const targets = names.map(parseTarget)
  const observed = await observeClouds(live, [...new Set(targets.map(({ cloud }) => cloud))], ['usage', 'prices'])
  const isTarget = createTargetFilter(live, targets, observed.clouds)
  const observations = observed.clouds.map(({ observation }) => observation)
  const lookUpCost = createCostLookup(observations)
  const images: ImageUsage[] = []
  for (const cloud of observed.clouds) {
    const isSelected = await createSelector(live, cloud, selection)
    const lookUpUsage = createUsageLookup(cloud.observation)
    for (const image of cloud.observation.images.items)
      if (isTarget(image) && isSelected(image))
        images.push({ image, usage: lookUpUsage(image), cost: lookUpCost(image) })
  }
  const rows = images.filter((one) => isWanted(one.usage, options)).flatMap(toRows)
  await printRows(COLUMNS, request, sortRows(request, rows), live.output, (sorted) =>
    toDocument(sorted, observed.at, observations),
  )
  await live.output.end()
  if (options.quiet !== true && live.messages.isTerminal) {
    const states = images.map(({ usage: { state } }) => state)
    const summary = (['used', 'unused', 'unknown'] as const)
      .map((state) => `${states.filter((one) => one === state).length} ${state}`)
      .join(', ')
    printMessage(live.messages, `${count(images.length, 'image')}: ${summary}`)
  }
  await live.messages.end()
  const isIncomplete = observations.some(({ usage: { sources } }) =>
    sources.some(({ completeness }) => completeness !== 'read'),
  )
  // The list of unused images may be incomplete.
  return options.unused === true && isIncomplete && observed.exitCode === EXIT.done ? EXIT.error : observed.exitCode
}
