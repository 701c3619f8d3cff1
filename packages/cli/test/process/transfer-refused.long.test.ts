import { describe, expect, it, jest } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { vectorImage } from '../../../inspect/test/images.ts'
import { hasMoved, madeBy, movingScene } from './transfer-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = movingScene()
const { imago } = scene
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(3 * 2 ** 20)])
const toJournalPath = (run: string): string =>
  join(scene.folder.path('home'), '.local/state/imago/runs', `${run}.ndjson`)
const spooled = (): readonly string[] => {
  const spool = join(scene.folder.path('home'), '.cache/imago/spool')
  return existsSync(spool)
    ? readdirSync(spool, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [entry.name] : [],
      )
    : []
}

describe('refused transfers', () => {
  it('upload refuses an invalid partition table unless allowed, and leaves no image', async () => {
    const file = scene.folder.file('odd.raw', vectorImage('gpt-badchs'))
    const upload = ['upload', file, 'demo:odd', '--source-format', 'raw']
    const refused = await imago(upload)
    expect(refused).toMatchObject({
      code: 6,
      stdout: expect.stringMatching(/^Blocked \(source-content\): .*\(--allow mbr\)\.$/m),
      stderr: 'imago: the plan is blocked; nothing was transferred\n',
    })
    expect((await imago(['find', 'demo:odd'])).code).toBe(3)
    expect((await imago([...upload, '--allow', 'gpt'])).code).toBe(2)

    const id = madeBy(await imago([...upload, '--allow', 'mbr', '-o', 'json', '--progress', 'none']))
    expect((await imago(['find', 'demo:odd', '-o', 'id'])).stdout).toContain(id)
  })

  it('resume --discard deletes the journal and staged image of a run, unless it is running', async () => {
    const id = madeBy(
      await imago([
        'upload',
        scene.folder.file('forgotten.raw', DISK),
        'demo:forgotten',
        '--source-format',
        'raw',
        '-o',
        'json',
      ]),
    )
    scene.openstack().faults.add({ path: `/image/v2/images/${id}/file`, fault: { kind: 'stall', atByte: 2 ** 21 } })
    const started = scene.start(['copy', `demo:id:${id}`, 'other:', '--yes', '--progress', 'json'])
    await started.told(hasMoved('download', 2 ** 20))
    const run = (await scene.runs()).find(({ state }) => state === 'running')?.run ?? ''
    const early = await imago(['resume', '--discard', run])
    expect(early.code).toBe(1)
    expect(early.stderr).toContain(`run ${run}`)
    expect(existsSync(toJournalPath(run))).toBe(true)

    started.signal('SIGKILL')
    await started.ended
    scene.openstack().faults.clear()
    expect(spooled()).toHaveLength(1)
    expect((await imago(['resume', '--discard'])).code).toBe(2)
    expect((await imago(['resume', '--discard', '00000000'])).code).toBe(3)
    const forgotten = await imago(['resume', '--discard', run.slice(0, 13)])
    expect(forgotten.code).toBe(0)
    expect(forgotten.stderr).toBe(
      `imago: openstack/demo@RegionOne:forgotten to openstack/other@RegionOne:forgotten discarded. To delete its resources in clouds: imago cleanup --run ${run}\n`,
    )
    expect(existsSync(toJournalPath(run))).toBe(false)
    expect(spooled()).toEqual([])
    expect((await scene.runs()).filter((one) => one.run === run)).toEqual([])
  })
})
