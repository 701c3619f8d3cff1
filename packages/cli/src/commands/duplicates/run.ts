import { describeMonthlyCosts, type Image, type MonthlyCost } from '@imago/core'
import { compareAge, findDuplicates, type DuplicateGroup } from '@imago/lifecycle'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import { withUsage } from '../../listing/usage-selection.ts'
import type { LiveContext } from '../../live.ts'
import { hasSummary, printMessage } from '../../message.ts'
import { createCostColumn } from '../../observing/cost-column.ts'
import { createCostLookup } from '../../observing/cost.ts'
import { createSelector, observeClouds, selectionExitCode } from '../../observing/observe-clouds.ts'
import { column, instantColumn, type ColumnSet } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { formatSize } from '../../output/size.ts'
import { formatFlag } from '../../command-line/option.ts'
import { Problem } from '../../problem.ts'
import { describeImage } from '../../resolve-image.ts'
import type { Confirm } from '../../writing/confirm.ts'
import type { DuplicatesOptions } from './options.ts'
import type { PlannedReading } from './read-disk.ts'
import type { Candidate, SameDisks, UnreadImage } from './read-disks.ts'

/** An image of a group of duplicates. */
interface Duplicate {
  /** The number of the group, from 1. */
  readonly group: number
  readonly evidence: DuplicateGroup['evidence']
  readonly image: Image
  readonly cost: MonthlyCost
}

