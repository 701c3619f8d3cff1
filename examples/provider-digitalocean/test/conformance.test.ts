import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { perform, createErrorSite, waitFor, type ImageSource } from '@imago/core/provider'
import { systemTiming, type Timing } from '@imago/http'
import { createFaultProxy, createFastTiming, imageSourceSuite, type FaultProxy } from '@imago/testkit'
import { declared } from '../src/capabilities.ts'
import { startLocalServer } from './local-server.mjs'
import { openCloud, transport } from './open-cloud.ts'

let server: Awaited<ReturnType<typeof startLocalServer>>
let proxy: FaultProxy

beforeAll(async () => {
  server = await startLocalServer({ limit: 100_000 })
  proxy = await createFaultProxy({
    target: server.url,
    errorBody: (status) => ({
      contentType: 'application/json',
      body: JSON.stringify({ id: 'simulated', message: `simulated: ${status}`, request_id: '1' }),
    }),
  })
})
afterAll(async () => {
  await proxy.close()
  await server.close()
  transport.close()
})

/** The server's actions end after a few requests: nobody need wait long between them. */
const brisk: Timing = {
  ...systemTiming,
  sleep: (ms, signal) => systemTiming.sleep(ms < 60_000 ? ms / 100 : ms, signal),
}

const make = (): ImageSource => openCloud(server.url, server.token, { timing: brisk }).source

/** A custom image that has been transferred once. */
const disposable = async (source: ImageSource): Promise<string> => {
  const body = JSON.stringify({
    name: 'disposable',
    url: 'https://images.test/a.qcow2',
    region: 'nyc3',
    distribution: 'Debian',
  })
  const response = await fetch(`${server.url}/v2/images`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${server.token}` },
  })
  const { image } = (await response.json()) as { readonly image: { readonly id: number } }
  const id = String(image.id)
  const begun = await perform(source, 'copyToStore', id, { stores: ['lon1'] })()
  if (begun._tag === 'Left') throw new Error(begun.left.what)
  await waitFor(createErrorSite(source.cloud, 'disposable'), perform(source, 'operation', begun.right.id), {
    ...brisk,
    intervalMs: 10,
    deadlineMs: 10_000,
  })()
  return id
}

const subject = { capabilities: declared, stores: ['fra1'], timing: { intervalMs: 5 } }

describe('with a token that may do everything', () => {
  imageSourceSuite(
    { describe, test },
    {
      ...subject,
      make,
      disposable,
      faults: {
        port: () => proxy,
        make: () => openCloud(proxy.url, server.token, { timing: createFastTiming() }).source,
      },
    },
  )
})

describe('with a token that may only read images', () => {
  imageSourceSuite(
    { describe, test },
    {
      ...subject,
      make: () => openCloud(server.url, server.readToken, { timing: brisk }).source,
      refused: () => Promise.resolve('7555620'),
      disposable: () => Promise.resolve('7555620'),
    },
  )
})
