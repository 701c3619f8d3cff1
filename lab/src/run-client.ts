import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Lab } from './lab.ts'

export interface ClientRun {
  /** 128 and more: ended by a signal, as shells count. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * What the client reads from standard input: `empty`, `closed`, or these bytes.
 * It matters: `openstack image create` without `--file` uploads it, and crashes where it is closed; `glance image-create --file` wants it closed.
 */
export type ClientInput = 'empty' | 'closed' | Uint8Array

export interface ClientOptions {
  /** Beside the clean environment; see `labEnvironment`. */
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: ClientInput
  /** The working directory. By default the client's own temporary home. */
  readonly directory?: string
  /** After that the client is killed. 2 minutes by default. */
  readonly timeoutMs?: number
}

const SYSTEM_PATH = '/usr/bin:/bin'

/** Where programs are looked for: first the clients of the lab's release. */
export const clientPath = ({ programs }: Pick<Lab, 'programs'>): string => `${programs}:${SYSTEM_PATH}`

/** For `openstack`, openstacksdk and imago: the lab's `clouds.yaml`, and which of its clouds; for `runClient` also which release's clients. */
export const labEnvironment = (
  lab: Pick<Lab, 'cloudsYaml' | 'programs'>,
  cloud: string,
): Readonly<Record<string, string>> => ({
  PATH: clientPath(lab),
  OS_CLIENT_CONFIG_FILE: lab.cloudsYaml,
  OS_CLOUD: cloud,
})

/** No proxy, no configuration of the caller's, and Debian's Python before any other. */
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
  // Not spawn's own timeout: its timer runs on after a program that is not there.
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer)
      // Node leaves the pipes of a program that is not there open.
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
  // A client that ends before it has read its input is no failure of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(typeof input === 'string' ? undefined : input)
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, stderr }
}

/**
 * Runs a client program as on a machine of its own: clean environment, a home directory that is removed afterwards.
 * Every exit code is a result; a program that is not there is an error.
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
