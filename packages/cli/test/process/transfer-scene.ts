import { afterAll, beforeAll, expect } from '@jest/globals'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type HetznerSimulator,
  type OpenstackSimulator,
  type OpenstackSimulatorOptions,
} from '@imago/simulator'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simulatedEnvironment, writeConfig } from '../../src/simulated-config.ts'
import { findSchemaFaults } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago as run, type Ran } from './imago.ts'

/** The simulated disks of servers have a mebibyte for each GB. */
const BYTES_PER_GB = 2 ** 20

/** A running command. */
export interface Started {
  /** Waits until standard error fulfils the condition. Rejects if the command ends before. */
  readonly told: (isEnough: (stderr: string) => boolean) => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
  /** Closes standard error. */
  readonly ignore: () => void
  readonly ended: Promise<Ran>
}

/** The resources in the project `production` of Hetzner, by name or description. */
export interface Inventory {
  readonly servers: readonly string[]
  readonly keys: readonly string[]
  readonly snapshots: readonly string[]
}

/** A run, as `imago resume --list --all` shows it. */
export interface Listed {
  readonly run: string
  readonly state: string
  readonly what: string
}

export interface MovingScene {
  readonly folder: ReturnType<typeof temporaryFolder>
  readonly hetzner: () => HetznerSimulator
  readonly openstack: () => OpenstackSimulator
  /** Runs imago with the simulated clouds, and checks that it prints no secret. */
  readonly imago: (args: readonly string[], input?: string) => Promise<Ran>
  /** Starts imago without waiting for its end. */
  readonly start: (args: readonly string[]) => Started
  readonly runs: () => Promise<readonly Listed[]>
  readonly inventory: () => Promise<Inventory>
  /** The orphaned resources in `production`, as `kind of RUN`. */
  readonly orphans: () => Promise<readonly string[]>
  /** Adds a secret that no output may contain. */
  readonly keepSecret: (text: string) => void
  /** The content of all files that imago has written below the home directory, including journals and spool. */
  readonly written: () => string
}

const filesIn = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )

const startCommand = (args: readonly string[], env: NodeJS.ProcessEnv, node: string): Started => {
  const child = spawn(node, [BIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  const watch = (): void => watchers.forEach((watcher) => watcher())
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      output[name] += text
      watch()
    })
  }
  let isOver = false
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      isOver = true
      resolve({ code, ...output })
      watch()
    })
  })
  return {
    ended,
    signal: (name) => void child.kill(name),
    ignore: () => void child.stderr.destroy(),
    told: (isEnough) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const enough = isEnough(output.stderr)
          if (!enough && !isOver) return
          watchers.delete(look)
          if (enough) resolve()
          else reject(new Error(`it ended before: ${output.stderr}`))
        }
        watchers.add(look)
        look()
      }),
  }
}

export interface SceneOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly openstack?: OpenstackSimulatorOptions
  /** The path of the Node that runs imago. Default: that of this process. */
  readonly node?: string
}

/** Starts simulated clouds, and configures a user of them, for the tests of a file. */
export const movingScene = (options: SceneOptions = {}): MovingScene => {
  const node = options.node ?? process.execPath
  const folder = temporaryFolder()
  const home = folder.path('home')
  const secrets: string[] = ['demo-password', 'gAAAA', 'PRIVATE KEY']
  let hetzner: HetznerSimulator
  let openstack: OpenstackSimulator
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    assertBuilt()
    hetzner = await createHetznerSimulator({ actionMs: 10, rescue: { bytesPerGb: BYTES_PER_GB } })
    openstack = await createOpenstackSimulator(options.openstack)
    secrets.push(hetzner.token)
    const foreign = Object.keys(process.env).filter((name) => /^(?:OS_|HCLOUD_|IMAGO_|XDG_|.*_proxy$)/i.test(name))
    env = {
      HOME: home,
      ...Object.fromEntries(foreign.map((name) => [name, ''])),
      ...simulatedEnvironment(hetzner, await writeConfig(home, hetzner, openstack)),
      ...options.env,
    }
  })
  afterAll(async () => {
    await hetzner.close()
    await openstack.close()
  })

  const harmless = (ran: Ran): Ran => {
    expect(secrets.filter((secret) => (ran.stdout + ran.stderr).includes(secret))).toEqual([])
    return ran
  }
  const imago: MovingScene['imago'] = async (args, input = '') => harmless(await run(args, { env, input }, node))

  const listed = async (path: string, key: string, word: string): Promise<readonly string[]> => {
    const answer = await fetch(`${hetzner.url}${path}`, { headers: { authorization: `Bearer ${hetzner.token}` } })
    const body = (await answer.json()) as Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
    return (body[key] ?? []).map((one) => one[word] ?? '')
  }

  return {
    folder,
    hetzner: () => hetzner,
    openstack: () => openstack,
    imago,
    start: (args) => {
      const started = startCommand(args, env, node)
      return { ...started, ended: started.ended.then(harmless) }
    },
    runs: async () => {
      const { stdout } = await imago(['resume', '--list', '--all', '-o', 'json'])
      expect(findSchemaFaults('runs', stdout)).toEqual([])
      return (JSON.parse(stdout) as { readonly runs: readonly Listed[] }).runs
    },
    inventory: async () => ({
      servers: await listed('/servers?per_page=50', 'servers', 'name'),
      keys: await listed('/ssh_keys?per_page=50', 'ssh_keys', 'name'),
      snapshots: await listed('/images?type=snapshot&per_page=50', 'images', 'description'),
    }),
    orphans: async () => {
      const { code, stdout } = await imago(['cleanup', 'production', '-o', 'json'])
      expect(findSchemaFaults('orphans', stdout)).toEqual([])
      const found = (
        JSON.parse(stdout) as { readonly orphans: readonly { readonly kind: string; readonly run: string }[] }
      ).orphans
      // Without a terminal, nothing was deleted.
      expect(code).toBe(found.length === 0 ? 0 : 2)
      return found.map(({ kind, run: whose }) => `${kind} of ${whose}`)
    },
    keepSecret: (text) => void secrets.push(text),
    written: () =>
      filesIn(home)
        .map((path) => readFileSync(path, 'latin1'))
        .join('\n'),
  }
}

interface Made {
  readonly runs: readonly {
    readonly run: string
    readonly outcome: { readonly created: { readonly ref: { readonly id: string } }; readonly verified: string }
  }[]
}

/** The IDs of the created images. Checks that they were verified by digest. */
export const allMadeBy = ({ code, stdout, stderr }: Ran): readonly string[] => {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  expect(findSchemaFaults('transfers', stdout)).toEqual([])
  const { runs } = JSON.parse(stdout) as Made
  expect(runs.filter(({ outcome }) => outcome.verified !== 'digest-match')).toEqual([])
  return runs.map(({ outcome }) => outcome.created.ref.id)
}

/** The ID of the only created image. */
export const madeBy = (ran: Ran): string => {
  const [only, ...others] = allMadeBy(ran)
  expect(others).toEqual([])
  return only ?? ''
}

/** An event of `--progress json`. */
export interface ProgressContext {
  readonly event: string
  readonly run: string
  readonly step?: string
  readonly bytes?: number
}

/** The events on standard error: the complete lines that are JSON. */
export const toldEvents = (stderr: string): readonly ProgressContext[] =>
  stderr
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as ProgressContext] : []))

/** A condition for `told`: whether a step has processed this number of bytes. */
export const hasMoved =
  (step: string, bytes: number) =>
  (stderr: string): boolean =>
    toldEvents(stderr).some((event) => event.event === 'progress' && event.step === step && (event.bytes ?? 0) >= bytes)
