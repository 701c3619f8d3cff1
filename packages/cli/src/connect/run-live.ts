import { linkSignals, formatError, type ImageError } from '@imago/core'
import { addUrlSecrets, systemTiming, type InterceptedRequest, type Timing } from '@imago/http'
import {
  formatCloud,
  toIdentity,
  type DiscoveredClouds,
  type Environment,
  type LiveCloud,
  type Provider,
  type ProviderCloud,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { setMaxListeners } from 'node:events'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { createConnections, findProxies, openCloud } from 'imago/transport'
import type { LiveContext, LiveOptions } from '../live.ts'
import { secrets } from '../output/mask.ts'
import { Problem } from '../problem.ts'
import { parseDuration } from '../parse-duration.ts'
import type { Output } from '../output/stream.ts'
import { printMessage } from '../message.ts'
import { configuredClouds } from './configured-clouds.ts'
import { isDebugging, debugLines } from './debug.ts'
import { createWaitReporter, type WaitReporter } from './waits.ts'

/** The options of a live command's run. */
export interface RunLiveOptions extends LiveOptions {
  readonly version: string
  readonly output: Output
  readonly messages: Output
  /** Receives requests that would change something, in place of the cloud (`--dry-run`). */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** Report long waits. Off in tests with simulated time. */
  readonly reportsWaits?: boolean | undefined
  /** Default: the system's. */
  readonly timing?: Timing | undefined
}

/** The members of the process that are used. */
export type LiveProcess = Pick<NodeJS.Process, 'env' | 'cwd' | 'platform' | 'once' | 'off'>

/** Ctrl-C; `kill` and shutdowns; a closed terminal. Node receives SIGHUP even under `nohup`. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Registers the secrets of this process, so that output masks them. */
const addSecrets = (providers: readonly Provider[], { clouds }: DiscoveredClouds, { variables }: Environment): void => {
  const found = clouds.flatMap((cloud) => providers.find(({ name }) => name === cloud.provider)?.secrets(cloud) ?? [])
  for (const secret of found) secrets.add(secret.reveal())
  const { http, https } = findProxies(variables)
  for (const url of [http, https]) if (url !== null) addUrlSecrets(secrets, url)
}

/** Additional milliseconds for the last check of a command that waits, and its message. */
const LAST_CHECK_MS = 1000

/** The time limit of the command in milliseconds; `null`: none. A command with an `--interval` limits only its waiting, unless it only waits. */
const parseTimeLimit = ({ timeout, onlyWaits = false, ...options }: RunLiveOptions): number | null => {
  if (timeout === undefined || ('interval' in options && !onlyWaits)) return null
  return parseDuration('--timeout', timeout) + (onlyWaits ? LAST_CHECK_MS : 0)
}

/** Creates the reporter of waits; `null`: waits are not reported. */
const createWaits = (
  { quiet = false, progress }: LiveOptions,
  messages: Output,
  { clock }: Timing,
): WaitReporter | null =>
  quiet || progress === 'none'
    ? null
    : createWaitReporter({ messages, clock, form: progress === 'json' ? 'json' : 'lines' })

/** Masks secrets in all messages, as a last line of defense. */
const withoutSecrets = (messages: Output): Output => ({
  ...messages,
  write: (text) => messages.write(secrets.maskOwn(text)),
})

/** Runs a command against the configured clouds. Ctrl-C, SIGTERM and SIGHUP abort it with exit code 130. */
export const runLive = async (
  process: LiveProcess,
  options: RunLiveOptions,
  work: (live: LiveContext) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const { output, intercept = null, version, reportsWaits = false, timing = systemTiming } = options
  const messages = withoutSecrets(options.messages)
  const limitMs = parseTimeLimit(options)
  const { environment, providers, discovered } = await configuredClouds(process, options)
  addSecrets(providers, discovered, environment)
  const log = isDebugging(options, environment.variables) ? debugLines(messages) : null
  const connections = createConnections({
    environment,
    userAgent: `imago/${version}`,
    log,
    waits: reportsWaits ? createWaits(options, messages, timing) : null,
    masker: secrets,
    intercept,
    timing,
  })
  const opened = new Map<string, Promise<E.Either<ImageError, LiveCloud>>>()
  // Each warning about ignored configuration is printed once, when its provider is used.
  const ignored = new Set(discovered.ignored)
  const reportIgnored = ({ provider }: ProviderCloud): void => {
    for (const warning of [...ignored].filter((one) => one.provider === provider)) {
      ignored.delete(warning)
      printMessage(messages, `imago: warning: ${formatError(warning)}`)
    }
  }
  const open = async (target: ProviderCloud): Promise<E.Either<ImageError, LiveCloud>> => {
    reportIgnored(target)
    const connection = connections.of(target)
    return E.isLeft(connection) ? connection : openCloud(providers, target, connection.right)
  }
  const access = (target: ProviderCloud): Promise<E.Either<ImageError, LiveCloud>> => {
    const name = formatCloud(toIdentity(target))
    const known = opened.get(name) ?? open(target)
    opened.set(name, known)
    return known
  }
  const controller = new AbortController()
  // Each cloud adds a listener.
  setMaxListeners(0, controller.signal)
  // Only once, so that a second signal ends the process immediately.
  const interrupt = (): void => controller.abort()
  for (const signal of INTERRUPTIONS) process.once(signal, interrupt)
  let isTimedOut = false
  const over = linkSignals(undefined)
  const limit = async (ms: number): Promise<void> => {
    await timing.sleep(ms, over.signal)
    if (over.signal.aborted || controller.signal.aborted) return
    isTimedOut = true
    controller.abort()
  }
  if (limitMs !== null) void limit(limitMs)
  const live: LiveContext = {
    providers,
    discovered,
    access,
    open: async (target) => E.map(({ source }: LiveCloud) => source)(await access(target)),
    output,
    messages,
    signal: controller.signal,
    timing,
    allProjects: options.allProjects,
  }
  const timedOut = `timed out after ${options.timeout ?? ''} (--timeout). Retry later, or allow more time`
  try {
    const code = await work(live)
    if (!controller.signal.aborted) return code
    printMessage(messages, `imago: ${isTimedOut ? timedOut : 'interrupted'}`)
    await messages.end()
    return isTimedOut ? EXIT.temporary : EXIT.interrupted
  } catch (thrown) {
    if (!controller.signal.aborted || !(thrown instanceof Problem)) throw thrown
    throw isTimedOut ? new Problem(timedOut, EXIT.temporary) : new Problem('interrupted', EXIT.interrupted)
  } finally {
    over.abort()
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt)
    connections.close()
  }
}
