import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import {
  createHetznerSimulator,
  createManualClock,
  createOpenstackSimulator,
  type Fault,
  type FaultRule,
  type HetznerSimulator,
  type HetznerSimulatorOptions,
  type ManualClock,
  type OpenstackSimulator,
  type OpenstackSimulatorOptions,
} from '@imago/simulator'
import { EventEmitter } from 'node:events'
import { runLive, type LiveProcess } from '../../src/connect/run-live.ts'
import { EXIT, type ExitCode } from '../../src/exit-code.ts'
import { list as listCommand } from '../../src/commands/list/run.ts'
import type { ListOptions } from '../../src/commands/list/options.ts'
import type { LiveContext } from '../../src/live.ts'
import { maskSecrets } from '../../src/output/mask.ts'
import { visible } from '../../src/output/visible.ts'
import { Problem } from '../../src/problem.ts'
import type { WriteContext } from '../../src/writing/write-context.ts'
import { memoryOutput } from '../memory-output.ts'
import { temporaryFolder } from '../temporary.ts'
import { createStranger, type Stranger } from './stranger.ts'
import { jumpingTime, type JumpingTime } from './time.ts'

// Runs the whole command, from the configuration files of hcloud and openstack to the output, against the simulators of both providers with the
// real HTTP stack. Only time is simulated: sleeping ends immediately.

export type ProviderName = 'hetzner' | 'openstack'
export const PROVIDERS: readonly ProviderName[] = ['hetzner', 'openstack']

/** The cloud of a provider in these tests. */
export const getCloud = (provider: ProviderName): string => (provider === 'hetzner' ? 'prod' : 'lab')

/** The path of image lists; for OpenStack, in the first region. */
const LISTS: Readonly<Record<ProviderName, string>> = { hetzner: '/v1/images', openstack: '/image/v2/images' }

export const LOGIN = { method: 'POST', path: '**/auth/tokens' } as const

export interface Ran {
  readonly code: number
  readonly stdout: string
  /** Standard error without the debug log. */
  readonly stderr: string
  readonly debug: readonly string[]
  /** The simulated time of the run. */
  readonly time: JumpingTime
}

export interface RunOptions {
  readonly time?: JumpingTime
  readonly isTerminal?: boolean
  readonly env?: NodeJS.ProcessEnv
  /** Receives a function that simulates Ctrl-C. */
  readonly interruptible?: (interrupt: () => void) => void
}

export interface Clouds {
  readonly hetzner: () => HetznerSimulator
  readonly openstack: () => OpenstackSimulator
  /** The clock of the simulators. */
  readonly clock: () => ManualClock
  readonly stranger: () => Stranger
  readonly simulator: (provider: ProviderName) => HetznerSimulator | OpenstackSimulator
  /** Adds a fault to the image lists of a provider, or to the requests of `rule`. */
  readonly strike: (provider: ProviderName, fault: Fault, rule?: Omit<FaultRule, 'fault'>) => void
  /** The requests for image lists since the start of the test. */
  readonly asked: (provider: ProviderName) => readonly string[]
  readonly logins: () => number
  /** Runs a command, and checks that it prints no secret. */
  readonly run: (work: (live: WriteContext) => Promise<ExitCode>, options?: RunOptions) => Promise<Ran>
  readonly list: (
    names: readonly string[],
    options?: RunOptions & { readonly list?: Partial<ListOptions> },
  ) => Promise<Ran>
}

export interface CloudsOptions {
  readonly hetzner?: HetznerSimulatorOptions
  readonly openstack?: OpenstackSimulatorOptions
}

const PASSWORD = 'demo-password'

