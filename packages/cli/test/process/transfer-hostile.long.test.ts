import { describe, expect, it, jest } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { computeImageId, type Plan } from '@imago/transfer'
import { madeBy, movingScene } from './transfer-scene.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const scene = movingScene()
const { imago } = scene
const DISK = Buffer.concat([Buffer.alloc(512, 7), randomBytes(2 ** 20)])
const QUIET = ['-o', 'json', '--progress', 'none']
const journals = (): string => join(scene.folder.path('home'), '.local/state/imago/runs')
const toJournalPath = (run: string): string => join(journals(), `${run}.ndjson`)

const planned = async (...words: readonly string[]): Promise<Plan> =>
  JSON.parse((await imago(['plan', ...words, '-o', 'json'])).stdout) as Plan
const readStatus = async (id: string, cloud = 'demo'): Promise<string | null> => {
  const { code, stdout } = await imago(['api', cloud, `/v2/images/${id}`])
  return code === 0 ? (JSON.parse(stdout) as { readonly status: string }).status : null
}
/** Creates an image in a project, with these fields and data. */
const made = async (cloud: string, record: object, bytes: Buffer): Promise<string> => {
  const { stdout } = await imago(
    ['api', cloud, 'POST', '/v2/images', '--input', '-'],
    JSON.stringify({ name: 'trap', disk_format: 'raw', container_format: 'bare', ...record }),
  )
  const { id } = JSON.parse(stdout) as { readonly id: string }
  const { code } = await imago([
    'api',
    cloud,
    'PUT',
    `/v2/images/${id}/file`,
    '--input',
    scene.folder.file(`${id}.raw`, bytes),
    '-H',
    'content-type: application/octet-stream',
  ])
  expect(code).toBe(0)
  return id
}
/** Every line is a message of imago, not part of a stack trace. */
const expectMessages = (stderr: string): void =>
  expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('imago: '))).toEqual([])

describe('transfers in a hostile environment', () => {
  it('imago neither adopts nor deletes an image of another project with the ID, tag and bytes of a run', async () => {
    const upload = [scene.folder.file('first.raw', DISK), 'demo:first', '--source-format', 'raw']
    const { id: run } = await planned(...upload)
    const trap = await made('other', { id: computeImageId(run, 0), visibility: 'community', imago_run: run }, DISK)
    const id = madeBy(await imago(['upload', ...upload, ...QUIET]))
    expect(id).toBe(computeImageId(run, 1))
    expect(await readStatus(trap, 'other')).toBe('active')
    expect(await readStatus(id, 'other')).toBeNull()
  })

  it('imago does not resume a journal that names a foreign image, and keeps the image', async () => {
    const upload = [
      'upload',
      scene.folder.file('journal.raw', DISK),
      'demo:journal',
      '--source-format',
      'raw',
      ...QUIET,
    ]
    const id = madeBy(await imago(upload))
    const path = readdirSync(journals())
      .map((name) => join(journals(), name))
      .find((file) => readFileSync(file, 'utf8').includes(id))
    const run = /([0-9a-f-]{36})\.ndjson$/.exec(path ?? '')?.[1] ?? ''
    const foreign = await made('demo', { name: 'precious' }, randomBytes(1000))
    const lines = readFileSync(toJournalPath(run), 'utf8')
      .split('\n')
      .slice(0, -1)
      .filter((line) => !line.includes('"entry":"done"'))
    writeFileSync(toJournalPath(run), `${lines.join('\n')}\n`.replaceAll(id, foreign))
    for (const words of [['resume', run], ['resume']]) {
      const { code, stderr } = await imago([...words, ...QUIET])
      expect(code).toBe(1)
      expect(stderr).toContain(toJournalPath(run))
      expect(stderr).toMatch(/line \d+ names image [0-9a-f-]{36}, which this run cannot create/)
      expectMessages(stderr)
    }
    expect(await readStatus(foreign)).toBe('active')
    // Under another name, the journal would be another run and create a second image.
    writeFileSync(toJournalPath(run), `${lines.join('\n')}\n`)
    const other = '0e3093b1-4cc7-599d-af26-e0b47c2359af'
    renameSync(toJournalPath(run), toJournalPath(other))
    const renamed = await imago(['resume', '--yes', other, ...QUIET])
    expect(renamed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`line 1 contains the plan ${run}`),
    })
    expect((await imago(['resume', '--discard', other])).code).toBe(0)
  })

  it('imago detects that checks were removed from a plan file', async () => {
    const file = scene.folder.file('odd.bin', DISK)
    const plan = await planned(file, 'demo:cut', '--source-format', 'ploop', '--disk-format', 'qcow2')
    expect(plan.checks).toContainEqual(expect.objectContaining({ check: 'conversion', effect: 'blocks' }))
    const cut = await imago([
      'apply',
      '--yes',
      scene.folder.file('cut.json', JSON.stringify({ ...plan, checks: [] })),
      ...QUIET,
    ])
    expect(cut).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('was changed after it was created'),
    })
  })

  it('imago refuses a plan with NUL in a path without a stack trace', async () => {
    const plan = await planned(scene.folder.file('nul.raw', DISK), 'demo:nul', '--source-format', 'raw')
    const file = scene.folder.file(
      'nul.json',
      JSON.stringify({ ...plan, source: { ...plan.source, path: '/tmp/a\0b' } }),
    )
    const { code, stderr } = await imago(['apply', '--yes', file, ...QUIET])
    expect(code).toBe(1)
    expect(stderr).toContain(`${file}: not a valid plan: /source/path`)
    expectMessages(stderr)
  })

  // Windows has no file modes or owners to check.
  const onUnix = process.platform === 'win32' ? describe.skip : describe

  onUnix('--spool', () => {
    const copying = async (spool: string): Promise<{ readonly code: number | null; readonly stderr: string }> => {
      const file = scene.folder.file('packed.raw.gz', (await import('node:zlib')).gzipSync(DISK))
      return imago(['upload', file, `demo:${spool.replaceAll(/\W/g, '-')}`, '--spool', spool, ...QUIET])
    }

    it('creates a private directory in a shared one, and refuses a symbolic link in its place', async () => {
      const everyone = scene.folder.path('everyone')
      mkdirSync(everyone)
      chmodSync(everyone, 0o1777)
      expect((await copying(everyone)).code).toBe(0)
      const own = join(everyone, `imago-${process.geteuid?.() ?? ''}`)
      expect(readdirSync(own)).toEqual([])
      rmSync(own, { recursive: true })
      const elsewhere = scene.folder.path('elsewhere')
      mkdirSync(elsewhere, { mode: 0o700 })
      symlinkSync(elsewhere, own)
      // The target differs, so that this is another run.
      const { code, stderr } = await copying(`${everyone}/.`)
      expect(code).toBe(1)
      expect(stderr).toContain(`${own} is not used for the spool: it is a symbolic link`)
      expect(readdirSync(elsewhere)).toEqual([])
    })

    it('fails immediately below /proc without a stack trace', async () => {
      if (!existsSync('/proc/self')) return
      const { code, stderr } = await copying('/proc/imago-spool')
      expect(code).toBe(1)
      expect(stderr).toContain('/proc/imago-spool')
      expectMessages(stderr)
    })
  })
})
