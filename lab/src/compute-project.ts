import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { askLab, type LabResponse, type LabRequest, logIn } from './ask.ts'
import type { ComputeLab, LabUser } from './lab.ts'
import { clientPath } from './run-client.ts'

type WireRecord = Readonly<Record<string, unknown>>

export interface LabServerRequest {
  readonly name: string
  readonly imageId: string
  /** Boot from a volume that Cinder creates from the image. Default: from a copy of the image on the host. */
  readonly volumeBooted?: boolean
  /** For snapshots: `lab_pending_seconds`, `lab_upload_seconds` and `lab_failure` (`before` or `during`); see lab/server/nova_driver.py. */
  readonly metadata?: Readonly<Record<string, string>>
}

export interface LabImageRequest {
  /** Fields of Glance's record, such as `os_distro` or `protected`. */
  readonly fields?: WireRecord
  readonly data?: Uint8Array
}

/** A separate project in a lab with Nova and Cinder, so that tests do not see each other's servers, volumes and images. */
export interface ComputeProject {
  readonly lab: ComputeLab
  /** A user with the role member. */
  readonly user: LabUser
  /** A user with the role reader. */
  readonly reader: LabUser
  readonly projectId: string
  /** The environment of `openstack` and imago: the login, and the release's clients first in `PATH`. */
  readonly environment: Readonly<Record<string, string>>
  readonly nova: (path: string, request?: LabRequest) => Promise<LabResponse>
  readonly cinder: (path: string, request?: LabRequest) => Promise<LabResponse>
  readonly glance: (path: string, request?: LabRequest) => Promise<LabResponse>
  /** Creates an active image and returns its ID. Default: 1 MiB of random data. */
  readonly createImage: (name: string, request?: LabImageRequest) => Promise<string>
  /** Creates a server, waits until it is `ACTIVE`, and returns its ID. */
  readonly createServer: (request: LabServerRequest) => Promise<string>
  /** Creates a volume of 1 GiB from the image and returns its ID. */
  readonly createVolume: (name: string, imageId: string) => Promise<string>
  /** Creates a volume of 1 GiB from Cinder's snapshot and returns its ID. */
  readonly createVolumeFromSnapshot: (name: string, snapshotId: string) => Promise<string>
  /** Waits until the server has one of these statuses and no task. */
  readonly serverSettles: (id: string, ...statuses: readonly string[]) => Promise<WireRecord>
  /** Deletes the project with all of its resources. */
  readonly remove: () => Promise<void>
}

/** The first microversion with `"networks": "none"`: the lab has no network. nova: api-ref/source/servers.inc. */
const MICROVERSION = { 'openstack-api-version': 'compute 2.37' }
const DEADLINE_MS = 120_000

