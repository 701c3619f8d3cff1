import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { createTransport, systemTiming } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import { imageSourceSuite } from '@imago/testkit'
import type { ImageSource } from '@imago/core'
import { createHetznerSource, type HetznerOptions } from '../src/index.ts'
import { valueOf } from './local-api.ts'

const transport = createTransport()
let simulator: HetznerSimulator

beforeAll(async () => {
  simulator = await createHetznerSimulator({ actionMs: 20, rateLimit: { limit: 100_000 } })
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const optionsAt = (endpoint: string, token: string): HetznerOptions => ({ name: 'prod', endpoint, token, connection: { transport: transport.client, userAgent: 'imago/test', timing: systemTiming } })

const make = (): ImageSource => createHetznerSource(optionsAt(simulator.url, simulator.token))

const serverId = async (): Promise<string> => {
  const answer = await fetch(`${simulator.url}/servers`, { headers: { authorization: `Bearer ${simulator.token}` } })
  const { servers } = (await answer.json()) as { readonly servers: readonly { readonly id: number }[] }
  return String(servers[0]?.id)
}

const disposable = async (source: ImageSource): Promise<string> => {
  const made = source.createFromServer?.({ serverId: await serverId(), description: 'disposable' })
  if (made === undefined) throw new Error('a source of Hetzner makes images of servers')
  const { image, operation } = await valueOf(made)
  while ((await valueOf(source.operation?.(operation.id) as NonNullable<ReturnType<NonNullable<ImageSource['operation']>>>)).status === 'running') await systemTiming.sleep(10)
  return image.ref.id
}

describe('Hetzner’s source, at the simulator', () => {
  imageSourceSuite({ describe, test }, { capabilities: createHetznerSource(optionsAt('http://127.0.0.1:1/v1', 'x')).capabilities, make, disposable })
})
