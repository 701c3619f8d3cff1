import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { commands, COMMANDS, SYSTEM_PATH } from './commands.ts'
import { SECTOR, type RescueOptions } from './options.ts'
import { EXEC_SCRIPT, SANDBOX_SCRIPT } from './sandbox-script.ts'

export type RunningCommand = ChildProcessByStdio<Writable, Readable, Readable>

/** A rescue system: isolated processes, with the disk's file as `/dev/sda`. */
export interface Sandbox {
  /** Runs a command in root's shell; null starts the shell itself. */
  readonly run: (command: string | null, env: Readonly<Record<string, string>>) => RunningCommand
  /** Sends a signal to the command and its children; returns false if they have ended. */
  readonly signal: (command: RunningCommand, signal: NodeJS.Signals) => Promise<boolean>
  /** Returns the power change that a command has requested since the last call, and restores the disk's size if a command has truncated it. */
  readonly afterCommand: () => Promise<{ readonly power: 'off' | 'reboot' | null; readonly wasCut: boolean }>
  /** Kills all processes in the sandbox. */
  readonly stop: () => Promise<void>
}

type Namespaces = readonly string[]

const PROBES: readonly Namespaces[] = [
  ['--user', '--map-root-user', '--mount', '--pid'],
  // Root does not need a user namespace, and some machines forbid them.
  ['--mount', '--pid'],
]

const probe = (namespaces: Namespaces): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(
      'unshare',
      [...namespaces, '--fork', '--kill-child', 'mount', '-t', 'tmpfs', 'none', '/mnt'],
      { timeout: 10_000 },
      (error, _out, stderr) => resolve(error === null ? null : stderr.trim() || error.message),
    )
  })

/** Returns the namespaces that this machine allows, or why it allows none. */
export const findNamespaces = async (): Promise<{ readonly namespaces: Namespaces } | { readonly reason: string }> => {
  if (process.platform !== 'linux')
    return { reason: `the simulated rescue system needs Linux namespaces, and this machine runs ${process.platform}` }
  const reasons: string[] = []
  for (const namespaces of process.getuid?.() === 0 ? PROBES : PROBES.slice(0, 1)) {
    const reason = await probe(namespaces)
    if (reason === null) return { namespaces }
    reasons.push(reason)
  }
  return {
    reason: `the simulated rescue system needs user and mount namespaces, which this machine does not allow: ${reasons.join('; ')}`,
  }
}

const findChild = async (pid: number): Promise<number | null> => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const first = Number(children.trim().split(' ')[0])
  return first > 0 ? first : null
}

export interface SandboxOptions {
  readonly namespaces: Namespaces
  readonly disk: string
  /** A directory for its files; deleted by `stop`. */
  readonly directory: string
  readonly discard: NonNullable<RescueOptions['discard']>
}

const prepare = async (directory: string, discard: SandboxOptions['discard']) => {
  const paths = {
    root: join(directory, 'root'),
    commands: join(directory, 'commands'),
    control: join(directory, 'control'),
  }
  for (const path of Object.values(paths)) await mkdir(path, { recursive: true })
  for (const [name, text] of Object.entries(commands(discard))) {
    await writeFile(join(paths.commands, name), text)
    await chmod(join(paths.commands, name), 0o755)
  }
  return paths
}

/** Rejects with the system's error message if the sandbox cannot be built. */
export const createSandbox = async ({ namespaces, disk, directory, discard }: SandboxOptions): Promise<Sandbox> => {
  const paths = await prepare(directory, discard)
  const size = (await stat(disk)).size
  const first = spawn(
    'unshare',
    [
      ...namespaces,
      '--fork',
      '--kill-child',
      '/bin/sh',
      '-c',
      SANDBOX_SCRIPT,
      'sandbox',
      paths.root,
      disk,
      paths.commands,
      paths.control,
    ],
    {
      env: { PATH: SYSTEM_PATH },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    },
  )
  const ended = new Promise<void>((resolve) => first.once('close', () => resolve()))
  let said = ''
  first.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  first.stdin.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    first.stdout.once('data', () => resolve())
    first.once('error', reject)
    first.once('close', () => reject(new Error(`cannot start the simulated rescue system: ${said.trim()}`)))
  })
  const inside = await findChild(first.pid ?? 0)
  if (inside === null)
    throw new Error('cannot start the simulated rescue system: its first process is missing from /proc')

  const enter = ['--target', String(inside), ...namespaces.filter((one) => one !== '--map-root-user'), '--root', '--wd']
  const readPower = async (): Promise<'off' | 'reboot' | null> => {
    const path = join(paths.control, 'power')
    const word = (await readFile(path, 'utf8').catch(() => '')).trim()
    if (word !== '') await rm(path, { force: true })
    return word === 'off' || word === 'reboot' ? word : null
  }

  return {
    run: (command, env) =>
      spawn(
        'nsenter',
        [
          ...enter,
          '--',
          'setsid',
          '/bin/sh',
          '-c',
          EXEC_SCRIPT,
          'exec',
          String(size / SECTOR),
          ...(command === null ? [] : [command]),
        ],
        {
          env: {
            ...env,
            PATH: `${COMMANDS}:${SYSTEM_PATH}`,
            HOME: '/root',
            USER: 'root',
            LOGNAME: 'root',
            SHELL: '/bin/bash',
          },
          stdio: ['pipe', 'pipe', 'pipe'],
          detached: true,
        },
      ),
    signal: async (command, signal) => {
      const pid = command.pid === undefined ? null : await findChild(command.pid)
      if (pid === null) return false
      try {
        return process.kill(-pid, signal)
      } catch {
        return false
      }
    },
    afterCommand: async () => {
      const now = await stat(disk).catch(() => null)
      const wasCut = now !== null && now.size !== size
      if (wasCut) await truncate(disk, size)
      return { power: await readPower(), wasCut }
    },
    stop: async () => {
      first.stdin.end()
      first.kill('SIGKILL')
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}
