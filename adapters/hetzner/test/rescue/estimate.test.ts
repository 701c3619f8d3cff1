import { describe, afterEach, beforeEach, expect, it } from '@jest/globals'
import { getError, getValue } from '../local-api.ts'
import { createScene, type Scene } from './transferring.ts'

let scene: Scene
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.close())

const UPLOAD = {
  kind: 'createFromBytes',
  architecture: 'x86_64',
  virtualSize: 20 * 2 ** 30,
  bytes: 2 ** 30,
} as const

const countRequests = (): number => scene.simulator.requests.all().length

describe('estimate', () => {
  it('returns the server, its costs and the missing parts', async () => {
    const estimate = await getValue(scene.source.estimate(UPLOAD))
    // 2.99 per month of 624 hours; 0.011 per GB.
    expect(estimate).toMatchObject({
      once: { amount: '0.0047916667', currency: 'EUR' },
      monthly: { amount: '0.011534336', currency: 'EUR' },
    })
    expect(estimate.resources).toContain('its IPv4 address (not included in the estimate)')
    expect(estimate.resources[0]).toMatch(/^a cx23 server \(40 GB, \w+\) billed by the hour$/)
    expect(await getValue(scene.source.estimate({ ...UPLOAD, bytes: null, virtualSize: null }))).toMatchObject({
      monthly: null,
    })
    expect(
      await getValue(scene.source.estimate({ ...UPLOAD, kind: 'download', architecture: 'aarch64' })),
    ).toMatchObject({ monthly: { amount: '0' } })
  })

  it('returns the time to boot the server, whatever the size', async () => {
    expect((await getValue(scene.source.estimate(UPLOAD))).seconds).toBe(180)
    expect((await getValue(scene.source.estimate({ ...UPLOAD, kind: 'download' }))).seconds).toBe(90)
  })

  it('returns Unsupported for an architecture that Hetzner has no servers of', async () => {
    expect(await getError(scene.source.estimate({ ...UPLOAD, architecture: 's390x' }))).toMatchObject({
      _tag: 'Unsupported',
      capability: 'createFromBytes',
    })
  })

  it('returns Rejected for a disk that no server has', async () => {
    expect(await getError(scene.source.estimate({ ...UPLOAD, virtualSize: 2 ** 42 }))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringMatching(
        /^Hetzner has no server with the architecture x86 and a disk of 4295 GB or more: the largest has \d+ GB$/,
      ),
    })
  })

  it('sends no further request for more images', async () => {
    await getValue(scene.source.estimate(UPLOAD))
    const sent = countRequests()
    for (let image = 1; image < 20; image++)
      await getValue(scene.source.estimate({ ...UPLOAD, bytes: image * 2 ** 20 }))
    expect(countRequests()).toBe(sent)
  })

  it('reads server types and prices again after some minutes', async () => {
    await getValue(scene.source.estimate(UPLOAD))
    const sent = countRequests()
    scene.skip(5 * 60_000)
    await getValue(scene.source.estimate(UPLOAD))
    expect(countRequests()).toBe(2 * sent)
  })

  it('reads them again after an error', async () => {
    void scene.simulator.faults.add({ path: '/v1/pricing', times: 1, fault: { kind: 'status', status: 403 } })
    expect(await getError(scene.source.estimate(UPLOAD))).toMatchObject({ _tag: 'Forbidden' })
    expect(await getValue(scene.source.estimate(UPLOAD))).toMatchObject({ seconds: 180 })
  })
})