/** Starts both simulators and a stranger for the tests of a file. Clears faults after each test. */
export const simulatedClouds = (options: CloudsOptions = {}): Clouds => {
  const folder = temporaryFolder()
  let hetzner: HetznerSimulator
  let openstack: OpenstackSimulator
  let stranger: Stranger
  let clock: ManualClock
  let environment: NodeJS.ProcessEnv

  beforeAll(async () => {
    clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'))
    hetzner = await createHetznerSimulator({
      clock: clock.now,
      extraSnapshots: 120,
      rateLimit: { limit: 1_000_000 },
      actionMs: 0,
      ...options.hetzner,
    })
    openstack = await createOpenstackSimulator({
      clock: clock.now,
      generatedImages: 150,
      snapshotMs: 0,
      ...options.openstack,
    })
    stranger = await createStranger()
    const contexts = [
      { name: 'prod', token: hetzner.token },
      { name: 'wrong', token: 'X9y'.repeat(21) + 'z' },
    ]
    const auth = `auth: {auth_url: "${openstack.authUrl}", username: demo, user_domain_name: Default, password: ${PASSWORD}, project_name: demo, project_domain_name: Default}`
    environment = {
      HCLOUD_CONFIG: folder.file(
        'cli.toml',
        [
          `[preferences]\nendpoint = "${hetzner.url}"`,
          ...contexts.map(({ name, token }) => `[[contexts]]\nname = "${name}"\ntoken = "${token}"`),
          '',
        ].join('\n'),
      ),
      OS_CLIENT_CONFIG_FILE: folder.file(
        'clouds.yaml',
        `clouds:\n  lab:\n    ${auth}\n    region_name: RegionOne\n  two:\n    ${auth}\n    region_name: RegionTwo\n  down:\n    auth_type: none\n    image_endpoint_override: http://127.0.0.1:1\n`,
      ),
    }
  })
  afterEach(() => {
    hetzner.faults.clear()
    openstack.faults.clear()
    hetzner.requests.clear()
    openstack.requests.clear()
  })
  afterAll(async () => {
    await hetzner.close()
    await openstack.close()
    await stranger.close()
  })

  const simulator = (provider: ProviderName): HetznerSimulator | OpenstackSimulator =>
    provider === 'hetzner' ? hetzner : openstack
  // Keystone's tokens are Fernet tokens, which all start like this.
  const secrets = (): RegExp =>
    new RegExp([hetzner.token, hetzner.readOnlyToken, 'X9yX9y', PASSWORD, 'gAAAA'].join('|'))

  const run: Clouds['run'] = async (
    work,
    { time = jumpingTime({ start: clock.now() }), isTerminal = false, env = {}, interruptible } = {},
  ) => {
    const [output, messages] = [memoryOutput({ isTerminal }), memoryOutput({ isTerminal })]
    const signals = new EventEmitter()
    const process = {
      env: { ...environment, IMAGO_DEBUG: '1', ...env },
      cwd: () => '/',
      platform: 'linux',
      once: signals.once.bind(signals),
      off: signals.off.bind(signals),
    } as unknown as LiveProcess
    interruptible?.(() => void signals.emit('SIGINT'))
    const fail = (error: unknown): ExitCode => {
      if (!(error instanceof Problem)) throw error
      // As main.ts does.
      messages.write(
        `imago: ${visible(maskSecrets(error.message))}\n${(error.lines?.split('\n') ?? []).map((line) => `  ${visible(maskSecrets(line))}\n`).join('')}`,
      )
      return error.exitCode ?? EXIT.error
    }
    const code = await runLive(process, { version: '0', output, messages, timing: time.timing }, (live: LiveContext) =>
      work({ ...live, takeHeld: null }),
    ).catch(fail)
    const lines = messages.text().split(/(?<=\n)/)
    const isDebug = (line: string): boolean => line.startsWith('debug: ')
    expect(output.text() + messages.text()).not.toMatch(secrets())
    return {
      code,
      stdout: output.text(),
      stderr: lines.filter((line) => !isDebug(line)).join(''),
      debug: lines.filter(isDebug),
      time,
    }
  }

  return {
    hetzner: () => hetzner,
    openstack: () => openstack,
    clock: () => clock,
    stranger: () => stranger,
    simulator,
    strike: (provider, fault, rule = {}) =>
      void simulator(provider).faults.add({ path: LISTS[provider], ...rule, fault }),
    asked: (provider) =>
      simulator(provider)
        .requests.all()
        .map(({ method, url }) => `${method} ${url}`)
        .filter((line) => line.startsWith(`GET ${LISTS[provider]}`)),
    logins: () =>
      openstack.requests.all().filter(({ method, url }) => method === 'POST' && url.endsWith('/auth/tokens')).length,
    run,
    list: (names, { list = {}, ...rest } = {}) =>
      run((live) => listCommand(names, { output: 'ndjson', ...list }, live), rest),
  }
}

/** The IDs of an NDJSON listing, in order. */
export const idsIn = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly ref: { readonly id: string } }).ref.id)
