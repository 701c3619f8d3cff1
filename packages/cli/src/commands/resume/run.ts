import type { ImageError } from '@imago/core'
import { discardRun, listRuns, type RunSummary } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode, toProblem } from '../../live-problem.ts'
import { checkRunOptions } from '../../transfer/run-options.ts'
import { toResultsDocument, RESULT_COLUMNS, runTransfers } from '../../transfer/run-transfers.ts'
import { stateDirectories, type StateDirectories } from '../../transfer/state-directories.ts'
import type { OpenUrl } from '../../transfer/urls.ts'
import { count } from '../../output/count.ts'
import { maskSecrets } from '../../output/mask.ts'
import { column, columnSet, instantColumn } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { Problem } from '../../problem.ts'
import { printMessage, printError } from '../../message.ts'
import type { Confirm } from '../../writing/confirm.ts'
import type { ResumeOptions } from './options.ts'

/** An instant without a fraction of a second. */
const toSeconds = (instant: string | null): string | null => instant?.replace(/\.\d+Z$/, 'Z') ?? null

const COLUMNS = columnSet<RunSummary>('run', [
  column('run', 'RUN', ({ run }) => run, { whole: true }),
  column('state', 'STATE', ({ state }) => state),
  column('step', 'AT STEP', ({ step }) => step),
  instantColumn('startedAt', 'STARTED', ({ startedAt }) => toSeconds(startedAt)),
  instantColumn('lastAt', 'UPDATED', ({ lastAt }) => toSeconds(lastAt)),
  column('what', 'WHAT', ({ what }) => what),
  column('reason', 'REASON', ({ reason }) => reason),
])

/** Whether runs are printed, not new images. */
const isListing = ({ list, dryRun, discard: isDiscarding }: ResumeOptions): boolean =>
  list === true || dryRun === true || isDiscarding === true

/** Whether a run is resumed if none is named. A refused run is resumed only if `--allow` is given or its source may have changed. */
const isResumable =
  ({ allow }: ResumeOptions) =>
  ({ state, untilSourceChanges }: RunSummary): boolean =>
    state === 'stopped' || state === 'failed' || untilSourceChanges || (state === 'refused' && allow !== undefined)

/** The run with an ID, or with the only ID that starts with `word`. */
const findRun = (runs: readonly RunSummary[], word: string): RunSummary => {
  const [run, ...others] = runs.filter((one) => one.run.startsWith(word))
  if (run === undefined) throw new Problem(`run not found: ${word}. To list runs: imago resume --list`, EXIT.notFound)
  if (others.length > 0)
    throw new Problem(`${1 + others.length} run IDs start with ${word}. Use more characters of the ID`, EXIT.notFound)
  return run
}

/** Discards runs, and reports or prints those that were discarded. */
const discard = async (
  runs: readonly RunSummary[],
  directories: StateDirectories,
  live: LiveContext,
  writeRuns: ((runs: readonly RunSummary[]) => Promise<void>) | null,
): Promise<ExitCode> => {
  const errors: ImageError[] = []
  const discarded: RunSummary[] = []
  for (const summary of runs) {
    const { run, state, what } = summary
    const result = await discardRun(run, directories)()
    if (E.isLeft(result)) {
      errors.push(result.left)
      printError(live.messages, result.left)
    } else {
      discarded.push(summary)
      printMessage(
        live.messages,
        `imago: ${what === '' ? `run ${run}` : maskSecrets(what)} discarded${state === 'done' ? '' : `. To delete its resources in clouds: imago cleanup --run ${run}`}`,
      )
    }
  }
  await writeRuns?.(discarded)
  await live.output.end()
  await live.messages.end()
  return errorsToExitCode(errors)
}

/** `imago resume`: continues the named runs, or all interrupted ones. */
export const resume = async (
  words: readonly string[],
  options: ResumeOptions,
  live: LiveContext,
  openUrl: OpenUrl,
  env: NodeJS.ProcessEnv,
  confirm: Confirm | null,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, isListing(options) ? options : { output: 'table' })
  checkRunOptions(options)
  const directories = stateDirectories(env, options.spool)
  const writeRuns = (runs: readonly RunSummary[]): Promise<void> =>
    printRows(COLUMNS, request, runs, live.output, (rows) => ({ $schema: 'urn:imago:schema:runs:1', runs: rows }))
  if (options.discard === true && words.length === 0)
    throw new Problem('--discard requires the IDs of runs. To list runs: imago resume --list', EXIT.usage)
  if (options.all === true && options.list !== true) throw new Problem('--all applies only to --list', EXIT.usage)
  const found = await listRuns(directories.journals)()
  if (E.isLeft(found)) throw toProblem(found.left)
  const runs = found.right
  if (options.list === true) {
    const listed = options.all === true ? runs : runs.filter(({ state }) => state !== 'done')
    await writeRuns(listed)
    await live.output.end()
    if (listed.length === 0) printMessage(live.messages, 'imago: no interrupted runs')
    await live.messages.end()
    return EXIT.done
  }
  const chosen = words.length > 0 ? words.map((word) => findRun(runs, word)) : runs.filter(isResumable(options))
  if (options.dryRun === true) {
    await writeRuns(chosen)
    await live.output.end()
    if (chosen.length === 0) printMessage(live.messages, 'imago: no interrupted runs')
    await live.messages.end()
    return EXIT.done
  }
  if (options.discard === true)
    return discard(chosen, directories, live, request.format === 'table' && request.columns === null ? null : writeRuns)
  const refused = words.length > 0 ? 0 : runs.filter((run) => run.state === 'refused' && !chosen.includes(run)).length
  if (refused > 0)
    printMessage(
      live.messages,
      `imago: ${count(refused, 'refused run')} ${refused === 1 ? 'was' : 'were'} not resumed. For the reasons: imago resume --list. To discard one: imago resume --discard RUN`,
    )
  const unreadable = words.length > 0 ? [] : runs.filter(({ state }) => state === 'unreadable')
  for (const { run, reason } of unreadable)
    printMessage(
      live.messages,
      `imago: run ${run} was not resumed: ${maskSecrets(reason ?? '')}. To discard it: imago resume --discard ${run}`,
    )
  const worst = (code: ExitCode): ExitCode => (code === EXIT.done && unreadable.length > 0 ? EXIT.error : code)
  if (chosen.length === 0) {
    await printRows(RESULT_COLUMNS, requestRows(RESULT_COLUMNS, options), [], live.output, () => toResultsDocument([]))
    await live.output.end()
    if (refused === 0 && unreadable.length === 0) printMessage(live.messages, 'imago: no interrupted runs')
    await live.messages.end()
    return worst(EXIT.done)
  }
  const names = new Map(chosen.map(({ run, what }) => [run, what]))
  return worst(
    await runTransfers(live, { runs: chosen }, options, (run) => names.get(run) ?? run, env, openUrl, confirm),
  )
}
