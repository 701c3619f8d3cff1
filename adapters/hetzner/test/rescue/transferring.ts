import {
  createByteSource,
  ImageException,
  type ByteSource,
  type Image,
  type ImageSource,
  type NewImage,
} from '@imago/core/provider'
import { createTransport, type Timing } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator, type HetznerSimulatorOptions } from '@imago/simulator'
import { createCipheriv, createHash } from 'node:crypto'
import { createHetznerSource, type RescueOptions } from '../../src/index.ts'
import { getValue } from '../local-api.ts'

const transport = createTransport()

/** Pauses of this length or more are timeouts. */
const LIMIT_MS = 60_000

/** Divides pauses by `factor`. Timeouts are not shortened, so that slow machines pass; the clock can be set forward. */
const quickTiming = (factor: number, skipped: () => number): Timing => ({
  clock: () => Date.now() + skipped(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(ms < LIMIT_MS ? ms / factor : ms, 2 ** 31 - 1)).unref()
      signal?.addEventListener('abort', end)
      if (signal?.aborted === true) end()
    }),
  random: () => 0.5,
})

/** Disks of a megabyte per GB: several blocks, but read quickly. */
export const BYTES_PER_GB = 1_048_576

/** A disk that needs a server of 40 GB: data, holes, incompressible data, and an odd length. */
export const diskBytes = (size = 20 * BYTES_PER_GB + 512): Buffer => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < 70_000; at++) bytes[at] = (at * 7 + (at >> 8)) % 256
  bytes.set(
    createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(3 * BYTES_PER_GB)),
    6 * BYTES_PER_GB,
  )
  bytes.write('the end', size - 7)
  return bytes
}

export const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')

export const NEW: NewImage = { name: 'made-here', diskFormat: 'raw', architecture: 'x86_64' }

export interface Scene {
  readonly simulator: HetznerSimulator
  readonly source: Required<
    Pick<ImageSource, 'createFromBytes' | 'download' | 'estimate' | 'orphans' | 'deleteOrphan'>
  > &
    ImageSource
  /** The resources of the project, by name or description, to check that none are left. */
  readonly inventory: () => Promise<{
    readonly servers: readonly string[]
    readonly keys: readonly string[]
    readonly snapshots: readonly string[]
  }>
  /** Sets the source's clock forward. */
  readonly skip: (ms: number) => void
  readonly close: () => Promise<void>
}

const SIMULATOR: HetznerSimulatorOptions = {
  actionMs: 5,
  rateLimit: { limit: 100_000 },
  rescue: { port: 0, bytesPerGb: BYTES_PER_GB },
}

/** Starts a simulator with rescue systems, and creates a source of its first project. */
export const createScene = async (
  options: { readonly simulator?: HetznerSimulatorOptions; readonly rescue?: RescueOptions } = {},
): Promise<Scene> => {
  const simulator = await createHetznerSimulator({
    ...SIMULATOR,
    ...options.simulator,
    rescue: { ...SIMULATOR.rescue, ...options.simulator?.rescue },
  })
  let skipped = 0
  const source = createHetznerSource({
    name: 'prod',
    endpoint: simulator.url,
    token: simulator.token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: quickTiming(20, () => skipped) },
    rescue: { ...(simulator.sshPort === null ? {} : { sshPort: simulator.sshPort }), ...options.rescue },
  }) as Scene['source']
  const read = async (path: string, key: string, word: string): Promise<readonly string[]> => {
    const answer = await fetch(`${simulator.url}${path}`, { headers: { authorization: `Bearer ${simulator.token}` } })
    const body = (await answer.json()) as Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>
    return (body[key] ?? []).map((one) => one[word] ?? '')
  }
  return {
    simulator,
    source,
    inventory: async () => ({
      servers: await read('/servers?per_page=50', 'servers', 'name'),
      keys: await read('/ssh_keys?per_page=50', 'ssh_keys', 'name'),
      snapshots: await read('/images?type=snapshot&per_page=50', 'images', 'description'),
    }),
    skip: (ms) => void (skipped += ms),
    close: () => simulator.close(),
  }
}

export const read = async (
  source: ByteSource,
  range?: Parameters<ByteSource['open']>[0],
  signal?: AbortSignal,
): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await getValue(source.open(range, signal))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The error that an iteration throws. */
export const thrownBy = async (work: Promise<unknown>): Promise<ImageException['error']> => {
  try {
    await work
  } catch (thrown) {
    if (ImageException.is(thrown)) return thrown.error
    throw thrown
  }
  throw new Error('nothing was thrown')
}

export const made = async ({ source }: Scene, bytes: Uint8Array, request: NewImage = NEW): Promise<Image> =>
  (await getValue(source.createFromBytes(request, createByteSource(bytes), { run: 'r1' }))).image
