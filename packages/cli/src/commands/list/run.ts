import { linkSignals, type Image, type ImageError, type Page, type Usage } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { setMaxListeners } from 'node:events'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { toIdentity, formatCloud, type Provider, type ProviderCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { listTargets } from '../../listing/list-targets.ts'
import { checkSelection, parseSelection } from '../../listing/query-options.ts'
import { isUsageKnown, reportUnknown, reportUnreadLists, reportUnreadPrices } from '../../listing/usage-selection.ts'
import { createSorted } from '../../listing/sorted.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode } from '../../live-problem.ts'
import { tableColumnsFor, type ImageColumn } from '../../output/columns.ts'
import { count } from '../../output/count.ts'
import type { ImageAdditions } from '../../output/image-json.ts'
import { createImages, requestImages } from '../../output/images.ts'
import { providersFor } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { formatRejection } from '../../rejection.ts'
import { printMessage, printError } from '../../message.ts'
import { createAdditions, createFactsStore, createListColumns, findColumnParts } from './observed-columns.ts'
import type { ListOptions } from './options.ts'

const parseLimit = (text: string | undefined): number => {
  if (text === undefined) return Infinity
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Problem(`--limit: invalid value ${JSON.stringify(text)}. Use a whole number from 1`, EXIT.usage)
}

/** The columns of a table or `-o value`. Several clouds or regions have a column. */
const createColumns = (targets: readonly ProviderCloud[], providers: readonly Provider[]): readonly ImageColumn[] => {
  const clouds = new Map(targets.map(({ provider, name }) => [`${provider}/${name}`, name]))
  const severalRegions = targets.length > clouds.size
  return tableColumnsFor({
    clouds: [...clouds.values()],
    regions: severalRegions ? targets.map(({ region }) => region ?? '-') : [],
    idLength: Math.max(0, ...providers.map(({ idLength = 0 }) => idLength)),
  })
}

/** Rows between two flushes, so that the text of very many images is not held in memory. */
const ROWS_AT_ONCE = 1000

/** The counts of a listing. */
interface Tally {
  images: number
  rejected: number
  notes: number
  /** Images whose usage is unknown because other projects can use them. */
  unknown: number
}

const reportRejected = (live: LiveContext, target: ProviderCloud, { rejected }: Page): void => {
  for (const one of rejected) printMessage(live.messages, `${formatCloud(toIdentity(target))}: ${formatRejection(one)}`)
}

const reportSummary = ({ messages }: LiveContext, { images, rejected, notes }: Tally, options: ListOptions): void => {
  if (options.quiet === true || (!messages.isTerminal && rejected === 0 && notes === 0)) return
  const drift =
    notes > 0
      ? `, ${count(notes, 'difference')} from the known API (for details: imago list -o ndjson | jq .raw | imago drift)`
      : ''
  const legend = options.evidence === true && options.output === 'table' ? '; ~ inferred, ? assumed' : ''
  printMessage(messages, `${count(images, 'image')}, ${rejected} rejected${drift}${legend}`)
}

/** `imago list`: prints the images of clouds as pages arrive, in the order of the clouds. */
export const list = async (names: readonly string[], options: ListOptions, live: LiveContext): Promise<ExitCode> => {
  const facts = createFactsStore()
  const request = requestImages(options, createListColumns(facts))
  const { order } = request
  const limit = parseLimit(options.limit)
  checkSelection(options, live.timing.clock())
  const chosen = chosenTargets(live, names)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: providersFor(live, chosen.targets) })
  const errors: ImageError[] = [...chosen.errors]
  const { output, messages } = live
  const sorted = order === null ? null : createSorted(order, limit)
  for (const error of errors) printError(messages, error)
  await messages.end()

  const { signal, abort } = linkSignals(live.signal)
  // Each cloud adds a listener. The signal is an AbortSignal; core's type has only the members that core uses.
  setMaxListeners(0, signal as unknown as EventTarget)
  const listing = listTargets(live, chosen.targets, selection, {
    signal,
    limit: order === null && limit !== Infinity ? limit : undefined,
    parts: findColumnParts(request.named),
  })
  // Loads the writer while the clouds respond.
  const writer = await createImages(
    { ...request, order: null },
    output,
    createColumns(chosen.targets, providersFor(live, chosen.targets)),
  )
  const readEvidence =
    options.evidence === true ? (await import('../../listing/live-evidence.ts')).readEvidence : (): null => null
  const lookUpAdditions = createAdditions(facts, request)
  const findAdditions = (image: Image): ImageAdditions | null => {
    const evidence = readEvidence(image, live.providers)
    const more = lookUpAdditions?.(image) ?? null
    return evidence === null ? more : { evidence, ...more }
  }
  const tally: Tally = { images: 0, rejected: 0, notes: 0, unknown: 0 }
  const write = (image: Image): void => {
    if (tally.images >= limit) return
    tally.images++
    writer.image(image, null, findAdditions(image))
  }
  const writeAll = async (images: readonly Image[]): Promise<void> => {
    for (const [index, image] of images.entries()) {
      write(image)
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await output.flush()
    }
  }

  const usages = new Map<ProviderCloud, Usage>()
  for await (const { target, page, facts: found, unknown } of listing) {
    tally.unknown += unknown
    if (found !== null && facts.add(toIdentity(target), found) && found.prices !== null)
      reportUnreadPrices(messages, toIdentity(target), found.prices)
    if (found !== null && found.usage !== null && !usages.has(target)) {
      usages.set(target, found.usage)
      reportUnreadLists(messages, toIdentity(target), found.usage)
    }
    if (E.isLeft(page)) {
      errors.push(page.left)
      printError(messages, page.left)
    } else {
      tally.rejected += page.right.rejected.length
      tally.notes += page.right.drift.length
      reportRejected(live, target, page.right)
      if (sorted === null) await writeAll(page.right.items)
      else page.right.items.forEach(sorted.add)
    }
    await messages.end()
    // The first rows are printed at once on a terminal, or for a single cloud.
    // Elsewhere, column widths are computed from the first pages of all clouds.
    if (output.isTerminal || chosen.targets.length === 1) writer.settle()
    if (sorted === null) await output.end()
    if (tally.images >= limit) break
  }
  abort()
  if (sorted !== null) await writeAll(sorted.take())
  writer.end()
  await output.end()
  if (options.quiet !== true) reportUnknown(messages, tally.unknown)
  reportSummary(live, tally, options)
  await messages.end()
  if (errors.length > 0) return errorsToExitCode(errors)
  if (!isUsageKnown(selection.usage, [...usages.values()])) return EXIT.error
  return tally.rejected > 0 ? EXIT.findings : EXIT.done
}
