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

/** What a run of a live command is given. */
export interface RunLiveOptions extends LiveOptions {
  readonly version: string
  readonly output: Output
  readonly messages: Output
  /** Is given what would change something, in place of the cloud (`--dry-run`). */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** Print what is waited for for long. Where time is made up, nobody waits. */
  readonly reportsWaits?: boolean
  /** That of the system, if left out. */
  readonly timing?: Timing | undefined
}

/** What of the process is used. */
export type LiveProcess = Pick<NodeJS.Process, 'env' | 'cwd' | 'platform' | 'once' | 'off'>

/** Ctrl-C; `kill`, and the end of a machine or container; a terminal that was closed. Node hears the last one whatever `nohup` says. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Makes the secrets known that this process was given, so that nothing repeats them. */
const addSecrets = (providers: readonly Provider[], { clouds }: DiscoveredClouds, { variables }: Environment): void => {
  const found = clouds.flatMap((cloud) => providers.find(({ name }) => name === cloud.provider)?.secrets(cloud) ?? [])
  for (const secret of found) secrets.add(secret.reveal())
  const { http, https } = findProxies(variables)
  for (const url of [http, https]) if (url !== null) addUrlSecrets(secrets, url)
}

/** For the last look of a command that waits, and for what it says then, in milliseconds. */
const LAST_LOOK_MS = 1000

/** How long all of it may take, in milliseconds; `null`: as long as it takes. A command that waits has an interval, and bounds its own waiting; what it did before that is not bounded, unless waiting is all that it does. */
const parseTimeLimit = ({ timeout, onlyWaits = false, ...options }: RunLiveOptions): number | null => {
  if (timeout === undefined || ('interval' in options && !onlyWaits)) return null
  return parseDuration('--timeout', timeout) + (onlyWaits ? LAST_LOOK_MS : 0)
}

/** What prints the waits of a command; `null`: it is to print nothing of the kind. */
const createWaits = (
  { quiet = false, progress }: LiveOptions,
  messages: Output,
  { clock }: Timing,
): WaitReporter | null =>
  quiet || progress === 'none'
    ? null
    : createWaitReporter({ messages, clock, form: progress === 'json' ? 'json' : 'lines' })

/** The last net: no line for people repeats a secret. */
const withoutSecrets = (messages: Output): Output => ({
  ...messages,
  write: (text) => messages.write(secrets.maskOwn(text)),
})

/** Runs a command against the clouds that this process finds configured. Ctrl-C aborts what is under way, and so do TERM and HUP: the exit code is then 130. */
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
  // What is ignored is worth a word where it might have been meant, and once.
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
  // However many clouds there are: each listens to it.
  setMaxListeners(0, controller.signal)
  // Once only: a second one ends the process at once, as ever.
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
  }
  const givenUp = `gave up after ${options.timeout ?? ''}, as --timeout says. Try again later, or allow more time.`
  try {
    const code = await work(live)
    if (!controller.signal.aborted) return code
    printMessage(messages, `imago: ${isTimedOut ? givenUp : 'interrupted'}`)
    await messages.end()
    return isTimedOut ? EXIT.temporary : EXIT.interrupted
  } catch (thrown) {
    if (!controller.signal.aborted || !(thrown instanceof Problem)) throw thrown
    throw isTimedOut ? new Problem(givenUp, EXIT.temporary) : new Problem('interrupted', EXIT.interrupted)
  } finally {
    over.abort()
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt)
    connections.close()
  }
}
