import { describe, expect, it, jest } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { madeBy } from './transfer-scene.ts'
import { DISK, rescueScene } from './rescue-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = rescueScene()

describe('transfers through a rescue server', () => {
  it('runs killed while a disk of Hetzner is written or read list their orphaned resources, and can be resumed', async () => {
    const before = await scene.inventory()
    expect((await scene.end(await scene.halfImported('killed'), 'SIGKILL')).code).toBe(null)
    const importing = await scene.stoppedRun()
    expect(await scene.orphans()).toEqual([`server of ${importing}`, `ssh-key of ${importing}`])

    const snapshot = madeBy(await scene.imago(['resume', '--yes', '-o', 'json']))
    const imported = await scene.inventory()
    expect(imported).toEqual({ ...before, snapshots: [...before.snapshots, 'killed'] })

    const path = scene.folder.path('exported.raw')
    const { code, stderr } = await scene.end(await scene.halfExported(snapshot, path), 'SIGKILL')
    expect(code).toBeNull()
    expect(existsSync(path)).toBe(false)
    // The size of an image that imago imported is known.
    expect(stderr).toMatch(new RegExp(`"event":"progress","step":"download","bytes":\\d+,"total":${DISK.length},`))
    const exporting = await scene.stoppedRun()
    expect(await scene.orphans()).toEqual([`server of ${exporting}`, `ssh-key of ${exporting}`])

    expect((await scene.imago(['resume', '--yes', exporting])).code).toBe(0)
    expect(Buffer.compare(readFileSync(path), DISK)).toBe(0)
    expect(await scene.inventory()).toEqual(imported)
    expect(await scene.orphans()).toEqual([])
    expect((await scene.runs()).map(({ state }) => state)).toEqual(['done', 'done'])
  })

  it('cleanup --run deletes the resources of the named killed run only', async () => {
    const before = await scene.inventory()
    await scene.end(await scene.halfImported('abandoned'), 'SIGKILL')
    const run = await scene.stoppedRun()
    expect((await scene.imago(['cleanup', 'production', '--run', 'another', '--yes'])).stderr).toBe(
      'imago: no orphaned resources found\n',
    )
    expect((await scene.orphans()).length).toBe(2)
    const forgotten = await scene.imago(['resume', '--discard', run])
    expect(forgotten.code).toBe(0)
    expect(forgotten.stderr).toContain(`imago cleanup --run ${run}`)
    const removed = await scene.imago(['cleanup', 'production', '--run', run, '--yes'])
    expect(removed.code).toBe(0)
    expect(removed.stderr.split('\n').filter((line) => line.endsWith(' deleted'))).toHaveLength(2)
    expect(await scene.inventory()).toEqual(before)
  })
})
