import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  askLab,
  type ComputeProject,
  createComputeProject,
  eventually,
  logIn,
  runClient,
  runningComputeLab,
} from '../src/index.ts'

type WireRecord = Readonly<Record<string, unknown>>

const lab = runningComputeLab(process.env)
let project: ComputeProject
let image: string

beforeAll(async () => {
  project = await createComputeProject(lab)
  image = await project.createImage('base')
})

afterAll(async () => {
  await project.remove()
})

const imageAt = async (id: string): Promise<WireRecord | null> => {
  const response = await project.glance(`/v2/images/${id}`)
  return response.status === 404 ? null : (response.json() as WireRecord)
}

/** Calls createImage of microversion 2.45, and returns the new image's ID. */
const snapshot = async (server: string, name: string): Promise<string> => {
  const response = await project.nova(`/servers/${server}/action`, {
    method: 'POST',
    body: { createImage: { name } },
    headers: { 'openstack-api-version': 'compute 2.45' },
  })
  expect(response.status).toBe(202)
  return (response.json() as { readonly image_id: string }).image_id
}

/** Returns the successive statuses of an image until it is active or gone (`null`). */
const readStatuses = async (id: string): Promise<readonly unknown[]> => {
  const seen: unknown[] = []
  await eventually('the snapshot ends', async () => {
    const { status: shown = null } = (await imageAt(id)) ?? {}
    // Glance 33 briefly shows the record of an image that it is deleting.
    const status = shown === 'deleted' ? null : shown
    if (seen.at(-1) !== status || seen.length === 0) seen.push(status)
    return status === 'active' || status === null ? true : null
  })
  return seen
}

const openstack = async (...parameters: readonly string[]): Promise<readonly WireRecord[]> => {
  const { exitCode, stdout, stderr } = await runClient('openstack', [...parameters, '--format', 'json'], {
    environment: project.environment,
  })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as readonly WireRecord[]
}

describe('the catalog', () => {
  it('has Nova, Placement and Cinder', async () => {
    const { body } = await logIn(lab, project.user)
    const { token } = body as {
      readonly token: {
        readonly catalog: readonly { readonly type: string; readonly endpoints: readonly { readonly url: string }[] }[]
      }
    }
    const findUrl = (type: string) => token.catalog.find((service) => service.type === type)?.endpoints[0]?.url
    expect(findUrl('compute')).toBe(lab.compute.computeUrl)
    expect(findUrl('placement')).toBe(lab.compute.placementUrl)
    expect(findUrl('volumev3')).toBe(`${lab.compute.volumeUrl}/${project.projectId}`)
  })

  it('has versions of the release', async () => {
    const response = await askLab(`${lab.compute.computeUrl}/`)
    expect(response.json()).toMatchObject({ version: { version: lab.release === 'debian' ? '2.93' : '2.104' } })
  })
})

describe('Nova', () => {
  it('boots a server from an image, and the client lists it', async () => {
    const id = await project.createServer({ name: 'web-1', imageId: image })
    const listed = await openstack('server', 'list')
    expect(listed.find(({ ID }) => ID === id)).toMatchObject({ Name: 'web-1', Status: 'ACTIVE', Image: 'base' })
  })

  it('boots a server from a volume that Cinder creates from the image', async () => {
    const id = await project.createServer({ name: 'database', imageId: image, volumeBooted: true })
    const { image: booted } = await project.serverSettles(id, 'ACTIVE')
    expect(booted).toBe('')
    const volumes = await openstack('volume', 'list', '--long')
    expect(JSON.stringify(volumes)).toContain(id)
  })

  it('creates a snapshot with data', async () => {
    const server = await project.createServer({ name: 'web-2', imageId: image })
    const id = await snapshot(server, 'web-2-snapshot')
    expect((await readStatuses(id)).at(-1)).toBe('active')
    expect(await imageAt(id)).toMatchObject({ size: 1 << 20, instance_uuid: server, base_image_ref: image })
  })

  it('refuses a deleted image', async () => {
    const gone = await project.createImage('gone')
    await project.glance(`/v2/images/${gone}`, { method: 'DELETE' })
    await expect(project.createServer({ name: 'never', imageId: gone })).rejects.toThrow('Can not find requested image')
  })
})

describe('server metadata', () => {
  it('delays snapshots', async () => {
    const server = await project.createServer({
      name: 'slow',
      imageId: image,
      metadata: { lab_pending_seconds: '0.5', lab_upload_seconds: '1.5' },
    })
    const started = performance.now()
    const statuses = await readStatuses(await snapshot(server, 'slow-snapshot'))
    expect(statuses).toEqual(['queued', 'saving', 'active'])
    expect(performance.now() - started).toBeGreaterThan(2000)
  })

  it.each([
    { failure: 'before', statuses: ['queued', null] },
    // Nova retries the upload: queued, saving, queued, saving, queued, saving, gone.
    { failure: 'during', statuses: ['queued', 'saving', null] },
  ])('makes snapshots fail $failure their upload, which the server does not show', async ({ failure, statuses }) => {
    const server = await project.createServer({
      name: `fails-${failure}`,
      imageId: image,
      metadata: { lab_failure: failure, lab_pending_seconds: '0.5', lab_upload_seconds: '2' },
    })
    const seen = await readStatuses(await snapshot(server, `fails-${failure}-snapshot`))
    expect(new Set(seen)).toEqual(new Set(statuses))
    expect(seen.at(-1)).toBeNull()
    expect(await project.serverSettles(server, 'ACTIVE')).not.toHaveProperty('fault')
  })
})
