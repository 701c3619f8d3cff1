import { describeMonthlyCosts, isCostUnknown, type Image } from '@imago/core'
import { planPrune, type PruneOptions as PlanOptions } from '@imago/lifecycle'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { changeErrorsToExitCode } from '../../live-problem.ts'
import { printMessage } from '../../message.ts'
import { createCostLookup } from '../../observing/cost.ts'
import { createSelector, observeClouds, type ObservedCloud } from '../../observing/observe-clouds.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows, sortRows } from '../../output/rows.ts'
import { formatSize } from '../../output/size.ts'
import { Problem } from '../../problem.ts'
import { describeImage } from '../../resolve-image.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { reportRemaining } from '../../writing/remaining.ts'
import { carryOut, isDeleted, isPlanned, type CloudPlan } from './carry-out.ts'
import type { PruneOptions } from './options.ts'
import { readPins } from './pins.ts'
import { parsePolicy, type Policy } from './policy.ts'
import { PRUNE_COLUMNS, toPruneDocument, type PrunedImage } from './rows.ts'

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

/** `34.5 GiB`, or `at least 34.5 GiB` if the size of an image is unknown; `null`: no size is known. */
const describeSizes = (images: readonly PrunedImage[]): string | null => {
  const sizes = images.flatMap(({ row }) => row.image.size.stored ?? [])
  if (sizes.length === 0) return null
  const sum = formatSize(sizes.reduce((total, size) => total + size, 0))
  return sizes.length < images.length ? `at least ${sum}` : sum
}

/** `0.40 EUR a month net`, with `at least` if the cost of an image is unknown; `null`: no cost is known. */
const describeCosts = (images: readonly PrunedImage[]): string | null => {
  const costs = images.map(({ cost }) => cost)
  const text = describeMonthlyCosts(costs)
  return text !== null && costs.some(isCostUnknown) ? `at least ${text}` : text
}

/** `12 images (34.5 GiB, 0.40 EUR a month net)` */
const describeSum = (images: readonly PrunedImage[]): string => {
  const parts = [describeSizes(images), describeCosts(images)].filter((part) => part !== null)
  return `${count(images.length, 'image')}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`
}

/** Whether to delete: with `--yes`, or if the user confirms. `isShown`: whether the images have been printed. */
const isConfirmed = async (
  live: LiveContext,
  planned: readonly PrunedImage[],
  isShown: boolean,
  { yes }: PruneOptions,
  confirm: Confirm | null,
): Promise<boolean> => {
  if (yes === true) return true
  if (confirm === null) return false
  if (!isShown) {
    for (const { row } of planned) printMessage(live.messages, `  ${describeImage(row.image)}`)
    await live.messages.end()
  }
  return confirm(`Delete ${describeSum(planned)}?`)
}

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
    throw new Problem('confirmation needs a terminal. To delete, add --yes; to preview, add --dry-run', EXIT.usage)
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
  const print = async (isShown: (image: PrunedImage) => boolean): Promise<void> => {
    // -q prints only what is deleted.
    const shown = options.quiet === true ? rows().filter(isShown) : rows()
    await printRows(PRUNE_COLUMNS, request, shown, live.output, (images) => toPruneDocument(images, live.providers))
    await live.output.end()
  }
  const report = async (text: string): Promise<void> => {
    printMessage(live.messages, text)
    await live.messages.end()
  }
  const planned = rows().filter(isPlanned)
  const isForPeople = request.format === 'table'
  const kept = rows().length - planned.length
  if (isForPeople || isDry || planned.length === 0) await print(isPlanned)
  if (isDry || options.yes !== true) for (const { row } of planned) reportRemaining(live, row.image, false)
  if (isDry || planned.length === 0) {
    await report(
      isDry ? `would delete ${describeSum(planned)}, keep ${kept}` : `nothing to delete; kept ${count(kept, 'image')}`,
    )
    return observed.exitCode
  }
  if (planned.length > policy.maxDeleted) {
    if (!isForPeople) await print(isDeleted)
    await report(
      `imago: ${count(planned.length, 'image')} would be deleted, more than --max ${policy.maxDeleted}: nothing was deleted. To delete them, raise --max`,
    )
    return EXIT.refused
  }
  if (!(await isConfirmed(live, planned, isForPeople, options, confirm))) {
    await report('imago: nothing was deleted')
    return EXIT.error
  }
  const { errors, unread } = await carryOut(live, plans)
  if (!isForPeople) await print(isDeleted)
  const deleted = rows().filter(isDeleted)
  const undone = rows().filter(isPlanned).length
  await report(`deleted ${describeSum(deleted)} of ${planned.length}${undone === 0 ? '' : `; ${undone} not tried`}`)
  if (live.signal.aborted) return EXIT.interrupted
  if (errors.length > 0) return changeErrorsToExitCode(errors)
  return unread > 0 ? EXIT.error : observed.exitCode
}
