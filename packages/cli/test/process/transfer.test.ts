import { describe, expect, it, jest } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { findSchemaFaults } from '../schema-faults.ts'
import { hasMoved, madeBy, movingScene } from './transfer-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = movingScene()
const { folder, imago } = scene
/** A raw disk without a partition table. */
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(3 * 2 ** 20)])

describe('transfer commands', () => {
  it('upload, download and copy keep the bytes and the metadata', async () => {
    const file = folder.file('disk.raw', DISK)
    const id = madeBy(
      await imago([
        'upload',
        file,
        'demo:mine',
        '--source-format',
        'raw',
        '--set-arch',
        'x86_64',
        '--set-label',
        'role=web',
        '--set-tag',
        'lts',
        '-o',
        'json',
      ]),
    )
    const down = folder.path('down.raw')
    expect((await imago(['download', `demo:id:${id}`, '-O', down, '-o', 'json'])).code).toBe(0)
    expect(Buffer.compare(readFileSync(down), DISK)).toBe(0)

    const there = madeBy(await imago(['copy', `demo:id:${id}`, 'other:', '--yes', '-o', 'json']))
    const { stdout } = await imago(['show', `other:id:${there}`, '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      images: [
        {
          name: 'mine',
          architecture: 'x86_64',
          properties: { imago_label_role: 'web' },
          tags: ['lts'],
          format: { disk: 'raw' },
          size: { stored: DISK.length },
        },
      ],
    })

    expect(await imago(['download', `demo:id:${id}`, '-O', down, '--progress', 'none'])).toMatchObject({
      code: 0,
      stderr: '',
    })
    const foreign = folder.file('foreign.raw', 'mine')
    const over = await imago(['download', `demo:id:${id}`, '-O', foreign])
    expect(over.code).toBe(1)
    expect(readFileSync(foreign, 'utf8')).toBe('mine')
  })

  it('a transfer to Hetzner by a rescue server and back keeps the bytes', async () => {
    const file = folder.file('system.raw', DISK)
    const id = madeBy(
      await imago(['upload', file, 'demo:system', '--source-format', 'raw', '--set-arch', 'x86_64', '-o', 'json']),
    )
    const plan = await imago(['plan', `demo:id:${id}`, 'production:', '-o', 'json'])
    expect(plan.code).toBe(0)
    expect(findSchemaFaults('plan', plan.stdout)).toEqual([])
    const snapshot = madeBy(await imago(['apply', '--yes', '-', '-o', 'json', '--progress', 'none'], plan.stdout))
    const back = folder.path('back.raw')
    const down = await imago(['download', '--yes', `production:id:${snapshot}`, '-O', back, '--accept', 'size-match'])
    expect(down.code).toBe(0)
    expect(down.stderr).not.toContain('imago: ')
    expect(Buffer.compare(readFileSync(back).subarray(0, DISK.length), DISK)).toBe(0)
    expect(await scene.orphans()).toEqual([])
  })

  it('resume continues a killed run', async () => {
    const file = folder.file('killed.raw', Buffer.concat([DISK, DISK]))
    const id = madeBy(await imago(['upload', file, 'demo:killed', '--source-format', 'raw', '-o', 'json']))
    scene.openstack().faults.add({ path: `/image/v2/images/${id}/file`, fault: { kind: 'stall', atByte: 2 * 2 ** 20 } })
    const started = scene.start(['copy', `demo:id:${id}`, 'other:', '--yes', '--progress', 'json'])
    await started.told(hasMoved('download', 2 ** 20))
    started.signal('SIGKILL')
    await started.ended
    scene.openstack().faults.clear()

    const stopped = (await scene.runs()).filter(({ state }) => state === 'stopped')
    expect(stopped).toHaveLength(1)
    const there = madeBy(await imago(['resume', '--yes', stopped[0]?.run.slice(0, 13) ?? '', '-o', 'json']))
    const copy = folder.path('resumed.raw')
    expect((await imago(['download', `other:id:${there}`, '-O', copy])).code).toBe(0)
    expect(Buffer.compare(readFileSync(copy), Buffer.concat([DISK, DISK]))).toBe(0)
    expect((await scene.runs()).find(({ run }) => run === stopped[0]?.run)?.state).toBe('done')
  })

  it('--dry-run changes nothing, and usage errors are reported', async () => {
    const path = folder.path('no-image.raw')
    writeFileSync(path, DISK)
    const shown = await imago(['copy', path, 'demo:shown', '--source-format', 'raw', '--dry-run'])
    expect(shown.code).toBe(0)
    expect(shown.stderr).toBe('')
    const asked = await imago(['copy', path, 'production:shown', '--source-format', 'raw', '--set-arch', 'x86'])
    expect(asked.code).toBe(2)
    expect(asked.stderr).toMatch(
      /^imago: confirmation needs a terminal: the transfer orders .*cx.*\. To confirm, add --yes; to preview, add --dry-run\nrun `imago \w+ --help` for usage\n$/,
    )
    const renamed = await imago(['upload', path, 'demo:shown', '--label', 'role=web'])
    expect(renamed.code).toBe(2)
    expect(renamed.stderr).toContain('Use --set-label role=web')
    expect((await imago(['find', 'demo:shown'])).code).toBe(3)
    expect(await imago(['copy', 'demo:x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a source or the target is missing'),
    })
    expect((await imago(['upload', path, 'demo:shown', '--jobs', 'x'])).code).toBe(2)
  })
})
