import { formatError } from '@imago/core'
import { toIdentity } from '@imago/provider-kit'
import type { WorkerEvent } from '@imago/fleet'
import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { orProblem, withFleet, type FleetModule, type FleetProcess } from '../../../fleet/open-fleet.ts'
import type { StopSignals } from '../../../fleet/stop-signals.ts'
import type { LiveContext } from '../../../live.ts'
import { printMessage } from '../../../message.ts'
import { parseDuration } from '../../../parse-duration.ts'
import { Problem } from '../../../problem.ts'
import { resolveTargets } from '../../../resolve-image.ts'
import { openPlannedCloud } from '../../../transfer/run-transfers.ts'
import { parseJobs, parseSpoolLimit } from '../../../transfer/run-options.ts'
import { stateDirectories } from '../../../transfer/state-directories.ts'
import { createUrls } from '../../../transfer/urls.ts'
import { VERSION } from '../../../version.ts'
import type { WorkerCommandOptions } from './options.ts'

const LIMIT = /^(.+)=([1-9]\d{0,3})$/

/** Parses `--cloud-limit`: the most transfers at a time by the key of a cloud. */
const parseLimits = (
  limits: readonly string[],
  live: LiveContext,
  { toCloudKey }: Pick<FleetModule, 'toCloudKey'>,
): ReadonlyMap<string, number> =>
  new Map(
    limits.flatMap((text) => {
      const [, cloud, number] = LIMIT.exec(text) ?? []
      if (cloud === undefined)
        throw new Problem(
          `--cloud-limit: invalid value ${JSON.stringify(text)}. Use CLOUD=NUMBER, such as prod=2`,
          EXIT.usage,
        )
      return resolveTargets(live, cloud).map((target) => [toCloudKey(toIdentity(target)), Number(number)] as const)
    }),
  )

/** An event as a line; `null`: not printed. */
export const formatWorkerEvent = (event: WorkerEvent): string | null => {
  switch (event.event) {
    case 'started':
      return `worker ${event.worker} started`
    case 'begun':
      return `run ${event.run}: started (attempt ${event.attempt})`
    case 'lost':
      return `run ${event.run}: stopped, because it was cancelled or another worker has it`
    case 'trouble':
      return `${event.message}; trying again`
    case 'stopping':
      return event.running === 0 ? 'stopping' : `stopping; ${event.running} in progress`
    case 'settled': {
      const { settlement, run } = event
      switch (settlement.to) {
        case 'done':
          return `run ${run}: done`
        case 'failed':
          return `run ${run}: failed: ${formatError(settlement.error)}`
        case 'retry':
          return `run ${run}: ${formatError(settlement.error)}; next attempt in ${settlement.seconds} s`
        case 'handover':
          return `run ${run}: handed over`
        case 'leave':
          return `run ${run}: left to another worker`
      }
    }
  }
}

/** Aborts `signal` after the first signal and the grace period, or with the second signal. */
const createHandOver = (
  { first, second }: StopSignals,
  graceMs: number,
): { readonly signal: AbortSignal; readonly clear: () => void } => {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const abort = (): void => controller.abort()
  first.addEventListener('abort', () => {
    timer = setTimeout(abort, graceMs)
  })
  second.addEventListener('abort', abort)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

/** `imago fleet worker`: runs transfers of the fleet until it is stopped. */
export const worker = async (
  options: WorkerCommandOptions,
  live: LiveContext,
  process: FleetProcess,
  signals: StopSignals,
): Promise<ExitCode> => {
  const jobs = parseJobs(options)
  const graceMs = parseDuration('--grace', options.grace)
  const spoolLimit = parseSpoolLimit(options)
  return withFleet(options, process, async (fleet, module) => {
    const limits = parseLimits(options.cloudLimit ?? [], live, module)
    const spool = await module.openOwnSpool(stateDirectories(process.env, options.spool).spoolDir)
    const handOver = createHandOver(signals, graceMs)
    try {
      orProblem(
        await fleet.work({
          run: {
            openSource: openPlannedCloud(live),
            openUrl: createUrls(live, [], process.env).open,
            spoolDir: spool.dir,
            spoolLimit,
            timing: live.timing,
          },
          jobs,
          limits,
          version: VERSION,
          stop: signals.first,
          handOver: handOver.signal,
          untilEmpty: options.untilEmpty === true,
          onEvent: (event) => {
            const line = formatWorkerEvent(event)
            if (line === null) return
            printMessage(live.messages, `imago: ${line}`)
            // At once, as a log.
            void live.messages.end()
          },
        }),
      )
    } finally {
      handOver.clear()
      await spool.remove()
    }
    await live.messages.end()
    return EXIT.done
  })
}
