import { once } from 'node:events'
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import { createHetznerSimulator, type HetznerSimulator, type RescueOptions } from '../../../src/index.ts'
import { newKeyPair } from '../../../src/hetzner/rescue/host-key.ts'

/** The output and exit status of a command. */
export interface Ran {
  readonly code: number | null
  readonly signal: string | null
  readonly out: Buffer
  readonly error: string
}

export interface Machine {
  readonly id: number
  readonly ip: string
}

/** A simulator with instant actions, and helpers for its servers. */
export interface Lab {
  readonly simulator: HetznerSimulator
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever an answer says: a test that reads what is not there fails
  readonly ask: (method: string, path: string, body?: unknown) => Promise<any>
  /** Starts an action and waits for its success. */
  readonly act: (server: Machine, action: string, body?: unknown) => Promise<void>
  readonly order: (fields?: object) => Promise<Machine>
  /** Creates a server in its rescue system. */
  readonly rescued: (fields?: object) => Promise<Machine>
  readonly snapshot: (server: Machine) => Promise<{ readonly id: number; readonly image_size: number }>
  readonly connect: (server: Machine, config?: ConnectConfig) => Promise<Client>
  /** Runs a command in its own connection. */
  readonly run: (server: Machine, command: string, input?: Buffer) => Promise<Ran>
  readonly close: () => Promise<void>
}

export const KEY = newKeyPair()

export const until = async <A>(probe: () => Promise<A | null>): Promise<A> => {
  const end = performance.now() + 60_000
  while (performance.now() < end) {
    const answer = await probe()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not come about')
}

export const exec = (client: Client, command: string): Promise<ClientChannel> =>
  new Promise((resolve, reject) =>
    client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
  )

export const ended = async (channel: ClientChannel): Promise<Ran> => {
  const [out, error]: [Buffer[], Buffer[]] = [[], []]
  channel.on('data', (chunk: Buffer) => out.push(chunk))
  channel.stderr.on('data', (chunk: Buffer) => error.push(chunk))
  let [code, signal]: [number | null, string | null] = [null, null]
  channel.on('exit', (status: number | null, name?: string) => ([code, signal] = [status, name ?? null]))
  await once(channel, 'close')
  return { code, signal, out: Buffer.concat(out), error: Buffer.concat(error).toString() }
}

const opened = (config: ConnectConfig): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.once('ready', () => resolve(client))
    client.on('error', reject)
    client.connect(config)
  })

export const startLab = async (rescue: RescueOptions = {}): Promise<Lab> => {
  const simulator = await createHetznerSimulator({ actionMs: 0, rescue: { bytesPerGb: 100_000, ...rescue } })
  const ask: Lab['ask'] = async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${simulator.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const response = await fetch(simulator.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = response.status === 204 ? null : ((await response.json()) as unknown)
    if (!response.ok) throw new Error(JSON.stringify(answer))
    return answer
  }
  const { ssh_key: key } = await ask('POST', '/ssh_keys', { name: 'run', public_key: KEY.public })
  const succeeded = (id: number): Promise<true> =>
    until(async () => {
      const { action } = await ask('GET', `/actions/${id}`)
      if (action.status === 'error') throw new Error(action.error.message)
      return action.status === 'success' ? true : null
    })
  const act: Lab['act'] = async (server, action, body) =>
    void (await succeeded((await ask('POST', `/servers/${server.id}/actions/${action}`, body)).action.id))
  let last = 0
  const order: Lab['order'] = async (fields = {}) => {
    const { server, action } = await ask('POST', '/servers', {
      name: `run-${++last}`,
      server_type: 'cx23',
      image: 'debian-12',
      start_after_create: false,
      ...fields,
    })
    await succeeded(action.id)
    return { id: server.id, ip: server.public_net.ipv4.ip }
  }
  const connect: Lab['connect'] = (server, config = {}) =>
    opened({ host: server.ip, port: simulator.sshPort ?? 0, username: 'root', privateKey: KEY.private, ...config })
  return {
    simulator,
    ask,
    act,
    order,
    rescued: async (fields) => {
      const server = await order(fields)
      await act(server, 'enable_rescue', { type: 'linux64', ssh_keys: [key.id] })
      await act(server, 'poweron')
      await until(async () => simulator.rescue.getHostKey(server.id))
      return server
    },
    snapshot: async (server) => {
      const { image, action } = await ask('POST', `/servers/${server.id}/actions/create_image`, {
        description: 'a disk',
      })
      await succeeded(action.id)
      return (await ask('GET', `/images/${image.id}`)).image
    },
    connect,
    run: async (server, command, input) => {
      const client = await connect(server)
      const channel = await exec(client, command)
      const over = ended(channel)
      channel.end(input)
      try {
        return await over
      } finally {
        client.end()
      }
    },
    close: () => simulator.close(),
  }
}
