import { describe, expect, it, jest } from '@jest/globals'
import { existsSync } from 'node:fs'
import { madeBy } from './transfer-scene.ts'
import { DISK, rescueScene } from './rescue-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = rescueScene()

describe('interrupted transfers', () => {
  // Ctrl-C, the signal of service managers and CI systems, and that of a closed terminal.
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'a transfer stopped by %s while the disk is written leaves no resources',
    async (signal) => {
      const before = await scene.inventory()
      const { code, stderr } = await scene.end(await scene.halfImported('stopped'), signal)
      expect(code).toBe(130)
      expect(stderr).toContain('imago resume')
      expect(await scene.inventory()).toEqual(before)
      expect(await scene.orphans()).toEqual([])
    },
  )

  it('a transfer killed before its server is deleted adopts the complete snapshot on resume and deletes the server; Ctrl-C during a download leaves no file', async () => {
    const before = await scene.inventory()
    scene.hetzner().faults.add({ method: 'DELETE', path: '/v1/servers/*', fault: { kind: 'latency', ms: 600_000 } })
    const started = scene.start([
      'upload',
      '--yes',
      scene.folder.file('whole.raw', DISK),
      'production:whole',
      '--source-format',
      'raw',
      '--set-arch',
      'x86_64',
    ])
    await started.told((stderr) => /deleting server \d+ and its SSH key/.test(stderr))
    await scene.end(started, 'SIGKILL')
    const run = await scene.stoppedRun()
    expect(await scene.orphans()).toEqual([`server of ${run}`, `ssh-key of ${run}`])
    const snapshot = madeBy(await scene.imago(['resume', '--yes', run, '-o', 'json']))
    const after = { ...before, snapshots: [...before.snapshots, 'whole'] }
    expect(await scene.inventory()).toEqual(after)

    const path = scene.folder.path('whole-again.raw')
    expect((await scene.end(await scene.halfExported(snapshot, path), 'SIGINT')).code).toBe(130)
    expect(existsSync(path)).toBe(false)
    expect(await scene.inventory()).toEqual(after)
  })

  it('a transfer whose standard error is closed continues, and prints its image', async () => {
    const started = scene.start([
      'upload',
      '--yes',
      scene.folder.file('unheard.raw', DISK),
      'production:unheard',
      '--source-format',
      'raw',
      '--set-arch',
      'x86_64',
      '--progress',
      'lines',
    ])
    await started.told((stderr) => stderr.includes('upload: '))
    started.ignore()
    const { code, stdout } = await started.ended
    expect(code).toBe(0)
    expect(stdout).toContain('digest-match')
    expect((await scene.inventory()).snapshots).toContain('unheard')
    expect(await scene.orphans()).toEqual([])
  })
})
