import { describe, expect, it, jest } from '@jest/globals'
import { labEnvironment, runningLabs } from '@imago/lab'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { madeBy, movingScene } from './transfer-scene.ts'

// Several servers boot, and images are converted, which takes minutes.
jest.setTimeout(240_000)

const [lab] = runningLabs(process.env)
const scene = movingScene({ env: labEnvironment(lab, 'demo') })
const { folder, imago } = scene

const MIB = 2 ** 20
/** A raw disk with holes and data, whose size is not a multiple of a mebibyte. */
const DISK = Buffer.concat([
  Buffer.alloc(512, 7),
  randomBytes(MIB),
  Buffer.alloc(3 * MIB),
  randomBytes(2 * MIB),
  Buffer.alloc(MIB),
  randomBytes(4096),
])

interface Shown {
  readonly name: string | null
  readonly architecture: string | null
  readonly format: { readonly disk: string | null }
  readonly os: { readonly distro: string | null; readonly version: string | null }
  readonly tags: readonly string[]
  readonly properties: Readonly<Record<string, string>>
}

const shown = async (place: string): Promise<Shown> => {
  const { code, stdout, stderr } = await imago(['show', place, '-o', 'json'])
  expect(code).toBe(0)
  expect(stderr).toBe('')
  const [image] = (JSON.parse(stdout) as { readonly images: readonly Shown[] }).images
  if (image === undefined) throw new Error(`nothing is shown of ${place}`)
  return image
}

const download = async (place: string, name: string): Promise<Buffer> => {
  const path = folder.path(name)
  expect((await imago(['download', place, '-O', path, '-o', 'json'])).code).toBe(0)
  return readFileSync(path)
}

const remove = async (...places: readonly string[]): Promise<void> => {
  for (const place of places) expect((await imago(['delete', place, '--yes'])).code).toBe(0)
}

describe('transfers at a real Glance', () => {
  it('a copy from a real Glance to Hetzner’s rescue system and back keeps the raw data and the metadata', async () => {
    const raw = folder.file('disk.raw', DISK)
    const qcow2 = folder.path('disk.qcow2')
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, qcow2])
    const about = [
      '--set-arch',
      'x86_64',
      '--set-property',
      'os_distro=debian',
      '--set-property',
      'os_version=12',
      '--set-property',
      'team=Web & Ops',
      '--set-tag',
      'lts',
      '--set-tag',
      'größe: 1',
    ]
    const first = madeBy(
      await imago(['upload', qcow2, 'demo:round-trip', '--source-format', 'qcow2', ...about, '-o', 'json']),
    )
    const snapshot = madeBy(
      await imago(['copy', `demo:id:${first}`, 'production:', '--yes', '-o', 'json', '--progress', 'none']),
    )
    const back = madeBy(
      await imago([
        'copy',
        `production:id:${snapshot}`,
        'demo:',
        '--disk-format',
        'raw',
        '--yes',
        '-o',
        'json',
        '--progress',
        'none',
      ]),
    )

    const data = await download(`demo:id:${back}`, 'back.raw')
    expect(data.length).toBe(DISK.length)
    expect(Buffer.compare(data, DISK)).toBe(0)
    const [before, after] = [await shown(`demo:id:${first}`), await shown(`demo:id:${back}`)]
    for (const key of ['name', 'architecture', 'os', 'tags'] as const)
      expect({ [key]: after[key] }).toEqual({ [key]: before[key] })
    expect(after.properties).toMatchObject({ os_distro: 'debian', os_version: '12', team: 'Web & Ops' })
    expect(before.format.disk).toBe('qcow2')
    expect(after.format.disk).toBe('raw')

    expect(await scene.orphans()).toEqual([])
    expect(await scene.inventory()).toMatchObject({
      servers: expect.not.arrayContaining([expect.stringContaining('imago')]),
      keys: expect.not.arrayContaining([expect.stringContaining('imago')]),
    })
    await remove(`demo:id:${first}`, `demo:id:${back}`, `production:id:${snapshot}`)
  })
})
