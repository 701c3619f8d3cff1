import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from '../../faults/rules.ts'
import { claimAddresses } from './addresses.ts'
import { createDisks, type Disks } from './disks.ts'
import { BYTES_PER_GB, type RescueOptions } from './options.ts'
import { createSandbox, findNamespaces, type Sandbox } from './sandbox.ts'
import type { SshServer } from './ssh-server.ts'

/** The server that boots, its disk and its users. */
export interface BootOptions {
  readonly serverId: number
  readonly gb: number
  /** The seed of the disk's content, if the server has no file yet. */
  readonly seed: number
  readonly publicKeys: readonly string[]
  /** Called when a command has changed the power state. */
  readonly onPower: (power: 'off' | 'reboot') => void
}

/** The disks of servers and images, and the running rescue systems. */
export interface Rescue {
  readonly disks: Disks
  readonly bytesPerGb: number
  /** The port of each rescue system; null if this machine has no addresses for them. */
  readonly port: number | null
  /** Returns a server's IPv4 address; null if this machine has none for it. */
  readonly getAddress: (serverId: number) => string | null
  /** Returns the host key of a running rescue system: `SHA256:` and base64; null if none is running. */
  readonly getHostKey: (serverId: number) => string | null
  /** Returns why commands cannot run on this machine; null if they can. */
  readonly unavailable: () => Promise<string | null>
  /** Starts the rescue system and replaces a running one. Callers need not wait for it. */
  readonly boot: (options: BootOptions) => void
  /** Stops a running rescue system and all of its processes. */
  readonly stop: (serverId: number) => Promise<void>
  /** Stops all rescue systems and deletes the disks. */
  readonly close: () => Promise<void>
}

/** The system that runs on a server. */
interface Machine {
  sandbox: Sandbox | null
  ssh: SshServer | null
  /** Settles when the boot has succeeded or failed. */
  booted: Promise<void>
  readonly stopping: AbortController
}

export const createRescue = async (
  { port, bytesPerGb = BYTES_PER_GB, directory, bootMs = 0, discard = 'zeros' }: RescueOptions,
  faults: Faults,
): Promise<Rescue> => {
  const addresses = await claimAddresses(port ?? null)
  const disks = createDisks(bytesPerGb, directory)
  const machines = new Map<number, Machine>()
  /** Systems that are being stopped: starts and deletions wait for them. */
  const ending = new Map<number, Promise<void>>()
  let found: ReturnType<typeof findNamespaces> | null = null
  let boots = 0
  const namespaces = (): ReturnType<typeof findNamespaces> => (found ??= findNamespaces())

  const start = async (
    machine: Machine,
    { serverId, gb, seed, publicKeys, onPower }: BootOptions,
    host: string,
    sshPort: number,
  ): Promise<void> => {
    const disk = await disks.make(`server-${serverId}`, gb, seed)
    const found = await namespaces()
    const sandbox =
      'reason' in found
        ? found
        : await createSandbox({
            namespaces: found.namespaces,
            disk,
            directory: join(`${disk}-boot-${++boots}`),
            discard,
          }).catch((error: unknown) => ({ reason: String(error) }))
    if ('run' in sandbox) machine.sandbox = sandbox
    await sleep(bootMs, undefined, { signal: machine.stopping.signal }).catch(() => undefined)
    if (machine.stopping.signal.aborted) return
    const [{ startSshServer }, { refuseSessions, serveSessions }] = await Promise.all([
      import('./ssh-server.ts'),
      import('./ssh-session.ts'),
    ])
    machine.ssh = await startSshServer({
      host,
      port: sshPort,
      publicKeys,
      strike: () => faults.strike('SSH', `/servers/${serverId}`).map(({ fault }) => fault),
      onReady: (connection) =>
        'run' in sandbox ? serveSessions(connection, { sandbox, onPower }) : refuseSessions(connection, sandbox.reason),
    })
  }

  const end = async (machine: Machine): Promise<void> => {
    machine.stopping.abort()
    await machine.booted
    await machine.ssh?.close()
    await machine.sandbox?.stop()
  }

  const stop = (serverId: number): Promise<void> => {
    const machine = machines.get(serverId)
    if (machine === undefined) return ending.get(serverId) ?? Promise.resolve()
    machines.delete(serverId)
    const ended = end(machine).finally(() => {
      if (ending.get(serverId) === ended) ending.delete(serverId)
    })
    ending.set(serverId, ended)
    return ended
  }

  return {
    disks,
    bytesPerGb,
    port: addresses?.port ?? null,
    getAddress: (serverId) => addresses?.getAddress(serverId) ?? null,
    getHostKey: (serverId) => machines.get(serverId)?.ssh?.hostKey ?? null,
    unavailable: async () => {
      if (addresses === null) return 'this machine has no loopback addresses for the simulated servers'
      const found = await namespaces()
      return 'reason' in found ? found.reason : null
    },
    boot: (options) => {
      const before = stop(options.serverId)
      if (addresses === null) return
      const machine: Machine = { sandbox: null, ssh: null, booted: before, stopping: new AbortController() }
      machines.set(options.serverId, machine)
      machine.booted = before
        .then(() => start(machine, options, addresses.getAddress(options.serverId), addresses.port))
        .catch((error: unknown) =>
          process.emitWarning(`the simulator could not start a rescue system: ${String(error)}`),
        )
    },
    stop,
    close: async () => {
      for (const serverId of machines.keys()) void stop(serverId)
      await Promise.all(ending.values())
      await Promise.all([disks.close(), addresses?.close()])
    },
  }
}
