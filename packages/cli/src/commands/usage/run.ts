import {
  createUsageLookup,
  isUse,
  type CloudObservation,
  type Image,
  type ImageRef,
  type MonthlyCost,
  type UsageEdge,
  type UsageState,
} from '@imago/core'
import { formatCloud, toIdentity } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { UsageWord } from '../../listing/usage-selection.ts'
import type { LiveContext } from '../../live.ts'
import { hasSummary, printMessage } from '../../message.ts'
import { createCostColumn } from '../../observing/cost-column.ts'
import { createCostLookup } from '../../observing/cost.ts'
import { createSelector, observeClouds, selectionExitCode, type ObservedCloud } from '../../observing/observe-clouds.ts'
import { describeOrigins, usageToJson } from '../../observing/usage-text.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { parseImageAddress, resolveTargets, type ImageWord } from '../../resolve-image.ts'
import { formatSuggestion } from '../../format-suggestion.ts'
import type { UsageOptions } from './options.ts'
import { describeUnlisted, findUnlistedImages, NO_COST } from './unlisted-images.ts'

/** An image, and its usage. */
interface ImageUsage {
  readonly ref: ImageRef
  /** `null`: the image is used, but not listed. */
  readonly image: Image | null
  readonly usage: UsageState
  readonly cost: MonthlyCost
}

/** An image and one of its users; `null`: no user is known. */
interface UsageRow extends ImageUsage {
  readonly edge: UsageEdge | null
}

