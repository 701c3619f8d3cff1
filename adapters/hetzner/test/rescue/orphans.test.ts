import { describe, afterEach, beforeEach, expect, it } from '@jest/globals'
import { createTransport } from '@imago/http'
import { createHetznerApi } from '../../src/index.ts'
import { errorBody, getError, jumpingTime, getValue } from '../local-api.ts'
import { createScene, made, type Scene } from './transferring.ts'

const transport = createTransport()
let scene: Scene
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.close())

const labels = { imago: 'temporary', 'imago-run': 'killed', 'imago-run-epoch': '2' }

/** Creates the resources of a run that was killed while its snapshot was created. */
const killedRun = async (): Promise<void> => {
  const { simulator } = scene
  const api = createHetznerApi({
    name: 'prod',
    endpoint: simulator.url,
    token: simulator.token,
    connection: { transport: transport.client, userAgent: 'imago/test', timing: jumpingTime().timing },
  })
  const key = await getValue(
    api.sshKeys.create({
      name: 'imago-killed-1',
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbc4r7gmXWG3OKIOgKu+LIKRIESdGIPsulpVeJ85Mjd',
      labels,
    }),
  )
  const { server, action } = await getValue(
    api.servers.create({
      name: 'imago-killed-1',
      server_type: 'cx23',
      image: 'debian-13',
      ssh_keys: [key.id],
      labels,
      start_after_create: false,
    }),
  )
  // A new server is locked until its action has ended.
  while ((await getValue(api.actions.get(action?.id ?? 0))).status === 'running')
    await new Promise((resolve) => setTimeout(resolve, 5))
  await getValue(api.servers.createImage(server.id, { description: 'half', labels }))
}

describe('deleteOrphan', () => {
  it('orphans and deleteOrphan find and delete the resources of a killed run', async () => {
    const before = await scene.inventory()
    await killedRun()
    const found = await getValue(scene.source.orphans())
    expect(found).toMatchObject([
      { kind: 'server', name: 'imago-killed-1', run: 'killed', epoch: 2 },
      { kind: 'ssh-key', name: 'imago-killed-1', run: 'killed', epoch: 2 },
      { kind: 'image', name: null, run: 'killed', epoch: 2 },
    ])
    expect(found.every(({ createdAt }) => createdAt !== null)).toBe(true)
    // The image first: the server is locked while the image is created, and the deletion waits.
    for (const orphan of found.toReversed()) await getValue(scene.source.deleteOrphan(orphan))
    expect(await scene.inventory()).toEqual(before)
    for (const orphan of found) await getValue(scene.source.deleteOrphan(orphan))
  })

  it('deleteOrphan stops waiting for a locked server', async () => {
    await killedRun()
    const [server] = await getValue(scene.source.orphans())
    if (server === undefined) throw new Error('nothing was left')
    scene.simulator.faults.add({
      path: '/v1/servers/*',
      method: 'DELETE',
      fault: { kind: 'status', status: 423, body: JSON.stringify(errorBody('locked')) },
    })
    const removed = getError(scene.source.deleteOrphan(server))
    while (scene.simulator.faults.list()[0]?.struck === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    scene.skip(3 * 3_600_000)
    expect(await removed).toMatchObject({ _tag: 'Conflict', operation: 'deleteOrphan' })
  }, 20_000)

  it('deleteOrphan keeps resources of another run', async () => {
    await killedRun()
    const before = await scene.inventory()
    for (const orphan of await getValue(scene.source.orphans())) {
      const error = await getError(scene.source.deleteOrphan({ ...orphan, run: 'another' }))
      expect(error).toMatchObject({
        _tag: 'Forbidden',
        reason: 'not_orphan',
        what: expect.stringContaining('it does not have the label imago-run=another'),
      })
    }
    expect(await scene.inventory()).toEqual(before)
  })

  it('orphans and deleteOrphan ignore resources without the label', async () => {
    const image = await made(scene, new Uint8Array(100_000))
    const before = await scene.inventory()
    expect(await getValue(scene.source.orphans())).toEqual([])
    const error = await getError(
      scene.source.deleteOrphan({
        kind: 'image',
        id: image.ref.id,
        name: null,
        run: 'r1',
        epoch: null,
        createdAt: null,
      }),
    )
    expect(error).toMatchObject({ _tag: 'Forbidden', reason: 'not_orphan', operation: 'deleteOrphan' })
    expect(await scene.inventory()).toEqual(before)
  }, 120_000)
})
