import { listAll, type Image, type ImageSource } from '@imago/core'
import type { TransferSource, Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from '../exit-code.ts'
import { checkSelection, givenSelection, parseSelection, resolveQuery } from '../listing/query-options.ts'
import { readUsageFilter } from '../listing/usage-selection.ts'
import type { LiveContext } from '../live.ts'
import { toProblem } from '../live-problem.ts'
import { providersFor, openSource, resolveTarget, resolveTargets } from '../resolve-image.ts'
import { Problem } from '../problem.ts'
import { formatFlag } from '../command-line/option.ts'
import type { SelectionOptions } from '../options/selection.ts'
import type { PlanningOptions } from '../options/transfer.ts'
import { parseSource, parseTarget } from './arguments.ts'
import { gatherImage, gatherLimits, gatherSource, gatherTarget, type UrlFacts } from './gather.ts'
import { parseOverrides } from './overrides.ts'
import { createPlanner } from './plan-with-quota.ts'
import { findSourceDigests, readSourceDigests, type ReadUrl } from './source-digests.ts'

/** The option that sets a field of the new image, by the option that selects images by this field. */
const OVERRIDE_FOR: ReadonlyMap<keyof SelectionOptions, string> = new Map([
  ['name', '--set-name'],
  ['description', '--set-description'],
  ['arch', '--set-arch'],
  ['visibility', '--set-visibility'],
  ['label', '--set-label'],
  ['tag', '--set-tag'],
  ['property', '--set-property'],
])

/** The selection options. `--digest` of transfers verifies the source, and selects nothing. */
const toSelectionOptions = (options: PlanningOptions): SelectionOptions => ({ ...options, digest: undefined })

/** Refuses selection options without `--all`. `--arch` is allowed, because it also selects among images of the same name. */
const checkSelecting = (options: PlanningOptions, sources: readonly string[]): void => {
  if (options.locked === true && options.all === true)
    throw new Problem('--locked and --all cannot be combined', EXIT.usage)
  if (options.all === true) return
  const isNamed = sources.every((word) => parseSource(word).kind === 'image')
  const misplaced = givenSelection(toSelectionOptions(options)).find((name) => name !== 'arch' || !isNamed)
  if (misplaced === undefined) return
  const override = OVERRIDE_FOR.get(misplaced)
  const applicable = misplaced === 'arch' ? 'images of clouds' : '--all'
  throw new Problem(
    `${formatFlag(misplaced)} applies only to ${applicable}${override === undefined ? '' : `. For the new image, use ${override}`}`,
    EXIT.usage,
  )
}

/** Lists the selected images of the cloud named by `word`. */
const listSelected = async (
  live: LiveContext,
  word: string,
  options: PlanningOptions,
): Promise<readonly { readonly image: Image; readonly source: ImageSource }[]> => {
  const end = parseTarget(word)
  if (end.kind !== 'cloud' || end.name !== null)
    throw new Problem(`--all takes clouds, not images: ${word}. Name only the cloud, such as prod:`, EXIT.usage)
  const target = resolveTarget(live, end.cloud)
  const selection = parseSelection(toSelectionOptions(options), {
    now: live.timing.clock(),
    providers: providersFor(live, [target]),
  })
  const source = await openSource(live, target)
  const query = await resolveQuery(source, selection, { signal: live.signal })()
  if (E.isLeft(query)) throw toProblem(query.left)
  const listing = await listAll(source, query.right, { signal: live.signal })()
  if (E.isLeft(listing)) throw toProblem(listing.left)
  const { isSelected } = await readUsageFilter(live, source, selection.usage)
  return listing.right.items.filter(isSelected).map((image) => ({ image, source }))
}

const gatherSources = async (
  live: LiveContext,
  words: readonly string[],
  options: PlanningOptions,
  urlFacts: UrlFacts,
): Promise<readonly TransferSource[]> => {
  const { except = [] } = options
  const isExcept = ({ name, ref }: Image, word: string): boolean => word === name || word === ref.id
  const found = new Set<string>()
  const gathered: TransferSource[] = []
  for (const word of words) {
    if (options.all !== true) gathered.push(await gatherSource(live, parseSource(word), options, urlFacts))
    else {
      for (const { image, source } of await listSelected(live, word, options)) {
        const hits = except.filter((one) => isExcept(image, one))
        for (const hit of hits) found.add(hit)
        if (hits.length === 0) gathered.push(await gatherImage(live, image, source))
      }
    }
  }
  const missed = except.find((one) => !found.has(one))
  if (missed !== undefined)
    throw new Problem(`--except: no selected image has the ID or name ${JSON.stringify(missed)}`, EXIT.usage)
  return gathered
}

/** Plans transfers. The last word is the target, and the others are sources. */
export const makePlans = async (
  live: LiveContext,
  words: readonly string[],
  options: PlanningOptions,
  urlFacts: UrlFacts,
  readUrl: ReadUrl,
): Promise<readonly Plan[]> => {
  const last = words.at(-1)
  const rest = words.slice(0, -1)
  if (last === undefined || rest.length === 0)
    throw new Problem('a source or the target is missing. Name both, such as lab:debian-12 prod:', EXIT.usage)
  const to = parseTarget(last)
  checkSelecting(options, rest)
  if (options.all !== true && options.except !== undefined)
    throw new Problem('--except applies only to --all', EXIT.usage)
  checkSelection(toSelectionOptions(options), live.timing.clock())
  const providers = to.kind === 'cloud' ? providersFor(live, resolveTargets(live, to.cloud)) : []
  const overrides = parseOverrides(options, { name: to.kind === 'cloud' ? to.name : null, providers })
  const digests = await readSourceDigests(options, readUrl)
  const sources = await gatherSources(live, rest, options, urlFacts)
  if (sources.length === 0)
    throw new Problem('no image matches the selection. Check the options that select images', EXIT.notFound)
  if (sources.length > 1 && to.kind === 'file')
    throw new Problem(
      `${sources.length} images cannot be written to one file: ${last}. Name a single source`,
      EXIT.usage,
    )
  const name = to.kind === 'cloud' ? (to.name ?? options.setName) : undefined
  if (sources.length > 1 && name !== undefined)
    throw new Problem(
      `${sources.length} images cannot have the same name ${JSON.stringify(name)}. Omit the name, or name a single source`,
      EXIT.usage,
    )
  if (sources.length > 1 && options.member !== undefined)
    throw new Problem(`--member applies to a single source, and ${sources.length} are named`, EXIT.usage)
  const limits = await gatherLimits(live, to)
  const planned = createPlanner(live, to)
  const plans: Plan[] = []
  for (const source of sources) {
    const sourceDigests = findSourceDigests(source, digests, sources.length)
    plans.push(
      await planned(source, await gatherTarget(live, to, source, overrides, limits), { ...overrides, sourceDigests }),
    )
  }
  return plans
}