const COLUMNS: ColumnSet<UsageRow> = (() => {
  const id = column<UsageRow>('id', 'ID', ({ ref }) => ref.id, { whole: true })
  const table = [
    column<UsageRow>('name', 'NAME', ({ image }) => image?.name ?? image?.description ?? null),
    column<UsageRow>('cloud', 'CLOUD', ({ ref }) => ref.cloud),
    id,
    column<UsageRow>('usage', 'USAGE', ({ usage }) => usage.state),
    column<UsageRow>('userKind', 'BY', ({ edge }) => edge?.by.kind ?? null),
    column<UsageRow>('user', 'USER', ({ edge }) => (edge === null ? null : (edge.by.name ?? edge.by.id))),
    createCostColumn<UsageRow>(({ cost }) => cost),
  ]
  const more = [
    column<UsageRow>('userId', 'USER ID', ({ edge }) => edge?.by.id ?? null, { whole: true }),
    column<UsageRow>('relation', 'RELATION', ({ edge }) => edge?.relation ?? null),
    column<UsageRow>('via', 'VIA', ({ edge }) => edge?.via ?? null),
    column<UsageRow>('createdFrom', 'CREATED FROM', ({ usage }) => describeOrigins(usage)),
    column<UsageRow>('dependsOn', 'DEPENDS', ({ edge }) => edge?.dependsOn ?? null),
    column<UsageRow>('region', 'REGION', ({ ref }) => ref.region),
    column<UsageRow>('provider', 'PROVIDER', ({ ref }) => ref.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

const toDocument = (
  rows: readonly UsageRow[],
  at: string,
  clouds: readonly CloudObservation[],
  unlisted: readonly ImageUsage[],
): unknown => ({
  $schema: 'urn:imago:schema:usage:1',
  at,
  sources: clouds.flatMap(({ cloud: { provider, cloud, region }, usage }) =>
    usage.sources.map(({ name, completeness, reason }) => ({ provider, cloud, region, name, completeness, reason })),
  ),
  images: [...new Map(rows.map((row) => [row.image, row])).values()].flatMap(({ image, usage, cost }) =>
    image === null
      ? []
      : [
          {
            ref: image.ref,
            name: image.name,
            description: image.description,
            kind: image.kind,
            usage: usageToJson(usage),
            monthlyCost: cost,
          },
        ],
  ),
  unlisted: unlisted.map(({ ref, usage }) => ({ ref, usage: usageToJson(usage) })),
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

const isNamed = (id: string, name: string | null, word: ImageWord): boolean => {
  if ('id' in word) return id === word.id
  if ('name' in word) return name === word.name
  return id === word.idOrName || name === word.idOrName
}

/** How an image matches the targets: by its cloud, or by its ID or name. */
type TargetMatch = 'none' | 'cloud' | 'named'

/** Creates the filter of the targets. One that matches no image ends the command. */
const createTargetFilter = (
  live: LiveContext,
  targets: readonly Target[],
  clouds: readonly ObservedCloud[],
): ((ref: ImageRef, name: string | null) => TargetMatch) => {
  const filters = targets.map(({ text, cloud, image: word }) => {
    const places = new Set(resolveTargets(live, cloud).map((one) => formatCloud(toIdentity(one))))
    const fits = (ref: ImageRef, name: string | null): boolean =>
      places.has(formatCloud(ref)) && (word === null || isNamed(ref.id, name, word))
    const observed = clouds.filter(({ observation }) => places.has(formatCloud(observation.cloud)))
    const isMissing =
      word !== null &&
      observed.length > 0 &&
      observed.every(
        ({ observation: { images, usage: read } }) =>
          images.completeness === 'read' &&
          !images.items.some(({ ref, name }) => fits(ref, name)) &&
          !read.edges.some((edge) => isUse(edge) && fits(edge.image, null)),
      )
    if (isMissing) {
      const names = observed.flatMap(({ observation: { images } }) => images.items.flatMap(({ name }) => name ?? []))
      const hint = formatSuggestion(Object.values(word).join(), names)
      throw new Problem(
        `image not found: ${text}${hint === '' ? '. Check the ID or name, the project and the region' : hint}`,
        EXIT.notFound,
      )
    }
    return { fits, isNamed: word !== null }
  })
  return (ref, name) => {
    if (filters.length === 0) return 'cloud'
    const matching = filters.filter(({ fits }) => fits(ref, name))
    if (matching.length === 0) return 'none'
    return matching.some((one) => one.isNamed) ? 'named' : 'cloud'
  }
}

const isWanted = ({ state }: UsageState, words: readonly UsageWord[]): boolean =>
  words.length === 0 || (state !== 'unknown' && words.includes(state))

const toRows = (one: ImageUsage): readonly UsageRow[] => {
  const users = one.usage.edges.filter(isUse)
  return users.length === 0 ? [{ ...one, edge: null }] : users.map((edge) => ({ ...one, edge }))
}

/** `imago usage`: lists images with their users, a row for each user. */
export const usage = async (names: readonly string[], options: UsageOptions, live: LiveContext): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const withHidden = parseSelection(
    { ...options, hidden: options.hidden ?? true },
    { now: live.timing.clock(), providers: live.providers },
  )
  const targets = names.map(parseTarget)
  const observed = await observeClouds(live, [...new Set(targets.map(({ cloud }) => cloud))], ['usage', 'prices'])
  const isTarget = createTargetFilter(live, targets, observed.clouds)
  const observations = observed.clouds.map(({ observation }) => observation)
  const lookUpCost = createCostLookup(observations)
  const images: ImageUsage[] = []
  const unlisted: ImageUsage[] = []
  for (const cloud of observed.clouds) {
    // The summary counts images of every usage.
    const isSelected = await createSelector(live, cloud, { ...selection, usage: [] })
    // An image that the user names is shown even if it is hidden.
    const isSelectedByName = await createSelector(live, cloud, { ...withHidden, usage: [] })
    const lookUpUsage = createUsageLookup(cloud.observation)
    for (const image of cloud.observation.images.items) {
      const match = isTarget(image.ref, image.name)
      if (match === 'none' || !(match === 'named' ? isSelectedByName : isSelected)(image)) continue
      images.push({ ref: image.ref, image, usage: lookUpUsage(image), cost: lookUpCost(image) })
    }
    for (const { ref, edges } of findUnlistedImages(cloud.observation)) {
      const match = isTarget(ref, null)
      if (match === 'none') continue
      const one: ImageUsage = { ref, image: null, usage: { state: 'used', edges }, cost: NO_COST }
      if (match === 'named') images.push(one)
      // After an incomplete listing, the image may be listed next time.
      if (cloud.observation.images.completeness === 'read') unlisted.push(one)
    }
  }
  const rows = images.filter((one) => isWanted(one.usage, selection.usage)).flatMap(toRows)
  await printRows(COLUMNS, request, sortRows(request, rows), live.output, (sorted) =>
    toDocument(sorted, observed.at, observations, unlisted),
  )
  await live.output.end()
  if (hasSummary(live.messages, options, rows.length)) {
    const states = images.map(({ usage: { state } }) => state)
    const summary = (['used', 'unused', 'unknown'] as const)
      .map((state) => `${states.filter((one) => one === state).length} ${state}`)
      .join(', ')
    printMessage(live.messages, `${count(images.length, 'image')}: ${summary}`)
    for (const text of describeUnlisted(unlisted)) printMessage(live.messages, text)
  }
  await live.messages.end()
  return selectionExitCode(observed, selection)
}
