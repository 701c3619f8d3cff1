import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Lab } from './lab.ts'

export interface ClientRun {
  /** 128 and above: ended by a signal, as in shells. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Standard input of the client: `empty`, `closed`, or these bytes. `openstack image create` without `--file` uploads it and crashes if it is closed;
 * `glance image-create --file` requires it to be closed.
 */
export type ClientInput = 'empty' | 'closed' | Uint8Array

export interface ClientOptions {
  /** Variables in addition to the clean environment; see `labEnvironment`. */
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: ClientInput
  /** The working directory. Default: the client's temporary home. */
  readonly directory?: string
  /** The time after which the client is killed. Default: 2 minutes. */
  readonly timeoutMs?: number
}

const SYSTEM_PATH = '/usr/bin:/bin'

/** Returns the search path of programs: first the clients of the lab's release. */
export const clientPath = ({ programs }: Pick<Lab, 'programs'>): string => `${programs}:${SYSTEM_PATH}`

/**
 * Returns the environment of `openstack`, openstacksdk and imago: the lab's `clouds.yaml` and one of its clouds; for `runClient` also the clients'
 * release.
 */
export const labEnvironment = (
  lab: Pick<Lab, 'cloudsYaml' | 'programs'>,
  cloud: string,
): Readonly<Record<string, string>> => ({
  PATH: clientPath(lab),
  OS_CLIENT_CONFIG_FILE: lab.cloudsYaml,
  OS_CLOUD: cloud,
})

/** An environment without proxies and the caller's configuration, with Debian's Python first. */
const cleanEnvironment = (home: string): Readonly<Record<string, string>> => ({
  PATH: SYSTEM_PATH,
  HOME: home,
  LC_ALL: 'C.UTF-8',
  NO_PROXY: '*',
  no_proxy: '*',
})

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

const runIn = async (
  home: string,
  program: string,
  parameters: readonly string[],
  options: ClientOptions,
): Promise<ClientRun> => {
  const { environment = {}, input = 'empty', directory = home, timeoutMs = 120_000 } = options
  const [command, ...rest] =
    input === 'closed' ? ['sh', '-c', 'exec "$@" <&-', 'sh', program, ...parameters] : [program, ...parameters]
  const child = spawn(command, rest, { cwd: directory, env: { ...cleanEnvironment(home), ...environment } })
  // Not spawn's own timeout: its timer keeps running if the program does not exist.
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer)
      // Node leaves the pipes of a missing program open.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      reject(
        new Error(`${program} cannot be run: ${error.message}. Is it installed? See lab/install.sh`, { cause: error }),
      )
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve(code ?? 128 + (SIGNALS[signal ?? 'SIGKILL'] ?? 0))
    })
  })
  // A client may end before it has read its input.
  child.stdin.on('error', () => undefined)
  child.stdin.end(typeof input === 'string' ? undefined : input)
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, stderr }
}

/**
 * Runs a client as on a separate machine: with a clean environment and a temporary home directory. Every exit code is a result; a missing program is
 * an error.
 */
export const runClient = async (
  program: string,
  parameters: readonly string[],
  options: ClientOptions = {},
): Promise<ClientRun> => {
  const home = await mkdtemp(join(tmpdir(), 'imago-client-'))
  try {
    return await runIn(home, program, parameters, options)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
