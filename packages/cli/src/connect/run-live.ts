import { findClouds, surroundingsOf, type Findings } from '@imago/config'
import { messageOf, type ImageError } from '@imago/core'
import { addUrlSecrets, systemTiming, type HeldRequest, type Timing } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { setMaxListeners } from 'node:events'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { LiveContext, LiveOptions } from '../live.ts'
import { secrets } from '../output/mask.ts'
import type { Output } from '../output/stream.ts'
import { tell } from '../tell.ts'
import type { Access } from './access.ts'
import { secretsOfCloud } from './cloud-secrets.ts'
import { createConnections } from './connections.ts'
import { isDebugging, debugLines } from './debug.ts'
import { openAccess } from './open-access.ts'
import { proxiesOf } from './proxies.ts'
import { identityOf, nameOf, type Target } from './target.ts'

/** What a run of a live command is given. */
export interface RunLiveOptions extends LiveOptions {
  readonly version: string
  readonly output: Output
  readonly talk: Output
  /** Is given what would change something, in place of the cloud (`--dry-run`). */
  readonly hold?: ((request: HeldRequest) => void) | undefined
  /** That of the system, if left out. */
  readonly timing?: Timing | undefined
}

/** What of the process is used. */
export type LiveProcess = Pick<NodeJS.Process, 'env' | 'cwd' | 'platform' | 'once' | 'off'>

/** Ctrl-C; `kill`, and the end of a machine or container; a terminal that was closed. Node hears the last one whatever `nohup` says. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Makes the secrets known that this process was given, so that nothing repeats them. */
const addSecrets = ({ clouds }: Findings, env: NodeJS.ProcessEnv): void => {
  for (const secret of clouds.flatMap(secretsOfCloud)) secrets.add(secret)
  const { http, https } = proxiesOf(env)
  for (const url of [http, https]) if (url !== null) addUrlSecrets(secrets, url)
}

/** The last net: no line for people repeats a secret. */
const withoutSecrets = (talk: Output): Output => ({ ...talk, write: (text) => talk.write(secrets.maskOwn(text)) })

/** Runs a command against the clouds that this process finds configured. Ctrl-C aborts what is under way, and so do TERM and HUP: the exit code is then 130. */
export const runLive = async (process: LiveProcess, options: RunLiveOptions, work: (live: LiveContext) => Promise<ExitCode>): Promise<ExitCode> => {
  const { output, hold = null, version, timing = systemTiming } = options
  const talk = withoutSecrets(options.talk)
  const surroundings = surroundingsOf(process)
  const findings = findClouds(surroundings, { trustDirectory: options.trustDirectory })
  addSecrets(findings, surroundings.env)
  const log = isDebugging(options, surroundings.env) ? debugLines(talk) : null
  const connections = createConnections({ surroundings, userAgent: `imago/${version}`, log, masker: secrets, hold, timing })
  const opened = new Map<string, Promise<E.Either<ImageError, Access>>>()
  // What is ignored is worth a word where it might have been meant, and once.
  const ignored = new Set(findings.ignored)
  const tellIgnored = ({ provider }: Target): void => {
    for (const warning of [...ignored].filter((one) => one.provider === provider)) {
      ignored.delete(warning)
      tell(talk, `imago: warning: ${messageOf(warning)}`)
    }
  }
  const open = async (target: Target): Promise<E.Either<ImageError, Access>> => {
    tellIgnored(target)
    const connection = connections.of(target)
    return E.isLeft(connection) ? connection : E.right(await openAccess(target, connection.right))
  }
  const access: LiveContext['access'] = (target) => {
    const name = nameOf(identityOf(target))
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
  const live: LiveContext = {
    findings,
    access,
    open: async (target) => E.map(({ source }: Access) => source)(await access(target)),
    output,
    talk,
    signal: controller.signal,
    timing,
  }
  try {
    const code = await work(live)
    return controller.signal.aborted ? EXIT.interrupted : code
  } finally {
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt)
    connections.close()
  }
}
