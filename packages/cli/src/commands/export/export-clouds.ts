import {
  linkSignals,
  READ,
  readPrices,
  readUsage,
  toReadState,
  unreadUsage,
  type ImageError,
  type ObservedPrices,
  type Usage,
} from '@imago/core'
import { formatCloud, toIdentity, type ProviderCloud } from '@imago/provider-kit'
import type { CloudState, StoreBatch } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { setMaxListeners } from 'node:events'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { listTargets, type TargetPage } from '../../listing/list-targets.ts'
import { checkSelection, parseSelection, type Selection } from '../../listing/query-options.ts'
import { isUsageKnown, reportUnknown, reportUnreadLists } from '../../listing/usage-selection.ts'
import { errorsToExitCode } from '../../live-problem.ts'
import type { LiveContext } from '../../live.ts'
import { printError, printMessage } from '../../message.ts'
import { formatRejection } from '../../rejection.ts'
import { providersFor } from '../../resolve-image.ts'
import { limitHeap } from '../../limit-heap.ts'
import { formatChanges, openExporter, orEnd, parseTarget, parseTime, selectionJson } from './exporter.ts'
import type { ExportOptions } from './options.ts'

/** The state of reading a cloud. */
interface Reading {
  readonly target: ProviderCloud
  readonly batch: StoreBatch
  error: ImageError | null
  rejected: number
}

const readFacts = async (
  target: ProviderCloud,
  live: LiveContext,
): Promise<{ readonly usage: Usage | null; readonly prices: ObservedPrices | null }> => {
  const source = await live.open(target)
  if (E.isLeft(source)) return { usage: unreadUsage(toReadState(source.left)), prices: null }
  const { signal, allProjects } = live
  const [usage, prices] = await Promise.all([
    readUsage(source.right, { signal, allProjects })(),
    readPrices(source.right, { signal })(),
  ])
  return { usage, prices }
}

const ONLY_SELECTED = 'only the images that the selection options select'

/** `imago export`: stores the images of each cloud in one transaction, in the order in which the clouds are named. */
export const exportClouds = async (
  text: string,
  names: readonly string[],
  options: ExportOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  limitHeap()
  const storeTarget = parseTarget(text)
  const now = live.timing.clock()
  checkSelection(options, now)
  parseTime(options.at, now)
  const chosen = chosenTargets(live, names)
  // Otherwise an image that becomes hidden would be recorded as missing.
  const given = parseSelection(options, { now, providers: providersFor(live, chosen.targets) })
  const selection: Selection = { ...given, query: { hidden: 'include', ...given.query } }
  const isSelected = selectionJson(options) !== null
  const exporter = await openExporter(storeTarget, options, 'live', now)
  const { messages, output } = live
  const errors: ImageError[] = [...chosen.errors]
  let rejected = 0
  let unknown = 0
  let isComplete = true
  let isRead = false
  for (const error of errors) printError(messages, error)

  const readEvidence =
    options.evidence === true ? (await import('../../listing/live-evidence.ts')).readEvidence : (): null => null

  const toState = async ({ target, error, rejected: records }: Reading): Promise<CloudState> => ({
    cloud: toIdentity(target),
    images: error !== null ? toReadState(error) : isSelected ? { completeness: 'failed', reason: ONLY_SELECTED } : READ,
    rejected: records,
    ...(options.usage === true ? await readFacts(target, live) : { usage: null, prices: null }),
  })

  const finish = async (reading: Reading): Promise<void> => {
    const changes = orEnd(await reading.batch.commit([await toState(reading)]))
    if (options.quiet === true) return
    const note = reading.error === null ? '' : ' (incomplete)'
    printMessage(output, `${formatCloud(toIdentity(reading.target))}: ${formatChanges(changes, exporter)}${note}`)
    await output.end()
  }

  const addPage = async (reading: Reading, { page, unknown: others }: TargetPage): Promise<void> => {
    unknown += others
    if (E.isLeft(page)) {
      reading.error = page.left
      errors.push(page.left)
      printError(messages, page.left)
    } else {
      isRead = true
      reading.rejected += page.right.rejected.length
      rejected += page.right.rejected.length
      for (const one of page.right.rejected)
        printMessage(messages, `${formatCloud(toIdentity(reading.target))}: ${formatRejection(one)}`)
      for (const image of page.right.items)
        reading.batch.add(image, {
          raw: options.raw === true ? JSON.stringify(image.raw) : null,
          evidence: readEvidence(image, live.providers),
        })
      orEnd(await reading.batch.flush())
    }
    await messages.end()
  }

  const { signal, abort } = linkSignals(live.signal)
  // Each cloud adds a listener. The signal is an AbortSignal; core's type has only the members that core uses.
  setMaxListeners(0, signal as unknown as EventTarget)
  let reading: Reading | null = null
  try {
    for await (const targetPage of listTargets(live, chosen.targets, selection, { signal })) {
      const { target, facts } = targetPage
      if (reading !== null && reading.target !== target) {
        await finish(reading)
        reading = null
      }
      if (reading === null && facts?.usage !== undefined && facts.usage !== null) {
        reportUnreadLists(messages, toIdentity(target), facts.usage)
        isComplete &&= isUsageKnown(selection.usage, [facts.usage])
      }
      reading ??= { target, batch: orEnd(await exporter.writer.begin()), error: null, rejected: 0 }
      await addPage(reading, targetPage)
      if (live.signal.aborted) break
    }
    if (live.signal.aborted) {
      await reading?.batch.rollback()
      await exporter.writer.discard()
      return EXIT.interrupted
    }
    // A file has no history that could record the failure: an earlier one is worth more than an empty one.
    if (!exporter.hasHistory && !isRead && errors.length > 0) {
      await exporter.writer.discard()
      printMessage(messages, `imago: no image could be read: nothing was stored in ${storeTarget.title}`)
      await messages.end()
      return errorsToExitCode(errors)
    }
    if (reading !== null) await finish(reading)
    orEnd(await exporter.writer.close())
  } catch (thrown) {
    await exporter.writer.discard()
    throw thrown
  } finally {
    abort()
  }
  reportUnknown(messages, unknown)
  await messages.end()
  if (errors.length > 0) return errorsToExitCode(errors)
  return !isComplete ? EXIT.error : rejected > 0 ? EXIT.findings : EXIT.done
}