const COLUMNS: ColumnSet<Duplicate> = (() => {
  const id = column<Duplicate>('id', 'ID', ({ image }) => image.ref.id, { whole: true })
  const table = [
    column<Duplicate>('group', 'GROUP', ({ group }) => group, { align: 'right' }),
    column<Duplicate>('evidence', 'EVIDENCE', ({ evidence }) => evidence),
    column<Duplicate>('name', 'NAME', ({ image }) => image.name ?? image.description),
    column<Duplicate>('cloud', 'CLOUD', ({ image: { ref } }) => ref.cloud),
    id,
    column<Duplicate>('size', 'STORED', ({ image: { size } }) => size.stored, {
      align: 'right',
      show: ({ image: { size } }) => (size.stored === null ? '-' : formatSize(size.stored)),
    }),
    instantColumn<Duplicate>('createdAt', 'CREATED', ({ image }) => image.createdAt),
    createCostColumn<Duplicate>(({ cost }) => cost),
  ]
  const more = [
    column<Duplicate>('region', 'REGION', ({ image: { ref } }) => ref.region),
    column<Duplicate>('provider', 'PROVIDER', ({ image: { ref } }) => ref.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

const toRows = (groups: readonly DuplicateGroup[], lookUpCost: (image: Image) => MonthlyCost): readonly Duplicate[] =>
  groups.flatMap(({ evidence, images }, index) =>
    images.map((image): Duplicate => ({ group: index + 1, evidence, image, cost: lookUpCost(image) })),
  )

const toReadingDocument = ({ image: { ref, name, description }, plan }: PlannedReading) =>
  plan === null ? [] : [{ ref, name, description, bytes: plan.estimate.bytes, orders: plan.estimate.resources }]

const toDocument = (rows: readonly Duplicate[], unread: readonly UnreadImage[] | null) => {
  const groups = [...new Set(rows.map(({ group }) => group))].map((number) =>
    rows.filter(({ group }) => group === number),
  )
  return {
    $schema: 'urn:imago:schema:duplicates:1',
    groups: groups.map((members) => ({
      evidence: members[0]?.evidence,
      images: members.map(({ image: { ref, name, description, size, createdAt, digests }, cost }) => ({
        ref,
        name,
        description,
        createdAt,
        stored: size.stored,
        digests,
        monthlyCost: cost,
      })),
    })),
    ...(unread === null
      ? {}
      : {
          unread: unread.map(({ image: { ref, name, description }, reason }) => ({ ref, name, description, reason })),
        }),
  }
}

/** The images whose disks are read: one of each proven group, and all others. The same image in two regions is read once. */
const findCandidates = (all: readonly Candidate[], groups: readonly DuplicateGroup[]): readonly Candidate[] => {
  const redundant = new Set(
    groups.flatMap(({ evidence, images: [, ...others] }) => (evidence === 'proven' ? others : [])),
  )
  const once = new Map(all.map((one) => [JSON.stringify([one.image.ref.provider, one.image.ref.id]), one]))
  return [...once.values()].filter(({ image }) => !redundant.has(image))
}

/**
 * Disks that were read decide: what is declared or suspected of them is confirmed or refuted, and remains only for images that were not read.
 * Of a proven group one image was read: if it has the disk of others, the whole group has.
 */
const mergeGroups = (found: readonly DuplicateGroup[], { groups, read }: SameDisks): readonly DuplicateGroup[] => {
  const proven = found.filter(({ evidence }) => evidence === 'proven')
  const whole = groups.map(({ evidence, images }): DuplicateGroup => {
    const identical = proven.filter((group) => group.images.some((image) => images.includes(image)))
    const all = [...new Set([...images, ...identical.flatMap((group) => group.images)])]
    return { evidence, images: all.toSorted(compareAge) }
  })
  const same = new Set(whole.flatMap(({ images }) => images))
  const open = found
    .filter(({ evidence, images }) => evidence !== 'proven' && !images.every((image) => read.has(image)))
    .map(({ evidence, images }) => ({ evidence, images: images.filter((image) => !same.has(image)) }))
    .filter(({ images }) => images.length > 1)
  return [...proven.filter(({ images }) => !images.some((image) => same.has(image))), ...whole, ...open]
}

const readSameDisks = async (
  live: LiveContext,
  candidates: readonly Candidate[],
  options: DuplicatesOptions,
  env: NodeJS.ProcessEnv,
  confirm: Confirm | null,
): Promise<SameDisks> => {
  const [{ readDisks }, { openPlannedCloud }, { parseSpoolLimit }, { stateDirectories }] = await Promise.all([
    import('./read-disks.ts'),
    import('../../transfer/run-transfers.ts'),
    import('../../transfer/run-options.ts'),
    import('../../transfer/state-directories.ts'),
  ])
  return readDisks(live, candidates, {
    run: {
      ...stateDirectories(env, options.spool),
      spoolLimit: parseSpoolLimit(options),
      signal: live.signal,
      timing: live.timing,
      openSource: openPlannedCloud(live),
    },
    yes: options.yes === true,
    isDry: options.dryRun === true,
    confirm,
  })
}

/** `imago duplicates`: lists groups of images with the same content. `confirm`: `null` without a terminal. */
export const duplicates = async (
  names: readonly string[],
  options: DuplicatesOptions,
  live: LiveContext,
  env: NodeJS.ProcessEnv,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const isDry = options.read === true && options.dryRun === true
  const plannedRequest = isDry ? requestRows((await import('./reading-columns.ts')).READING_COLUMNS, options) : null
  const request = requestRows(COLUMNS, isDry ? { output: 'table' } : options)
  const idle = (['yes', 'dryRun', 'spool', 'spoolLimit'] as const).find((name) => options[name] !== undefined)
  if (options.read !== true && idle !== undefined)
    throw new Problem(`${formatFlag(idle)} applies only to --read`, EXIT.usage)
  if (options.read === true) (await import('../../transfer/run-options.ts')).parseSpoolLimit(options)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const observed = await observeClouds(live, names, withUsage(selection, ['prices']))
  const lookUpCost = createCostLookup(observed.clouds.map(({ observation }) => observation))
  const all: Candidate[] = []
  for (const cloud of observed.clouds) {
    const isSelected = await createSelector(live, cloud, selection)
    all.push(...cloud.observation.images.items.filter(isSelected).map((image) => ({ image, source: cloud.source })))
  }
  const images = all.map(({ image }) => image)
  const found = findDuplicates(images)
  if (plannedRequest !== null) {
    const { planned, unread } = await readSameDisks(live, findCandidates(all, found), options, env, confirm)
    const { READING_COLUMNS } = await import('./reading-columns.ts')
    await printRows(READING_COLUMNS, plannedRequest, planned, live.output, (sorted) => ({
      ...toDocument(toRows(found, lookUpCost), unread),
      toRead: sorted.flatMap(toReadingDocument),
    }))
    await live.output.end()
    await live.messages.end()
    return selectionExitCode(observed, selection)
  }
  const candidates = options.read === true ? findCandidates(all, found) : []
  const disks = options.read === true ? await readSameDisks(live, candidates, options, env, confirm) : null
  const groups = disks === null ? found : mergeGroups(found, disks)
  const rows = toRows(groups, lookUpCost)
  await printRows(COLUMNS, request, sortRows(request, rows), live.output, (sorted) =>
    toDocument(sorted, disks?.unread ?? null),
  )
  await live.output.end()
  const open = disks === null ? 0 : candidates.length - disks.read.size
  const limit = open === 0 ? '' : `; ${count(open, 'disk')} not read`
  if (groups.length === 0 && hasSummary(live.messages, options, 0))
    printMessage(live.messages, `no duplicates found among ${count(images.length, 'image')}${limit}`)
  else if (hasSummary(live.messages, options, rows.length)) {
    // The oldest image of each group is kept.
    const spare = describeMonthlyCosts(groups.flatMap(({ images: [, ...others] }) => others.map(lookUpCost)))
    printMessage(
      live.messages,
      `${count(groups.length, 'group')} of duplicates among ${count(images.length, 'image')}${spare === null ? '' : `; keeping only the oldest image of each group would save ${spare}`}${limit}`,
    )
  }
  for (const { image, reason } of disks?.unread ?? [])
    printMessage(live.messages, `imago: not read: ${describeImage(image)}: ${reason}`)
  await live.messages.end()
  const code = selectionExitCode(observed, selection)
  return code === EXIT.done && disks !== null ? disks.exitCode : code
}
