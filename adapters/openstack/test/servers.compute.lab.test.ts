import {
  createErrorSite,
  listAll,
  perform,
  waitFor,
  type ImageError,
  type ImageSource,
  type Operation,
  type ServerImage,
} from '@imago/core/provider'
import { createTransport, systemTiming } from '@imago/http'
import { type ComputeProject, createComputeProject, type LabUser, runClient, runningComputeLab } from '@imago/lab'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type * as E from 'fp-ts/lib/Either.js'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenstackSource, type OpenstackOptions, type ServiceSettings } from '../src/index.ts'
import { toSourceOptions, getValue } from './cloud.ts'
import { getError } from './get-error.ts'

const lab = runningComputeLab(process.env)
const transport = createTransport()
let project: ComputeProject
let source: ImageSource
let image: string
/** By their distinguishing feature. */
const servers = { plain: '', volumeBooted: '', shelved: '' }

const optionsFor = ({ id, password }: LabUser, compute: ServiceSettings = {}): OpenstackOptions =>
  toSourceOptions(
    { authUrl: lab.authUrl, region: lab.region, userId: id, password, project: project.projectId, compute },
    transport,
  )

beforeAll(async () => {
  project = await createComputeProject(lab)
  source = createOpenstackSource(optionsFor(project.user))
  image = await project.createImage('base')
  servers.plain = await project.createServer({ name: 'web-1', imageId: image })
  servers.volumeBooted = await project.createServer({ name: 'database', imageId: image, volumeBooted: true })
  servers.shelved = await project.createServer({ name: 'shelf', imageId: image })
  await project.nova(`/servers/${servers.shelved}/action`, { method: 'POST', body: { shelve: null } })
  await project.serverSettles(servers.shelved, 'SHELVED', 'SHELVED_OFFLOADED')
})

afterAll(async () => {
  await project.remove()
  transport.close()
})

const take = (serverId: string, name: string): Promise<ServerImage> =>
  getValue(perform(source, 'createFromServer', { serverId, name, description: 'nightly' }))

const ended = ({ operation }: ServerImage): Promise<E.Either<ImageError, Operation>> =>
  waitFor(createErrorSite(source.cloud, 'createFromServer'), perform(source, 'operation', operation.id), {
    ...systemTiming,
    intervalMs: 50,
    deadlineMs: 60_000,
  })()

