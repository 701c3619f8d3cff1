import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ComputeProject, createComputeProject, runClient, runningComputeLab } from '@imago/lab'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago, type Ran } from './imago.ts'

const CLOUD = 'envvars'
const folder = temporaryFolder()
let project: ComputeProject
let base: string

beforeAll(async () => {
  assertBuilt()
  project = await createComputeProject(runningComputeLab(process.env))
  base = await project.createImage('base')
  await project.createServer({ name: 'web-1', imageId: base, metadata: { role: 'web' } })
  await project.createServer({ name: 'web-2', imageId: base, metadata: { role: 'web' } })
  await project.createServer({ name: 'database', imageId: base, volumeBooted: true })
  await project.createServer({
    name: 'fails',
    imageId: base,
    metadata: { role: 'web', lab_failure: 'during', lab_upload_seconds: '1' },
  })
})

afterAll(async () => {
  await project.remove()
})

const run = (...args: readonly string[]): Promise<Ran> => imago(args, { env: { ...project.environment } })

/** The name, status and size of an image, as printed by openstack. */
const shown = async (id: string): Promise<unknown> => {
  const { stdout } = await runClient('openstack', ['image', 'show', '--format', 'json', id], {
    environment: project.environment,
  })
  const { name, status, size } = JSON.parse(stdout) as Readonly<Record<string, unknown>>
  return { name, status, size }
}

describe('imago snapshot with a real Nova', () => {
  it('prints the ID of the image when it is active', async () => {
    const { code, stdout } = await run('snapshot', `${CLOUD}:web-1`, '--set-name', 'web-before', '-q')
    expect(code).toBe(0)
    expect(await shown(stdout.trim())).toEqual({ name: 'web-before', status: 'active', size: 1 << 20 })
  })

  it('reports a failed snapshot, and leaves no image', async () => {
    const { code, stdout, stderr } = await run('snapshot', `${CLOUD}:fails`, '--set-name', 'never', '-q')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('create image: server fails: the snapshot failed: Nova has deleted its image')
    const { stdout: left } = await runClient('openstack', ['image', 'list', '--name', 'never', '--format', 'json'], {
      environment: project.environment,
    })
    expect(JSON.parse(left)).toEqual([])
  })

  it('creates images of all servers with a label, and names the one that fails', async () => {
    const { code, stdout, stderr } = await run('snapshot', '--label', 'role=web', '-c', 'name', '--no-header')
    expect(code).toBe(1)
    expect(stdout.trim().split('\n').toSorted()).toEqual(['web-1', 'web-2'])
    expect(stderr).toContain('create image: server fails: the snapshot failed')
    expect(stderr).toMatch(/imago: created images of 2 of 3 servers\n$/)
  })

  it('prints the ID of the image without data when the server boots from a volume', async () => {
    const { code, stdout } = await run('snapshot', `${CLOUD}:database`, '--set-name', 'database-before', '-q')
    expect(code).toBe(0)
    expect(await shown(stdout.trim())).toEqual({ name: 'database-before', status: 'active', size: 0 })
  })

  it('refuses to download an image whose data is in a volume', async () => {
    const { stdout } = await run('snapshot', `${CLOUD}:database`, '--set-name', 'database-again', '-q')
    const { code, stdout: plan } = await run(
      'download',
      `${CLOUD}:id:${stdout.trim()}`,
      '-O',
      folder.path('disk.qcow2'),
    )
    expect(code).toBe(6)
    expect(plan).toContain('Blocked (source-download): ')
  })

  it('names the snapshot in Cinder that remains when such an image is deleted', async () => {
    const listSnapshots = async (): Promise<readonly string[]> => {
      const { stdout } = await runClient('openstack', ['volume', 'snapshot', 'list', '--format', 'json'], {
        environment: project.environment,
      })
      return (JSON.parse(stdout) as readonly { readonly ID: string }[]).map(({ ID }) => ID)
    }
    const before = await listSnapshots()
    expect(await run('snapshot', `${CLOUD}:database`, '--set-name', 'database-old', '-q')).toMatchObject({ code: 0 })
    const snapshot = (await listSnapshots()).find((id) => !before.includes(id)) ?? ''

    const dry = await run('prune', CLOUD, '--name', 'database-old', '--dry-run', '-o', 'json')
    expect(JSON.parse(dry.stdout)).toMatchObject({
      images: [{ action: 'delete', remaining: [{ kind: 'volume-snapshot', id: snapshot }] }],
    })
    const { code, stderr } = await run('prune', CLOUD, '--name', 'database-old', '--yes')
    expect(code).toBe(0)
    expect(stderr).toContain(`openstack volume snapshot delete ${snapshot}`)
    expect(await listSnapshots()).toContain(snapshot)

    const deleted = await runClient('openstack', ['volume', 'snapshot', 'delete', snapshot], {
      environment: project.environment,
    })
    expect(deleted).toMatchObject({ exitCode: 0 })
  })
})
