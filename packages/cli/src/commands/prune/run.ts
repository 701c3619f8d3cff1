import type { Image, ImageError, ImageSource } from '@imago/core'
import { planPrune, type PruneOptions as PlanOptions } from '@imago/lifecycle'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { changeErrorsToExitCode } from '../../live-problem.ts'
import { printError, printMessage } from '../../message.ts'
import { createCostLookup, formatTotalCost } from '../../observing/cost.ts'
import { createSelector, observeClouds, type ObservedCloud } from '../../observing/observe-clouds.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { formatSize } from '../../output/size.ts'
import { Problem } from '../../problem.ts'
import { describeImage } from '../../resolve-image.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { deleteImages, type DeleteOutcome } from './delete-images.ts'
import type { PruneOptions } from './options.ts'
import { readPins } from './pins.ts'
import { parsePolicy, type Policy } from './policy.ts'
import { PRUNE_COLUMNS, toPruneDocument, type PrunedImage } from './rows.ts'

/** The decisions on the images of one cloud. */
interface CloudPlan {
  readonly source: ImageSource
  readonly options: PlanOptions
  readonly images: PrunedImage[]
}

const planCloud = async (
  live: LiveContext,
  cloud: ObservedCloud,
  options: PruneOptions,
  { retention, grouping }: Policy,
  isLocked: (image: Image) => boolean,
  lookUpCost: ReturnType<typeof createCostLookup>,
): Promise<CloudPlan> => {
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const plan: PlanOptions = { isSelected: await createSelector(live, cloud, selection), retention, grouping, isLocked }
  const images = planPrune(cloud.observation, plan).map((row): PrunedImage => ({
    row,
    cost: lookUpCost(row.image),
    result: row.action === 'keep' ? 'kept' : 'planned',
  }))
  return { source: cloud.source, options: plan, images }
}

const isPlanned = ({ result }: PrunedImage): boolean => result === 'planned'

/** `12 images (34.5 GiB, 0.40 EUR a month)` */
const describeSum = (images: readonly PrunedImage[]): string => {
  const bytes = images.reduce((sum, { row }) => sum + (row.image.size.stored ?? 0), 0)
  const cost = formatTotalCost(images.map(({ cost: one }) => one))
  return `${count(images.length, 'image')} (${formatSize(bytes)}${cost === null ? '' : `, ${cost} a month net`})`
}

const reportOutcome = (live: LiveContext, { row: { image } }: PrunedImage, outcome: DeleteOutcome): void => {
  const name = describeImage(image)
  switch (outcome.result) {
    case 'deleted':
      return printMessage(live.messages, `deleted ${name}`)
    case 'kept':
      return printMessage(
        live.messages,
        outcome.row === null
          ? `kept ${name}: it is gone, or no longer selected`
          : `kept ${name}: now ${outcome.row.reasons.join(', ')}`,
      )
    case 'failed':
      return printError(live.messages, outcome.error)
  }
}

/** Deletes the planned images, cloud by cloud, and records the outcome of each. */
const carryOut = async (live: LiveContext, plans: readonly CloudPlan[]): Promise<readonly ImageError[]> => {
  const errors: ImageError[] = []
  for (const { source, options, images } of plans) {
    const planned = images.filter(isPlanned).map(({ row }) => row.image)
    for await (const { image, outcome } of deleteImages(live, source, planned, options)) {
      const at = images.findIndex(({ row }) => row.image === image)
      const pruned = images[at]
      if (pruned === undefined) continue
      images[at] = {
        ...pruned,
        row: outcome.result === 'kept' && outcome.row !== null ? outcome.row : pruned.row,
        result: outcome.result,
      }
      if (outcome.result === 'failed') errors.push(outcome.error)
      reportOutcome(live, pruned, outcome)
      await live.messages.end()
    }
  }
  return errors
}

/** Whether to delete: with `--yes`, or if the user confirms. */
const isConfirmed = async (
  planned: readonly PrunedImage[],
  { yes }: PruneOptions,
  confirm: Confirm | null,
): Promise<boolean> => yes === true || (confirm !== null && (await confirm(`Delete ${describeSum(planned)}?`)))

/** `imago prune`: prints each decision with its reason, asks for confirmation, and deletes. `confirm`: `null` without a terminal. */
export const prune = async (
  names: readonly string[],
  options: PruneOptions,
  live: LiveContext,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const request = requestRows(PRUNE_COLUMNS, options)
  const policy = parsePolicy(options)
  const isDry = options.dryRun === true
  if (!isDry && options.yes !== true && confirm === null)
    throw new Problem(
      'cannot ask for confirmation without a terminal. To delete, add --yes; to preview, add --dry-run',
      EXIT.usage,
    )
  const isLocked = await readPins(options.lockFile)
  const observed = await observeClouds(live, names, ['usage', 'prices'])
  const lookUpCost = createCostLookup(observed.clouds.map(({ observation }) => observation))
  const plans: CloudPlan[] = []
  for (const cloud of observed.clouds) plans.push(await planCloud(live, cloud, options, policy, isLocked, lookUpCost))
  const rows = (): readonly PrunedImage[] =>
    sortRows(
      request,
      plans.flatMap(({ images }) => images),
    )
  const print = async (): Promise<void> => {
    await printRows(PRUNE_COLUMNS, request, rows(), live.output, toPruneDocument)
    await live.output.end()
  }
  const report = async (text: string): Promise<void> => {
    printMessage(live.messages, text)
    await live.messages.end()
  }
  const planned = rows().filter(isPlanned)
  const isForPeople = request.format === 'table'
  const kept = rows().length - planned.length
  if (isForPeople || isDry || planned.length === 0) await print()
  if (isDry || planned.length === 0) {
    if (options.quiet !== true) await report(`would delete ${describeSum(planned)}, keep ${kept}`)
    return observed.exitCode
  }
  if (planned.length > policy.most) {
    if (!isForPeople) await print()
    await report(
      `imago: ${planned.length} images would be deleted, more than --max ${policy.most}: nothing was deleted`,
    )
    return EXIT.refused
  }
  if (!(await isConfirmed(planned, options, confirm))) {
    await report('imago: nothing was deleted')
    return EXIT.error
  }
  const errors = await carryOut(live, plans)
  if (!isForPeople) await print()
  const deleted = rows().filter(({ result }) => result === 'deleted')
  const undone = rows().filter(isPlanned).length
  await report(`deleted ${describeSum(deleted)} of ${planned.length}${undone === 0 ? '' : `; ${undone} not tried`}`)
  if (live.signal.aborted) return EXIT.interrupted
  return errors.length > 0 ? changeErrorsToExitCode(errors) : observed.exitCode
}
