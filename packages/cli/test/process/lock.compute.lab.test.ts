import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { allowInGlance, type ComputeProject, createComputeProject, forbidInGlance, runningComputeLab } from '@imago/lab'
import { readFileSync, writeFileSync } from 'node:fs'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago, type Ran } from './imago.ts'

const SYSTEM = { os_distro: 'debian', os_version: '12', architecture: 'x86_64' }
const folder = temporaryFolder()
const lockFile = folder.path('images.lock.json')
const locked = ['--lock-file', lockFile]
const wishes = ['--file', folder.path('imago.images.yaml')]
let project: ComputeProject
let first: string
let second: string

beforeAll(async () => {
  assertBuilt()
  project = await createComputeProject(runningComputeLab(process.env))
  first = await project.createImage('debian-1', { fields: SYSTEM })
  const server = await project.createServer({ name: 'web', imageId: first })
  // Its snapshot has the same system, and is not an answer.
  await project.nova(`/servers/${server}/action`, { method: 'POST', body: { createImage: { name: 'snapshot' } } })
  await project.serverSettles(server, 'ACTIVE')
})

afterAll(async () => {
  allowInGlance(project.lab, 'get_images')
  await project.remove()
})

const run = (...args: readonly string[]): Promise<Ran> => imago(args, { env: { ...project.environment } })
const readLock = (): string => readFileSync(lockFile, 'utf8')

describe('imago lock with a real OpenStack', () => {
  it('pins the image of the system, and writes the same file again', async () => {
    writeFileSync(wishes[1] ?? '', `images:\n  web: { want: debian@12/x86_64, on: [envvars], pick: newest }\n`)
    expect(await run('lock', ...wishes, ...locked)).toMatchObject({ code: 0, stderr: '' })
    const written = readLock()
    const [pin] = Object.values(JSON.parse(written) as Readonly<Record<string, unknown>>)
    expect(pin).toMatchObject({ id: first, pin: 'digest', kind: 'image' })
    expect(await run('lock', ...wishes, ...locked)).toMatchObject({ code: 0 })
    expect(readLock()).toBe(written)
    expect(await run('lock', '--check', ...wishes, ...locked)).toMatchObject({ code: 0 })
    expect(await run('verify', ...locked)).toMatchObject({ code: 0 })
  })

  it('explains with resolve --why why a snapshot is not the answer', async () => {
    const { code, stdout } = await run('resolve', 'debian@12/x86_64', '--on', 'envvars', '--why')
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^picked .*${first}`, 'm'))
    expect(stdout).toMatch(/^refused .*snapshot.*wrong-kind/m)
  })

  it('keeps the pin when a newer image appears, and moves it with update', async () => {
    second = await project.createImage('debian-2', { fields: SYSTEM })
    expect(await run('lock', ...wishes, ...locked)).toMatchObject({ code: 0 })
    expect(readLock()).toContain(first)
    expect(await run('find', '--locked', 'envvars:web', ...locked)).toMatchObject({ code: 0, stdout: `${first}\n` })
    const { code, stdout } = await run('update', ...wishes, ...locked, '-o', 'markdown')
    expect(code).toBe(0)
    expect(stdout).toContain(second)
    expect(readLock()).toContain(second)
    expect(readLock()).not.toContain(first)
  })

  it('finds and verifies pins when listing is forbidden', async () => {
    forbidInGlance(project.lab, 'get_images', project.projectId)
    expect(await run('list', 'envvars')).toMatchObject({ code: 1, stderr: expect.stringContaining('HTTP 403') })
    expect(await run('find', '--locked', 'envvars:web', ...locked)).toMatchObject({ code: 0, stdout: `${second}\n` })
    expect(await run('verify', ...locked)).toMatchObject({ code: 0 })
    allowInGlance(project.lab, 'get_images')
    expect(await run('list', 'envvars')).toMatchObject({ code: 0 })
  })

  it('reports a pinned image that is gone', async () => {
    await project.glance(`/v2/images/${second}`, { method: 'DELETE' })
    expect(await run('verify', ...locked)).toMatchObject({ code: 5, stdout: expect.stringMatching(/^gone /m) })
    expect(await run('find', '--locked', 'envvars:web', ...locked)).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/image not found: .* pinned in .* as web on openstack\/envvars/),
    })
    // The lock keeps its pins; update resolves them again.
    const before = readLock()
    expect(await run('lock', ...wishes, ...locked)).toMatchObject({ code: 0 })
    expect(readLock()).toBe(before)
    expect(await run('update', ...wishes, ...locked)).toMatchObject({ code: 0 })
    expect(readLock()).toContain(first)
  })
})
