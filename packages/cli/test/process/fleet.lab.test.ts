import { eventually, runPsql } from '@imago/lab'
import { describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { findSchemaFaults } from '../schema-faults.ts'
import { setUpFleets } from './fleet-scene.ts'
import type { Started } from './transfer-scene.ts'

const { scene, createDatabase, startWorker } = setUpFleets()

interface Transfer {
  readonly run: string
  readonly state: string
  readonly step: string | null
  readonly reason: string | null
  readonly attempt: number
}
interface Status {
  readonly counts: Readonly<Record<string, number>>
  readonly workers: readonly { readonly worker: string; readonly isDraining: boolean }[]
  readonly failures: readonly { readonly reason: string; readonly transfers: number }[]
  readonly transfers: readonly Transfer[]
}
interface Changes {
  readonly transfers: readonly { readonly run: string; readonly isChanged: boolean }[]
}

const STATES = ['queued', 'running', 'done', 'failed', 'cancelled']

/** The fleet of a new database. */
const createFleet = (name: string) => {
  const url = createDatabase(name)
  const database = ['--database', url]
  const read = async <A>(schema: 'fleet' | 'fleet-changes', args: readonly string[], input = ''): Promise<A> => {
    const { code, stdout, stderr } = await scene.imago(['fleet', ...args, ...database, '-o', 'json'], input)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(findSchemaFaults(schema, stdout)).toEqual([])
    return JSON.parse(stdout) as A
  }
  const status = (): Promise<Status> =>
    read<Status>('fleet', ['status', ...STATES.flatMap((state) => ['--state', state])])
  return {
    url,
    imago: (args: readonly string[], input = '') => scene.imago(['fleet', ...args, ...database], input),
    submit: async (args: readonly string[], input = ''): Promise<Changes> =>
      read('fleet-changes', ['submit', ...args], input),
    change: async (args: readonly string[]): Promise<Changes> => read('fleet-changes', args),
    status,
    start: (args: readonly string[]): Started => startWorker(url, args),
    /** Waits until the only transfer is in a state. */
    waitFor: (state: string): Promise<Transfer> =>
      eventually(`the transfer is ${state}`, async () => {
        const [transfer] = (await status()).transfers
        return transfer?.state === state ? transfer : null
      }),
    finish: async (worker: Started): Promise<string> => {
      const { code, stderr } = await worker.ended
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      return stderr
    },
  }
}

interface Listed {
  readonly images: readonly { readonly id: string; readonly name: string | null; readonly status: string }[]
}

/** The images of the target whose names start so, as `name status`. */
const listImages = async (prefix: string): Promise<readonly string[]> => {
  const { stdout } = await scene.imago(['list', 'other', '--mine', '-o', 'json'])
  return (JSON.parse(stdout) as Listed).images
    .filter(({ name }) => name?.startsWith(prefix) === true)
    .map(({ name, status }) => `${name} ${status}`)
    .sort()
}

/** The number of requests to the server of a method and the end of a path. */
const countRequests = (method: string, path: RegExp): number =>
  scene
    .openstack()
    .requests.all()
    .filter((request) => request.method === method && path.test(request.url)).length

const UPLOAD = { method: 'PUT', path: '/image/v2/images/*/file' }
/**
 * Expects that the only transfer is done, in a later attempt than the first, and returns the number of attempts: one more if the queue gave up the lost
 * worker before its lease of the journal had ended.
 */
const expectContinued = async (fleet: { readonly status: () => Promise<Status> }): Promise<number> => {
  const { transfers } = await fleet.status()
  expect(transfers).toMatchObject([{ state: 'done' }])
  const [{ attempt } = { attempt: 0 }] = transfers
  expect(attempt).toBeGreaterThanOrEqual(2)
  return attempt
}

/** Longer than a worker is waited for. */
const hold = { kind: 'latency', ms: 90_000 } as const

/** Waits until the server has received this number of uploads. */
const waitForUploads = (uploads: number): Promise<true> =>
  eventually(`${uploads} uploads`, async () => countRequests('PUT', /\/file$/) >= uploads || null)

describe('imago fleet', () => {
  it('runs each transfer once, whichever way and however often it is submitted', async () => {
    const fleet = createFleet('once')
    const csv = ['one', 'two', 'three'].map((name) => `demo:golden-app,other:once-${name}\n`).join('')
    const first = await fleet.submit(['--transfers', '-'], `source,target\n${csv}`)
    expect(first.transfers.map(({ isChanged }) => isChanged)).toEqual([true, true, true])
    const runs = first.transfers.map(({ run }) => run)
    const lines =
      '{"source":"demo:golden-app","target":"other:once-two"}\n{"source":"demo:golden-app","target":"other:once-one"}\n'
    const again = await fleet.submit(['--transfers', '-'], lines)
    expect(again.transfers).toEqual([
      { run: runs[1], isChanged: false },
      { run: runs[0], isChanged: false },
    ])
    const plan = await scene.imago(['plan', 'demo:golden-app', 'other:once-three', '-o', 'json'])
    expect((await fleet.submit(['--transfers', '-'], plan.stdout)).transfers).toEqual([
      { run: runs[2], isChanged: false },
    ])
    expect((await fleet.submit(['demo:golden-app', 'other:once-four'])).transfers).toMatchObject([{ isChanged: true }])
    expect((await fleet.status()).counts).toMatchObject({ queued: 4, running: 0 })

    const started = [fleet.start(['--jobs', '2', '--until-empty']), fleet.start(['--jobs', '2', '--until-empty'])]
    for (const worker of started) await fleet.finish(worker)
    const { counts, workers: alive, transfers } = await fleet.status()
    expect(counts).toEqual({ queued: 0, running: 0, done: 4, failed: 0, cancelled: 0 })
    expect(alive).toEqual([])
    expect(transfers.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1])
    expect(await listImages('once-')).toEqual([
      'once-four available',
      'once-one available',
      'once-three available',
      'once-two available',
    ])
    const dump = execFileSync('pg_dump', [fleet.url], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    expect(dump).toContain('golden-app')
    expect(['demo-password', 'gAAAA', scene.hetzner().token].filter((secret) => dump.includes(secret))).toEqual([])
  })

  it('continues a transfer on another worker when one is killed during the upload', async () => {
    const fleet = createFleet('killed')
    await fleet.submit(['demo:golden-app', 'other:killed'])
    scene.openstack().requests.clear()
    scene.openstack().faults.add({ ...UPLOAD, times: 1, fault: hold })
    const killed = fleet.start([])
    await waitForUploads(1)
    killed.signal('SIGKILL')
    await killed.ended
    expect((await fleet.status()).counts).toMatchObject({ running: 1 })
    await fleet.finish(fleet.start(['--until-empty']))
    await expectContinued(fleet)
    expect(await listImages('killed')).toEqual(['killed available'])
  })

  it('continues a transfer on another worker when one is killed during the download', async () => {
    const fleet = createFleet('downloading')
    await fleet.submit(['demo:golden-app', 'other:downloading'])
    scene.openstack().requests.clear()
    scene.openstack().faults.add({
      method: 'GET',
      path: '/image/v2/images/*/file',
      times: 1,
      fault: { kind: 'slow', bytesPerSecond: 2 ** 20 },
    })
    const killed = fleet.start([])
    await eventually('the download has begun', async () => countRequests('GET', /\/file$/) > 0 || null)
    await eventually(
      'a part is downloaded',
      async () => (await fleet.status()).transfers[0]?.step === 'download' || null,
    )
    killed.signal('SIGKILL')
    await killed.ended
    await fleet.finish(fleet.start(['--until-empty']))
    await expectContinued(fleet)
    expect(await listImages('downloading')).toEqual(['downloading available'])
    expect(countRequests('POST', /\/v2\/images$/)).toBe(1)
  })

  it('stops a paused worker that continues after another has taken its transfer', async () => {
    const fleet = createFleet('paused')
    await fleet.submit(['demo:golden-app', 'other:paused'])
    scene.openstack().requests.clear()
    scene.openstack().faults.add({ ...UPLOAD, times: 1, fault: hold })
    const paused = fleet.start([])
    await waitForUploads(1)
    paused.signal('SIGSTOP')
    await fleet.finish(fleet.start(['--until-empty']))
    const attempts = await expectContinued(fleet)
    scene.openstack().requests.clear()
    paused.signal('SIGCONT')
    await paused.told((stderr) => /run \S+: (?:stopped|left)/.test(stderr))
    paused.signal('SIGTERM')
    await fleet.finish(paused)
    expect(await listImages('paused')).toEqual(['paused available'])
    expect(['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => countRequests(method, /\/v2\/images/))).toEqual([
      0, 0, 0, 0,
    ])
    expect(await expectContinued(fleet)).toBe(attempts)
  })

  it('hands its transfers over when it is stopped, without waiting for the heartbeat', async () => {
    const fleet = createFleet('stopped')
    await fleet.submit(['demo:golden-app', 'other:stopped'])
    scene.openstack().requests.clear()
    scene.openstack().faults.add({ ...UPLOAD, times: 1, fault: hold })
    const stopped = fleet.start(['--grace', '1s'])
    await waitForUploads(1)
    stopped.signal('SIGTERM')
    expect(await fleet.finish(stopped)).toMatch(/run \S+: handed over/)
    expect(await fleet.status()).toMatchObject({ counts: { queued: 1, running: 0 }, workers: [] })
    await fleet.finish(fleet.start(['--until-empty']))
    expect(await listImages('stopped')).toEqual(['stopped available'])
  })

  it('limits the transfers of a cloud over all workers', async () => {
    const fleet = createFleet('limited')
    await fleet.submit(
      ['--transfers', '-'],
      'source,target\ndemo:golden-app,other:limited-1\ndemo:golden-app,other:limited-2\n',
    )
    scene.openstack().requests.clear()
    const held = scene.openstack().faults.add({ ...UPLOAD, fault: hold })
    const first = fleet.start(['--cloud-limit', 'other=1', '--jobs', '2'])
    await waitForUploads(1)
    fleet.start(['--cloud-limit', 'other=1', '--jobs', '2'])
    // Both jobs of the second transfer were put off: that of the first worker, and one that the second took.
    await eventually(
      'the other transfer was put off twice',
      async () =>
        Number(runPsql(fleet.url, "SELECT count(*) FROM imago_queue.job WHERE state = 'completed'")) >= 2 || null,
    )
    expect((await fleet.status()).counts).toMatchObject({ queued: 1, running: 1 })
    expect(countRequests('PUT', /\/file$/)).toBe(1)
    scene.openstack().faults.remove(held)
    first.signal('SIGKILL')
    await eventually('both are done', async () => (await fleet.status()).counts['done'] === 2 || null)
    expect(await listImages('limited')).toEqual(['limited-1 available', 'limited-2 available'])
  })

  it('does not retry an error that is final until it is told to', async () => {
    const fleet = createFleet('final')
    await scene.imago(['copy', 'demo:golden-app', 'other:final-source', '-o', 'json'])
    await fleet.submit(['other:final-source', 'demo:final'])
    // As its source.
    expect((await scene.imago(['unprotect', 'other:final-source'])).code).toBe(0)
    expect((await scene.imago(['delete', 'other:final-source', '--yes'])).code).toBe(0)
    await fleet.finish(fleet.start(['--until-empty']))
    expect(await fleet.status()).toMatchObject({
      failures: [{ reason: 'NotFound', transfers: 1 }],
      transfers: [{ state: 'failed', reason: 'NotFound', attempt: 1 }],
    })
    expect((await fleet.change(['retry', '--all'])).transfers).toMatchObject([{ isChanged: true }])
    await fleet.finish(fleet.start(['--until-empty']))
    expect((await fleet.status()).transfers).toMatchObject([{ state: 'failed', attempt: 2 }])
  })

  it('stops a running transfer that is cancelled, and runs it after a retry', async () => {
    const fleet = createFleet('cancelled')
    const { transfers } = await fleet.submit(['demo:golden-app', 'other:cancelled'])
    scene.openstack().requests.clear()
    scene.openstack().faults.add({ ...UPLOAD, times: 1, fault: hold })
    const worker = fleet.start([])
    await waitForUploads(1)
    const run = transfers[0]?.run ?? ''
    expect((await fleet.change(['cancel', run])).transfers).toEqual([{ run, isChanged: true }])
    await worker.told((stderr) => stderr.includes(`run ${run}: stopped`))
    expect((await fleet.change(['cancel', run])).transfers).toEqual([{ run, isChanged: false }])
    expect((await fleet.change(['retry', run])).transfers).toEqual([{ run, isChanged: true }])
    await fleet.waitFor('done')
    expect(await listImages('cancelled')).toEqual(['cancelled available'])
  })

  it('drains workers: they end, and the next transfer waits', async () => {
    const fleet = createFleet('drained')
    const worker = fleet.start([])
    await worker.told((stderr) => stderr.includes('started'))
    const { code, stderr } = await fleet.imago(['drain', '--interval', '1s'])
    expect(code).toBe(0)
    expect(stderr).toContain('imago: draining 1 worker\n')
    await fleet.finish(worker)
    await fleet.submit(['demo:golden-app', 'other:drained'])
    expect((await fleet.status()).counts).toMatchObject({ queued: 1 })
  })

  it('serves health and metrics, and logs events as JSON', async () => {
    const fleet = createFleet('served')
    await fleet.submit(['demo:golden-app', 'other:served'])
    scene.openstack().requests.clear()
    const held = scene.openstack().faults.add({ ...UPLOAD, fault: hold })
    const worker = fleet.start(['--listen', '127.0.0.1:0', '--log', 'json', '--grace', '1s'])
    let log = ''
    await worker.told((stderr) => {
      log = stderr
      return stderr.includes('"begun"')
    })
    const [{ url } = { url: '' }] = log.split('\n', 1).map((line) => JSON.parse(line) as { readonly url: string })
    await waitForUploads(1)
    const read = async (path: string): Promise<string> => {
      const response = await fetch(url + path)
      return `${response.status} ${await response.text()}`
    }
    expect(await read('/healthz')).toBe('200 alive\n')
    expect(await read('/readyz')).toBe('200 ready\n')
    const metrics = await read('/metrics')
    expect(metrics).toContain('imago_fleet_transfers{state="running"} 1\n')
    expect(metrics).toContain('imago_worker_transfers_running 1\n')
    worker.signal('SIGTERM')
    const stderr = await fleet.finish(worker)
    scene.openstack().faults.remove(held)
    const entries = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    expect(entries.map(({ event }) => event)).toEqual(['listening', 'started', 'begun', 'stopping', 'settled'])
    expect(entries.at(-1)).toMatchObject({ level: 'info', result: 'handover', worker: entries[1]?.['worker'] })
  })

  it('refuses files and secrets that workers do not have', async () => {
    const fleet = createFleet('refused')
    const path = scene.folder.file('refused.raw', Buffer.alloc(2 ** 20, 7))
    const file = await fleet.imago(['submit', path, 'other:refused', '--source-format', 'raw'])
    expect(file.code).not.toBe(0)
    expect(file.stderr).toContain('workers cannot read the files of this machine')
    const target = await fleet.imago(['submit', 'demo:golden-app', scene.folder.path('refused-target.raw')])
    expect(target.code).not.toBe(0)
    expect(target.stderr).toContain('workers cannot write the files of this machine')
    expect((await fleet.status()).transfers).toEqual([])
  })
})