describe('servers', () => {
  it('lists the same servers as openstack, including servers without an image and shelved ones', async () => {
    const { stdout } = await runClient('openstack', ['server', 'list', '--format', 'json'], {
      environment: project.environment,
    })
    const expected = (
      JSON.parse(stdout) as readonly { readonly ID: string; readonly Name: string; readonly Status: string }[]
    )
      .map(({ ID, Name, Status }) => ({ id: ID, name: Name, status: Status, labels: {} }))
      .toSorted((one, other) => one.id.localeCompare(other.id))
    const listed = await getValue(perform(source, 'servers', {}))
    expect(listed.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(expected)
    expect(listed.find(({ id }) => id === servers.shelved)?.status).toMatch(/^SHELVED/)
  })
})

describe('createFromServer', () => {
  it('creates an image of a running server', async () => {
    const made = await take(servers.plain, 'web-1-snapshot')
    expect(made.image.status).toBe('pending')
    expect(await ended(made)).toMatchObject({ right: { kind: 'createImage', status: 'success' } })
    const { status, size, kind, description, origins } = await getValue(source.get(made.image.ref.id))
    expect({ status, kind, description, stored: size.stored }).toEqual({
      status: 'available',
      kind: 'snapshot',
      description: 'nightly',
      stored: 1 << 20,
    })
    expect(origins.map(({ relation, id }) => [relation, id])).toEqual([
      ['created-from', servers.plain],
      ['based-on', image],
    ])
  })

  it.each(['before', 'during'])(
    'reports a snapshot that fails %s its upload, although the server stays ACTIVE',
    async (failure) => {
      const server = await project.createServer({
        name: `fails-${failure}`,
        imageId: image,
        metadata: { lab_failure: failure, lab_pending_seconds: '1', lab_upload_seconds: '1' },
      })
      const result = await ended(await take(server, `fails-${failure}-snapshot`))
      expect(result).toMatchObject({
        left: { _tag: 'Rejected', what: 'the snapshot failed: Nova has deleted its image' },
      })
      await project.serverSettles(server, 'ACTIVE')
    },
  )

  it('waits for the duration of the upload', async () => {
    const server = await project.createServer({ name: 'slow', imageId: image, metadata: { lab_upload_seconds: '3' } })
    const statuses = new Set<string>()
    const made = await take(server, 'slow-snapshot')
    const poll = perform(source, 'operation', made.operation.id)
    const result = await waitFor(createErrorSite(source.cloud, 'createFromServer'), poll, {
      ...systemTiming,
      intervalMs: 50,
      deadlineMs: 60_000,
      onProgress: ({ status }) => statuses.add(status),
    })()
    expect(result).toMatchObject({ right: { status: 'success' } })
    expect([...statuses]).toEqual(['running', 'success'])
  })

  it('creates an image without data for a server that boots from a volume, with its data in a Cinder snapshot', async () => {
    const made = await take(servers.volumeBooted, 'database-snapshot')
    expect(made.operation.status).toBe('success')
    const { status, kind, size, raw } = await getValue(source.get(made.image.ref.id))
    expect({ status, kind, stored: size.stored }).toEqual({ status: 'available', kind: 'snapshot', stored: 0 })
    const { items } = await getValue(listAll(source, { kind: 'snapshot' }))
    expect(items.map(({ ref }) => ref.id)).toContain(made.image.ref.id)
    const [device] = JSON.parse(
      String((raw as Readonly<Record<string, unknown>>)['block_device_mapping']),
    ) as readonly {
      readonly snapshot_id: string
    }[]
    const { stdout } = await runClient('openstack', ['volume', 'snapshot', 'list', '--format', 'json'], {
      environment: project.environment,
    })
    expect((JSON.parse(stdout) as readonly { readonly ID: string }[]).map(({ ID }) => ID)).toContain(
      device?.snapshot_id,
    )
  })

  it('returns Conflict for a shelved server', async () => {
    const error = await getError(perform(source, 'createFromServer', { serverId: servers.shelved, name: 'never' }))
    expect(error._tag).toBe('Conflict')
  })

  it('returns Forbidden for a reader', async () => {
    const reader = createOpenstackSource(optionsFor(project.reader))
    expect((await getValue(perform(reader, 'servers', {}))).map(({ id }) => id)).toContain(servers.plain)
    const error = await getError(perform(reader, 'createFromServer', { serverId: servers.plain, name: 'never' }))
    expect(error._tag).toBe('Forbidden')
  })

  it('reads the ID from Location, as sent below microversion 2.45', async () => {
    const old = await oldNova(project)
    try {
      const at = createOpenstackSource(optionsFor(project.user, { endpointOverride: old.url }))
      const made = await getValue(perform(at, 'createFromServer', { serverId: servers.plain, name: 'old-snapshot' }))
      expect(old.locations.at(-1)).toMatch(new RegExp(`//images/${made.image.ref.id}$`))
      expect(await ended(made)).toMatchObject({ right: { status: 'success' } })
    } finally {
      await old.close()
    }
  })
})

/** The lab's Nova, behaving like a release before Pike: it rejects microversions and responds as 2.1. */
const oldNova = async ({ nova }: ComputeProject) => {
  const locations: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.headers['openstack-api-version'] !== undefined) {
        response.writeHead(406).end()
        return
      }
      void nova((request.url ?? '').replace('/v2.1', ''), {
        method: request.method ?? 'GET',
        headers: { 'openstack-api-version': 'compute 2.1' },
        ...(chunks.length === 0 ? {} : { body: JSON.parse(Buffer.concat(chunks).toString()) as unknown }),
      }).then(({ status, headers, bytes }) => {
        const location = headers.get('location')
        if (location !== null) locations.push(location)
        response.writeHead(status, {
          'content-type': headers.get('content-type') ?? 'application/json',
          ...(location === null ? {} : { location }),
        })
        response.end(bytes)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2.1`,
    locations,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
