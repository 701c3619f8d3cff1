import { toIdentity } from '@imago/provider-kit'
import type { Fleet, ListenAddress } from '@imago/fleet'
import { EXIT, type ExitCode } from '../../../exit-code.ts'
import { listCloudNames } from '../../../fleet/inventory-clouds.ts'
import { orProblem, parseDatabase, withFleet, type FleetModule, type FleetProcess } from '../../../fleet/open-fleet.ts'
import type { StopSignals } from '../../../fleet/stop-signals.ts'
import type { LiveContext } from '../../../live.ts'
import { maskUrls } from '../../../output/mask.ts'
import { parseDuration } from '../../../parse-duration.ts'
import { Problem } from '../../../problem.ts'
import { resolveTarget, resolveTargets } from '../../../resolve-image.ts'
import { openPlannedCloud } from '../../../transfer/run-transfers.ts'
import { parseJobs, parseSpoolLimit } from '../../../transfer/run-options.ts'
import { stateDirectories } from '../../../transfer/state-directories.ts'
import { createUrls } from '../../../transfer/urls.ts'
import { VERSION } from '../../../version.ts'
import { parseTarget } from '../../export/exporter.ts'
import { createEventLog } from './event-log.ts'
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

/** HOST:PORT, with an IPv6 address in brackets. */
const ADDRESS = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([^[\]:\s]{1,253})):(\d{1,5})$/
const MAX_PORT = 65_535

/** Parses `--listen`. */
export const parseListen = (text: string | undefined): ListenAddress | undefined => {
  if (text === undefined) return undefined
  const [, ipv6, name, port] = ADDRESS.exec(text) ?? []
  const host = ipv6 ?? name
  if (host === undefined || Number(port) > MAX_PORT)
    throw new Problem(
      `--listen: invalid value ${JSON.stringify(text)}. Use HOST:PORT, such as 127.0.0.1:9464`,
      EXIT.usage,
    )
  return { host, port: Number(port) }
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
  const listen = parseListen(options.listen)
  const log = createEventLog(options.log, live.messages, () => new Date())
  const store = parseTarget(options.inventoryStore ?? parseDatabase(options.database, process.env))
  if (store.format !== 'postgres')
    throw new Problem(
      '--inventory-store: not a URL of a PostgreSQL database. Use postgres://USER@HOST/DATABASE',
      EXIT.usage,
    )
  const work = async (fleet: Fleet, module: FleetModule): Promise<ExitCode> => {
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
          inventory: {
            store,
            mask: maskUrls,
            clock: live.timing.clock,
            openCloud: async (name) => {
              const target = resolveTarget(live, name)
              return { cloud: toIdentity(target), source: await live.open(target) }
            },
            listClouds: (names) => listCloudNames(live, names),
          },
          jobs,
          limits,
          version: VERSION,
          stop: signals.first,
          handOver: handOver.signal,
          untilEmpty: options.untilEmpty === true,
          listen,
          onEvent: log,
        }),
      )
    } finally {
      handOver.clear()
      await spool.remove()
    }
    await live.messages.end()
    return EXIT.done
  }
  return withFleet(options, process, work, { runsSchedules: options.untilEmpty !== true })
}