/** Returns the first result that is not null. @throws after two minutes, with the last value */
export const eventually = async <A>(what: string, attempt: () => Promise<A | null>): Promise<A> => {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const result = await attempt()
    if (result !== null) return result
    if (performance.now() > deadline) throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`)
    await setTimeout(100)
  }
}

const accepted = (response: LabResponse): LabResponse => {
  if (response.status >= 300)
    throw new Error(`the lab responded with ${response.status}: ${new TextDecoder().decode(response.bytes)}`)
  return response
}

const recordIn = (response: LabResponse, key: string): WireRecord =>
  (accepted(response).json() as Record<string, WireRecord>)[key] ?? {}
const recordsIn = (response: LabResponse, key: string): readonly WireRecord[] =>
  (accepted(response).json() as Record<string, readonly WireRecord[]>)[key] ?? []

interface Accounts extends Pick<ComputeProject, 'user' | 'reader' | 'projectId'> {
  readonly remove: () => Promise<void>
}

/** Creates a project in the lab's Keystone, with its users. */
const createAccounts = async (lab: ComputeLab): Promise<Accounts> => {
  const { token } = await logIn(lab, lab.users.admin)
  const keystone = async (path: string, request: LabRequest = {}): Promise<LabResponse> =>
    accepted(await askLab(`${lab.authUrl}${path}`, { token, ...request }))
  const create = async (kind: string, body: WireRecord): Promise<string> => {
    const response = await keystone(`/${kind}s`, {
      method: 'POST',
      body: { [kind]: { domain_id: 'default', ...body } },
    })
    return String(recordIn(response, kind)['id'])
  }
  const project = `test-${randomUUID()}`
  const projectId = await create('project', { name: project })
  const createUser = async (role: string): Promise<LabUser> => {
    const name = `${role}-of-${project}`
    const password = randomUUID()
    const id = await create('user', { name, password, default_project_id: projectId })
    const [found] = recordsIn(await keystone(`/roles?name=${role}`), 'roles')
    await keystone(`/projects/${projectId}/users/${id}/roles/${String(found?.['id'])}`, { method: 'PUT' })
    return { id, name, password, project, roles: [role] }
  }
  const user = await createUser('member')
  const reader = await createUser('reader')
  return {
    user,
    reader,
    projectId,
    remove: async () => {
      for (const { id } of [user, reader]) await keystone(`/users/${id}`, { method: 'DELETE' })
      await keystone(`/projects/${projectId}`, { method: 'DELETE' })
    },
  }
}

export const createComputeProject = async (lab: ComputeLab): Promise<ComputeProject> => {
  const { user, reader, projectId, remove } = await createAccounts(lab)
  const { token } = await logIn(lab, user)
  const asking =
    (base: string, headers: Readonly<Record<string, string>> = {}) =>
    (path: string, request: LabRequest = {}): Promise<LabResponse> =>
      askLab(`${base}${path}`, { token, ...request, headers: { ...headers, ...request.headers } })
  const nova = asking(lab.compute.computeUrl, MICROVERSION)
  const cinder = asking(`${lab.compute.volumeUrl}/${projectId}`)
  const glance = asking(lab.imageUrl)

  const serverSettles = (id: string, ...statuses: readonly string[]): Promise<WireRecord> =>
    eventually(`server ${id} becomes ${statuses.join(' or ')}`, async () => {
      const server = recordIn(await nova(`/servers/${id}`), 'server')
      if (server['status'] === 'ERROR' && !statuses.includes('ERROR'))
        throw new Error(`server ${id} failed: ${JSON.stringify(server['fault'])}`)
      // A failed task stays in the server's record.
      const isIdle = server['status'] === 'ERROR' || server['OS-EXT-STS:task_state'] === null
      return isIdle && statuses.includes(String(server['status'])) ? server : null
    })

  const createVolume = async (name: string, from: WireRecord): Promise<string> => {
    const body = { volume: { name, size: 1, ...from } }
    const id = String(recordIn(await cinder('/volumes', { method: 'POST', body }), 'volume')['id'])
    return eventually(`volume ${id} becomes available`, async () =>
      recordIn(await cinder(`/volumes/${id}`), 'volume')['status'] === 'available' ? id : null,
    )
  }

  /** Deletes everything in a list, and waits until the list is empty. */
  const empty = (
    list: () => Promise<readonly WireRecord[]>,
    one: (id: string) => Promise<LabResponse>,
  ): Promise<true> => {
    const asked = new Set<string>()
    return eventually('the project is empty', async () => {
      const present = await list()
      for (const id of present.map((record) => String(record['id'])).filter((each) => !asked.has(each))) {
        // Resources deleted together with others are gone by then; those in use are retried.
        if ((await one(id)).status < 300) asked.add(id)
      }
      return present.length === 0 ? true : null
    })
  }

  return {
    lab,
    user,
    reader,
    projectId,
    environment: {
      PATH: clientPath(lab),
      OS_AUTH_URL: lab.authUrl,
      OS_USERNAME: user.name,
      OS_PASSWORD: user.password,
      OS_PROJECT_NAME: user.project,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: lab.region,
      OS_IDENTITY_API_VERSION: '3',
    },
    nova,
    cinder,
    glance,
    createImage: async (name, { fields = {}, data = randomBytes(1 << 20) } = {}) => {
      const body = { name, disk_format: 'raw', container_format: 'bare', ...fields }
      const { id } = accepted(await glance('/v2/images', { method: 'POST', body })).json() as { readonly id: string }
      accepted(await glance(`/v2/images/${id}/file`, { method: 'PUT', body: data }))
      return id
    },
    createServer: async ({ name, imageId, volumeBooted = false, metadata = {} }) => {
      const volume = {
        boot_index: 0,
        uuid: imageId,
        source_type: 'image',
        destination_type: 'volume',
        volume_size: 1,
        delete_on_termination: true,
      }
      const disk = volumeBooted ? { block_device_mapping_v2: [volume] } : { imageRef: imageId }
      const body = { server: { name, flavorRef: lab.compute.flavors[0], networks: 'none', metadata, ...disk } }
      const id = String(recordIn(await nova('/servers', { method: 'POST', body }), 'server')['id'])
      await serverSettles(id, 'ACTIVE')
      return id
    },
    createVolume: (name, imageId) => createVolume(name, { imageRef: imageId }),
    createVolumeFromSnapshot: async (name, snapshotId) => {
      // Cinder refuses a snapshot that it is still creating, which Nova does not wait for.
      await eventually(`snapshot ${snapshotId} becomes available`, async () =>
        recordIn(await cinder(`/snapshots/${snapshotId}`), 'snapshot')['status'] === 'available' ? true : null,
      )
      return createVolume(name, { snapshot_id: snapshotId })
    },
    serverSettles,
    remove: async () => {
      const deleting = (ask: typeof nova, path: string) => (id: string) => ask(`${path}/${id}`, { method: 'DELETE' })
      await empty(async () => recordsIn(await nova('/servers'), 'servers'), deleting(nova, '/servers'))
      await empty(async () => recordsIn(await cinder('/snapshots'), 'snapshots'), deleting(cinder, '/snapshots'))
      await empty(async () => recordsIn(await cinder('/volumes'), 'volumes'), deleting(cinder, '/volumes'))
      await empty(
        async () => recordsIn(await glance(`/v2/images?owner=${projectId}&limit=1000`), 'images'),
        deleting(glance, '/v2/images'),
      )
      await remove()
    },
  }
}
