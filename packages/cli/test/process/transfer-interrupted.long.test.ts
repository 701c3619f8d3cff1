import { expect, jest, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { madeBy } from './transfer-scene.ts'
import { DISK, rescueScene } from './rescue-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = rescueScene()

// Ctrl-C; what a service manager or a CI stops a job by; a terminal that was closed.
test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'stopped by %s while the disk is written leaves nothing behind',
  async (signal) => {
    const before = await scene.inventory()
    const { code, stderr } = await scene.end(await scene.halfImported('stopped'), signal)
    expect([code, stderr.includes('imago resume')]).toEqual([130, true])
    expect(await scene.inventory()).toEqual(before)
    expect(await scene.leftovers()).toEqual([])
  },
)

test('killed when the snapshot was whole and its server was not gone: the snapshot stays the one, the server goes; Ctrl-C while it is read', async () => {
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
  await started.told((stderr) => /server \d+ and its key are removed/.test(stderr))
  await scene.end(started, 'SIGKILL')
  const run = await scene.stoppedRun()
  expect(await scene.leftovers()).toEqual([`server of ${run}`, `ssh-key of ${run}`])
  const snapshot = madeBy(await scene.imago(['resume', '--yes', run, '-o', 'json']))
  const after = { ...before, snapshots: [...before.snapshots, 'whole'] }
  expect(await scene.inventory()).toEqual(after)

  const path = scene.folder.path('whole-again.raw')
  expect([(await scene.end(await scene.halfExported(snapshot, path), 'SIGINT')).code, existsSync(path)]).toEqual([
    130,
    false,
  ])
  expect(await scene.inventory()).toEqual(after)
})

test('whose standard error nobody reads any more goes on, and tells of its image', async () => {
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
  expect([code, stdout.includes('digest-match')]).toEqual([0, true])
  expect((await scene.inventory()).snapshots).toContain('unheard')
  expect(await scene.leftovers()).toEqual([])
})
