import { eventually, runPsql } from '@imago/lab'
import { describe, expect, it } from '@jest/globals'
import { findSchemaFaults } from '../schema-faults.ts'
import { setUpFleets } from './fleet-scene.ts'
import type { Started } from './transfer-scene.ts'

const { scene, createDatabase, startWorker } = setUpFleets()

interface Status {
  readonly schedules: readonly unknown[]
  readonly inventory: {
    readonly queued: number
    readonly running: number
    readonly done: number
    readonly failed: number
    readonly images: number
    readonly failures: readonly { readonly cloud: string; readonly reason: string }[]
  }
}

const createFleet = (name: string) => {
  const url = createDatabase(name)
  const database = ['--database', url]
  const run = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await scene.imago(['fleet', ...args, ...database])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }
  return {
    url,
    imago: (args: readonly string[]) => scene.imago(['fleet', ...args, ...database]),
    run,
    status: async (): Promise<Status> => {
      const stdout = await run(['status', '-o', 'json'])
      expect(findSchemaFaults('fleet', stdout)).toEqual([])
      return JSON.parse(stdout) as Status
    },
    start: (args: readonly string[]): Started => startWorker(url, args),
    count: (query: string): number => Number(runPsql(url, `SELECT count(*) FROM imago.${query}`)),
  }
}

const IMAGES = 'images WHERE superseded_at IS NULL AND missing_since IS NULL'
const LIST = { method: 'GET', path: '/image/v2/images' }

const end = async (worker: Started): Promise<void> => {
  const { code, stderr } = await worker.ended
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
}

describe('imago fleet inventory', () => {
  it('stores the images of all clouds, which other commands read', async () => {
    const fleet = createFleet('stores')
    await fleet.run(['inventory'])
    await fleet.run(['inventory'])
    const { queued } = (await fleet.status()).inventory
    expect(queued).toBeGreaterThan(2)
    const started = [fleet.start(['--until-empty']), fleet.start(['--until-empty'])]
    for (const worker of started) await end(worker)
    const { inventory } = await fleet.status()
    expect(inventory).toMatchObject({ queued: 0, running: 0, done: queued, failed: 0, failures: [] })
    expect(fleet.count(IMAGES)).toBe(inventory.images)
    // The second command queued nothing, because the clouds were queued.
    expect(fleet.count('runs')).toBe(queued)
    const report = await scene.imago(['report', '--from', fleet.url, '-o', scene.folder.path('report.html')])
    expect({ code: report.code, stderr: report.stderr }).toMatchObject({ code: 0 })
  })

  it('keeps the images of a cloud that fails in another database, and stores the others', async () => {
    const fleet = createFleet('fails')
    const other = createFleet('fails_store')
    const work = (): Promise<void> => end(fleet.start(['--until-empty', '--inventory-store', other.url]))
    await fleet.run(['inventory', 'demo', 'production'])
    await work()
    const before = other.count(IMAGES)
    expect(before).toBeGreaterThan(0)
    scene.openstack().faults.add({ ...LIST, fault: { kind: 'status', status: 403 } })
    await fleet.run(['inventory', 'demo', 'production'])
    await work()
    const { inventory } = await fleet.status()
    expect(inventory).toMatchObject({ done: 1, failed: 1, failures: [{ reason: expect.stringContaining('403') }] })
    expect(inventory.failures[0]?.cloud).toContain('demo')
    expect(other.count(IMAGES)).toBe(before)
    expect(other.count("runs WHERE images_completeness <> 'read'")).toBe(1)
  })

  it('stores nothing of a worker that is killed, and another worker stores the cloud', async () => {
    const fleet = createFleet('killed')
    scene.openstack().faults.add({ ...LIST, fault: { kind: 'latency', ms: 90_000 } })
    await fleet.run(['inventory', 'demo'])
    const lost = fleet.start([])
    await eventually('the cloud is read', async () => (await fleet.status()).inventory.running === 1 || null)
    lost.signal('SIGKILL')
    await lost.ended
    scene.openstack().faults.clear()
    await end(fleet.start(['--until-empty']))
    expect((await fleet.status()).inventory).toMatchObject({ done: 1, failed: 0 })
    expect(fleet.count('runs')).toBe(1)
    expect(fleet.count(IMAGES)).toBeGreaterThan(0)
  })
})

describe('imago fleet schedule', () => {
  it('queues inventories at the time of a schedule, until it is deleted', async () => {
    const fleet = createFleet('scheduled')
    await fleet.run(['schedule', 'often', '--cron', '* * * * *', '--time-zone', 'Europe/Berlin', 'demo'])
    expect((await fleet.status()).schedules).toEqual([
      { name: 'often', cron: '* * * * *', timezone: 'Europe/Berlin', clouds: ['demo'] },
    ])
    fleet.start([])
    await eventually('the cloud is stored', async () => (await fleet.status()).inventory.done === 1 || null)
    await fleet.run(['schedule', 'often', '--remove'])
    expect((await fleet.status()).schedules).toEqual([])
  })

  it('refuses an invalid time, an invalid time zone and an unknown schedule', async () => {
    const fleet = createFleet('refused')
    const cron = await fleet.imago(['schedule', 'one', '--cron', 'often'])
    expect(cron.stderr).toContain('invalid schedule "often"')
    const zone = await fleet.imago(['schedule', 'one', '--cron', '* * * * *', '--time-zone', 'Nowhere/City'])
    expect(zone.stderr).toContain('"Nowhere/City"')
    const unknown = await fleet.imago(['schedule', 'one', '--remove'])
    expect(unknown.stderr).toContain('schedule not found: one')
    expect((await fleet.status()).schedules).toEqual([])
  })
})
