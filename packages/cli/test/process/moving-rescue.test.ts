import { afterEach, expect, jest, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hasMoved, madeBy, movingScene, type Started } from './moving-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = movingScene()
/** Bytes that do not compress, so that as many go over the line. */
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(4 * 2 ** 20)])
const HALF = 2 * 2 ** 20

/** Connections of SSH come to a standstill in the middle of the image. */
const stallRescue = (): void => void scene.hetzner().faults.add({ method: 'SSH', fault: { kind: 'stall', atByte: HALF } })
afterEach(() => scene.hetzner().faults.clear())

/** An import that stands still while the disk is written. */
const halfImported = async (name: string): Promise<Started> => {
  const file = scene.folder.file(`${name}.raw`, DISK)
  stallRescue()
  const started = scene.start(['upload', file, `production:${name}`, '--source-format', 'raw', '--arch', 'x86_64', '--progress', 'json'])
  await started.told(hasMoved('upload', HALF / 2))
  return started
}

const end = async (started: Started, signal: NodeJS.Signals): ReturnType<typeof scene.imago> => {
  started.signal(signal)
  const ran = await started.ended
  scene.hetzner().faults.clear()
  return ran
}

const stoppedRun = async (): Promise<string> => {
  const stopped = (await scene.runs()).filter(({ state }) => state === 'stopped')
  expect(stopped).toHaveLength(1)
  return stopped[0]?.run ?? ''
}

/** The first bytes of a disk, as many as the image has. */
const isDisk = (path: string): boolean => Buffer.compare(readFileSync(path), DISK) === 0

test('killed while Hetzner’s disk is written, and later while it is read: it is told what was left, and each run goes on', async () => {
  const before = await scene.inventory()
  expect((await end(await halfImported('killed'), 'SIGKILL')).code).toBe(null)
  const importing = await stoppedRun()
  expect(await scene.leftovers()).toEqual([`server of ${importing}`, `ssh-key of ${importing}`])

  const snapshot = madeBy(await scene.imago(['resume', '-o', 'json']))
  const imported = await scene.inventory()
  expect(imported).toEqual({ ...before, snapshots: [...before.snapshots, 'killed'] })

  const path = scene.folder.path('exported.raw')
  stallRescue()
  const started = scene.start(['download', `production:id:${snapshot}`, '-O', path, '--progress', 'json'])
  await started.told(hasMoved('download', HALF / 2))
  expect([(await end(started, 'SIGKILL')).code, existsSync(path)]).toEqual([null, false])
  const exporting = await stoppedRun()
  expect(await scene.leftovers()).toEqual([`server of ${exporting}`, `ssh-key of ${exporting}`])

  expect((await scene.imago(['resume', exporting])).code).toBe(0)
  expect(isDisk(path)).toBe(true)
  expect(await scene.inventory()).toEqual(imported)
  expect(await scene.leftovers()).toEqual([])
  expect((await scene.runs()).map(({ state }) => state)).toEqual(['done', 'done'])
})

test('what a killed import left is removed by cleanup, of its run alone', async () => {
  const before = await scene.inventory()
  await end(await halfImported('abandoned'), 'SIGKILL')
  const run = await stoppedRun()
  expect((await scene.imago(['cleanup', 'production', '--run', 'another', '--yes'])).stderr).toBe('imago: nothing was left behind\n')
  expect((await scene.leftovers()).length).toBe(2)
  const forgotten = await scene.imago(['resume', '--forget', run])
  expect([forgotten.code, forgotten.stderr.includes(`imago cleanup --run ${run}`)]).toEqual([0, true])
  const removed = await scene.imago(['cleanup', 'production', '--run', run, '--yes'])
  expect([removed.code, removed.stderr.split('\n').filter((line) => line.endsWith(' is removed')).length]).toEqual([0, 2])
  expect(await scene.inventory()).toEqual(before)
})

test('Ctrl-C while the disk is written leaves nothing behind', async () => {
  const before = await scene.inventory()
  const { code, stderr } = await end(await halfImported('stopped'), 'SIGINT')
  expect([code, stderr.includes('imago resume')]).toEqual([130, true])
  expect(await scene.inventory()).toEqual(before)
  expect(await scene.leftovers()).toEqual([])
})
