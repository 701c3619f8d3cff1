import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { perform, createErrorSite, waitFor, type ImageSource } from '@imago/core/provider'
import { createTransport, systemTiming, type Timing } from '@imago/http'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import { createFastTiming, faultsOfSimulator, imageSourceSuite } from '@imago/testkit'
import tier from '../../../tools/jest/tier.cjs'
import { createHetznerSource, type HetznerOptions } from '../src/index.ts'
import { getValue } from './local-api.ts'

const transport = createTransport()
let simulator: HetznerSimulator

beforeAll(async () => {
  simulator = await createHetznerSimulator({ actionMs: 20, rateLimit: { limit: 100_000 } })
})
afterAll(async () => {
  await simulator.close()
  transport.close()
})

const optionsAt = (endpoint: string, token: string, timing: Timing = systemTiming): HetznerOptions => ({
  name: 'prod',
  endpoint,
  token,
  connection: { transport: transport.client, userAgent: 'imago/test', timing },
})

/** Polls often, because actions of the simulator take milliseconds. */
const brisk: Timing = { ...systemTiming, sleep: (ms, signal) => systemTiming.sleep(ms < 60_000 ? ms / 20 : ms, signal) }

const read = async (path: string): Promise<Readonly<Record<string, readonly { readonly id: number }[]>>> => {
  const answer = await fetch(`${simulator.url}${path}`, { headers: { authorization: `Bearer ${simulator.token}` } })
  return (await answer.json()) as Readonly<Record<string, readonly { readonly id: number }[]>>
}
const server = async (): Promise<string> => String((await read('/servers'))['servers']?.[0]?.id)
const refused = async (): Promise<string> => String((await read('/images?type=snapshot'))['images']?.[0]?.id)

/** Creates a snapshot, and waits until it is complete. */
const disposable = async (source: ImageSource): Promise<string> => {
  const { image, operation } = await getValue(
    perform(source, 'createFromServer', { serverId: await server(), description: 'disposable' }),
  )
  const site = createErrorSite(source.cloud, 'disposable')
  await getValue(
    waitFor(site, perform(source, 'operation', operation.id), { ...systemTiming, intervalMs: 10, deadlineMs: 10_000 }),
  )
  return image.ref.id
}

const { capabilities } = createHetznerSource(optionsAt('http://127.0.0.1:1/v1', 'x'))

// The short tier leaves them out: the checks under faults take most of the time.
const faults = {
  port: () => faultsOfSimulator(simulator),
  make: () => createHetznerSource(optionsAt(simulator.url, simulator.token, createFastTiming())),
}

describe('with a read-write token', () => {
  imageSourceSuite(
    { describe, test },
    {
      capabilities,
      make: () => createHetznerSource(optionsAt(simulator.url, simulator.token, brisk)),
      disposable,
      server,
      ...(tier.isComplete ? { faults } : {}),
      timing: { intervalMs: 10 },
    },
  )
})

describe('with a read-only token', () => {
  const make = (): ImageSource => createHetznerSource(optionsAt(simulator.url, simulator.readOnlyToken))
  imageSourceSuite({ describe, test }, { capabilities, make, refused, server, disposable })

  it('probe returns only reading capabilities', async () => {
    expect(await getValue(make().probe())).toMatchObject({
      operations: ['servers', 'estimate', 'orphans', 'operations', 'operation', 'usage', 'prices'],
      changes: [],
    })
  })
})
