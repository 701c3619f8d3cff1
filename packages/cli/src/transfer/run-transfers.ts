import { formatError, notFound, createErrorSite, type ImageError } from '@imago/core'
import { formatCloud, formatImageRef } from '@imago/provider-kit'
import {
  applyPlans,
  resumeRuns,
  type TransferEvent,
  type TransferOutcome,
  type RunManyOptions,
  type RunResult,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { chooseClouds } from 'imago/clouds'
import type { LiveContext } from '../live.ts'
import { changeErrorsToExitCode, formatErrorLine } from '../live-problem.ts'
import { column, type ColumnSet } from '../output/column.ts'
import { printRows, requestRows, type RowRequest } from '../output/rows.ts'
import { formatSize } from '../output/size.ts'
import { printMessage } from '../message.ts'
import type { Confirm } from '../writing/confirm.ts'
import { createTransferProgress } from './progress.ts'
import type { RunOptions } from '../options/transfer.ts'
import { parseJobs, parseSpoolLimit } from './run-options.ts'
import { sourceCheckWord } from './source-check-text.ts'
import { stateDirectories } from './state-directories.ts'
import { isAgreed, type Work } from './spending.ts'
import type { Expected } from './totals.ts'
import type { OpenUrl } from './urls.ts'

const madeText = ({ created }: TransferOutcome): string =>
  created.kind === 'file' ? created.path : formatImageRef(created.ref)

/** A run that succeeded. */
interface Made {
  readonly run: string
  readonly outcome: TransferOutcome
}

const digestText = ({ digests }: TransferOutcome): string | null => {
  const [[algorithm, value] = ['', '']] = Object.entries(digests)
  return value === '' ? null : `${algorithm}:${value}`
}

const shortDigest = (outcome: TransferOutcome): string => {
  const text = digestText(outcome)
  return text === null ? '-' : text.replace(/^([^:]*:.{16}).*$/s, '$1…')
}

/** What was created: images by their addresses, files by their paths. */
export const RESULT_COLUMNS = ((): ColumnSet<Made> => {
  const table = [
    column<Made>('made', 'CREATED', ({ outcome }) => madeText(outcome), { whole: true }),
    column<Made>('size', 'SIZE', ({ outcome }) => outcome.size, {
      align: 'right',
      show: ({ outcome }) => formatSize(outcome.size),
    }),
    column<Made>('source', 'SOURCE CHECKED', ({ outcome }) => sourceCheckWord(outcome.source)),
    column<Made>('verified', 'TARGET VERIFIED', ({ outcome }) => outcome.verified, {
      show: ({ outcome }) => (outcome.adopted ? `${outcome.verified} (created before)` : outcome.verified),
    }),
    column<Made>('digest', 'DIGEST', ({ outcome }) => digestText(outcome), {
      show: ({ outcome }) => shortDigest(outcome),
    }),
  ]
  const id = column<Made>(
    'id',
    'ID',
    ({ outcome: { created } }) => (created.kind === 'file' ? created.path : created.ref.id),
    {
      whole: true,
    },
  )
  return { all: [...table, id, column<Made>('run', 'RUN', ({ run }) => run, { whole: true })], table, id }
})()

/** The results of runs as a JSON document. */
export const toResultsDocument = (results: readonly RunResult[]) => {
  const toErrorDocument = (error: ImageError) => ({ tag: error._tag, message: formatError(error) })
  return {
    $schema: 'urn:imago:schema:transfers:1',
    runs: results.map(({ run, result }) =>
      E.isRight(result)
        ? { run, outcome: result.right, error: null }
        : { run, outcome: null, error: toErrorDocument(result.left) },
    ),
  }
}

const writeResults = (live: LiveContext, request: RowRequest<Made>, results: readonly RunResult[]): Promise<void> => {
  const made = results.flatMap(({ run, result }) => (E.isRight(result) ? [{ run, outcome: result.right }] : []))
  return printRows(RESULT_COLUMNS, request, made, live.output, () => toResultsDocument(results))
}

const toExitCode = (results: readonly RunResult[]): ExitCode =>
  changeErrorsToExitCode(results.flatMap(({ result }) => (E.isLeft(result) ? [result.left] : [])))

/** Opens the cloud of a plan by its current configuration, which may no longer have it. */
export const openPlannedCloud =
  (live: LiveContext): RunManyOptions['openSource'] =>
  (cloud) =>
  async () => {
    const chosen = chooseClouds(live.discovered, live.providers, formatCloud(cloud))
    if (E.isLeft(chosen)) return chosen
    const target = chosen.right.find(
      ({ provider, name, region }) => provider === cloud.provider && name === cloud.cloud && region === cloud.region,
    )
    return target === undefined
      ? E.left(
          notFound(createErrorSite(cloud, 'configuration'), {
            what: `cloud not configured: ${formatCloud(cloud)}`,
            hint: 'To list the configured clouds: imago clouds',
          }),
        )
      : live.open(target)
  }

const runOptions = (
  live: LiveContext,
  options: RunOptions,
  env: NodeJS.ProcessEnv,
  openUrl: OpenUrl,
): RunManyOptions => ({
  ...stateDirectories(env, options.spool),
  signal: live.signal,
  timing: live.timing,
  jobs: parseJobs(options),
  spoolLimit: parseSpoolLimit(options),
  accept: options.accept,
  allow: options.allow ?? [],
  keepFailed: options.keepFailed,
  openUrl,
  openSource: openPlannedCloud(live),
})

const toExpected = (work: Work): Expected =>
  new Map(
    'plans' in work
      ? work.plans.map(({ id, estimate }) => [id, estimate.bytes])
      : work.runs.map(({ run, bytes }) => [run, bytes]),
  )

/** Runs transfers, and prints their progress and results. Asks before it spends money. `confirm`: `null` without a terminal. */
export const runTransfers = async (
  live: LiveContext,
  work: Work,
  options: RunOptions,
  findLabel: (run: string) => string,
  env: NodeJS.ProcessEnv,
  openUrl: OpenUrl,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const request = requestRows(RESULT_COLUMNS, options)
  if (!(await isAgreed(work, { yes: options.yes, confirm }, live))) {
    printMessage(live.messages, 'imago: nothing was transferred')
    await live.messages.end()
    return EXIT.error
  }
  const progress = await createTransferProgress(options.progress, live.messages, findLabel, toExpected(work))
  let canResume = false
  const onEvent = (event: TransferEvent): void => {
    if (event.event === 'failed' && event.resumable) canResume = true
    progress.event(event)
  }
  const all: RunManyOptions = { ...runOptions(live, options, env, openUrl), onEvent }
  const running =
    'plans' in work
      ? applyPlans(work.plans, all)
      : resumeRuns(
          work.runs.map(({ run }) => run),
          all,
        )
  const results = await running.finally(progress.end)
  for (const { run, result } of results) {
    if (E.isRight(result))
      for (const warning of result.right.warnings) printMessage(live.messages, `imago: ${findLabel(run)}: ${warning}`)
    else if (result.left._tag !== 'Aborted') {
      printMessage(live.messages, `imago: ${findLabel(run)}: ${formatErrorLine(result.left)}`)
      if (result.left.remedy === 'new-source')
        printMessage(
          live.messages,
          `imago: to read the same source again, discard this run first: imago resume --discard ${run}`,
        )
      if (result.left.remedy === 'delete-orphans')
        printMessage(live.messages, 'imago: to delete orphaned resources: imago cleanup')
      if (result.left.remedy === 'discard-run')
        printMessage(live.messages, `imago: to discard this run: imago resume --discard ${run}`)
    }
  }
  await writeResults(live, request, results)
  if (canResume) printMessage(live.messages, 'imago: to continue: imago resume')
  await live.messages.end()
  await live.output.end()
  return toExitCode(results)
}
