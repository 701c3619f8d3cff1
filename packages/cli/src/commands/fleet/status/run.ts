import type { FleetStatus, TransferStatus } from '@imago/fleet'
import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { orProblem, withFleet, type FleetProcess } from '../../../fleet/open-fleet.ts'
import { printMessage } from '../../../message.ts'
import { column, columnSet, instantColumn } from '../../../output/column.ts'
import { count } from '../../../output/count.ts'
import { printRows, requestRows } from '../../../output/rows.ts'
import { formatSize } from '../../../output/size.ts'
import type { Output } from '../../../output/stream.ts'
import { bytesText, secondsText } from '../../../transfer/plan-text.ts'
import type { StatusOptions } from './options.ts'

const toSeconds = (instant: string | null): string | null => instant?.replace(/\.\d+Z$/, 'Z') ?? null

const progressText = ({ state, stepBytes, stepTotal }: TransferStatus): string => {
  if (state !== 'running' || stepBytes === null) return '-'
  return stepTotal === null || stepTotal === 0
    ? formatSize(stepBytes)
    : `${Math.floor((stepBytes / stepTotal) * 100)} %`
}

const COLUMNS = columnSet<TransferStatus>('run', [
  column('run', 'RUN', ({ run }) => run, { whole: true }),
  column('state', 'STATE', ({ state }) => state),
  column('title', 'WHAT', ({ title }) => title),
  column('bytes', 'BYTES', ({ bytes }) => bytes, { align: 'right', show: ({ bytes }) => bytesText(bytes) }),
  column('step', 'AT STEP', ({ step }) => step),
  column('progress', 'PROGRESS', ({ stepBytes }) => stepBytes, { align: 'right', show: progressText }),
  column('attempt', 'ATTEMPT', ({ attempt }) => attempt, { align: 'right' }),
  instantColumn('startedAt', 'STARTED', ({ startedAt }) => toSeconds(startedAt)),
  column('reason', 'REASON', ({ reason }) => reason),
  column('message', 'MESSAGE', ({ message }) => message),
])

/** The failed clouds that are listed; `-o json` has all. */
const MAX_LISTED_FAILURES = 10

const formatInventory = ({ queued, running, done, failed, images, finishedAt, failures }: FleetStatus['inventory']) => {
  const clouds = queued + running + done + failed
  if (clouds === 0) return []
  const states = Object.entries({ running, queued, failed }).flatMap(([state, number]) =>
    number === 0 ? [] : [`, ${number} ${state}`],
  )
  const others = failures.length - MAX_LISTED_FAILURES
  return [
    `inventory: ${done} of ${count(clouds, 'cloud')} done${states.join('')}; ${count(images, 'image')}, last at ${toSeconds(finishedAt) ?? '-'}`,
    ...failures.slice(0, MAX_LISTED_FAILURES).map(({ cloud, reason }) => `inventory of ${cloud} failed: ${reason}`),
    ...(others > 0 ? [`and ${count(others, 'other cloud')} failed`] : []),
  ]
}

/** The state of the fleet in a few lines. */
export const formatFleet = ({
  counts,
  progress,
  failures,
  workers,
  schedules,
  inventory,
}: FleetStatus): readonly string[] => {
  const { transfers, done, doneBytes, bytes, perMinute, bytesPerSecond, secondsLeft } = progress
  const states = (['running', 'queued', 'failed', 'cancelled'] as const).flatMap((state) =>
    counts[state] === 0 ? [] : [`, ${counts[state]} ${state}`],
  )
  const rates = [
    ...(bytesPerSecond === null ? [] : [`${formatSize(bytesPerSecond)}/s`]),
    ...(perMinute === null ? [] : [`${perMinute.toFixed(1)} transfers a minute`]),
  ]
  const left = secondsLeft === null || secondsLeft === 0 ? '' : `, about ${secondsText(secondsLeft)} left`
  const running = workers.reduce((sum, one) => sum + one.running, 0)
  const jobs = workers.reduce((sum, { jobs: one }) => sum + one, 0)
  const draining = workers.filter(({ isDraining }) => isDraining).length
  return [
    `${done} of ${count(transfers, 'transfer')} done${states.join('')}`,
    `${formatSize(doneBytes)} of ${bytes === null ? 'an unknown amount' : formatSize(bytes)}${rates.length === 0 ? '' : `, at ${rates.join(', ')}`}${left}`,
    `${count(workers.length, 'worker')}, ${running} of ${count(jobs, 'job')} in use${draining === 0 ? '' : `, ${draining} draining`}`,
    ...(failures.length === 0
      ? []
      : [`failures: ${failures.map(({ reason, transfers: number }) => `${reason} ${number}`).join(', ')}`]),
    ...schedules.map(
      ({ name, cron, timezone, clouds }) =>
        `schedule ${name}: ${cron} (${timezone}), ${clouds.length === 0 ? 'all clouds' : clouds.join(', ')}`,
    ),
    ...formatInventory(inventory),
  ]
}

/** `imago fleet status`: prints the progress of the fleet, and transfers. */
export const status = async (
  options: StatusOptions,
  process: FleetProcess,
  { output, messages }: { readonly output: Output; readonly messages: Output },
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const states: readonly string[] = options.state ?? ['running', 'failed']
  const fleet = await withFleet(options, process, async ({ status: read }) => orProblem(await read()))
  const listed = fleet.transfers.filter(({ state }) => states.includes(state))
  if (request.format === 'table') {
    for (const line of formatFleet(fleet)) printMessage(messages, `imago: ${line}`)
    await messages.end()
  }
  if (request.format !== 'table' || listed.length > 0)
    await printRows(COLUMNS, request, listed, output, (transfers) => ({
      $schema: 'urn:imago:schema:fleet:1',
      ...fleet,
      transfers,
    }))
  await output.end()
  return EXIT.done
}
