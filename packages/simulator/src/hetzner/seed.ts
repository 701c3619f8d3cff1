import { DATACENTERS, type Datacenter } from './catalogue/datacenters.ts'
import { SERVER_TYPES } from './catalogue/server-types.ts'
import type { StoredImage } from './image.ts'
import type { Labels } from './labels.ts'
import type { Project } from './project.ts'
import type { StoredServer } from './server.ts'
import { computeFingerprint } from './ssh-key.ts'

const DAY = 86_400_000
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBoaS0dqYyF0Ay2C0iyPWyT5Rk7hpRhCG3SqnvqTM0Z2 ops@example.test'

interface ServerSeed {
  readonly name: string
  readonly type: string
  readonly location: string
  readonly image: StoredImage | undefined
  readonly isOn: boolean
  readonly hasBackups: boolean
  readonly labels: Labels
  readonly daysAgo: number
}

const addServer = (project: Project, now: number, seed: ServerSeed): StoredServer => {
  const server: StoredServer = {
    id: project.nextId('server'),
    name: seed.name,
    status: seed.isOn ? 'running' : 'off',
    created: now - seed.daysAgo * DAY,
    type: SERVER_TYPES.find(({ name }) => name === seed.type) ?? (SERVER_TYPES[0] as (typeof SERVER_TYPES)[number]),
    datacenter: DATACENTERS.find(({ location }) => location.name === seed.location) ?? (DATACENTERS[0] as Datacenter),
    imageId: seed.image?.id ?? 0,
    iso: null,
    hasIpv4: true,
    hasIpv6: true,
    rescueUntil: null,
    rescueKeys: [],
    diskSeed: seed.image?.id ?? 0,
    backupWindow: seed.hasBackups ? '22-02' : null,
    protection: { delete: false, rebuild: false },
    labels: seed.labels,
  }
  project.servers.set(server.id, server)
  return server
}

/** Adds a finished copy of the server's disk. */
const addImage = (
  project: Project,
  server: StoredServer,
  os: StoredImage | undefined,
  fields: Partial<StoredImage> & { readonly created: number },
): void => {
  const id = project.nextId('image')
  project.images.set(id, {
    id,
    type: 'snapshot',
    status: 'available',
    name: null,
    description: '',
    imageSize: imageSize(project, server.type.disk),
    diskSize: server.type.disk,
    createdFrom: { id: server.id, name: server.name },
    boundTo: null,
    osFlavor: os?.osFlavor ?? 'unknown',
    osVersion: os?.osVersion ?? null,
    rapidDeploy: false,
    isProtected: false,
    deprecation: null,
    deleted: null,
    labels: {},
    architecture: server.type.architecture,
    ...fields,
  })
}

/** Returns the stored size of a disk of this many GB: between 2 and 30 percent. */
export const imageSize = (project: Project, diskSize: number): number => diskSize * (0.02 + 0.28 * project.random())

/** Adds servers, an SSH key, snapshots and backups, as in a small company. */
export const seedProject = (project: Project, now: number, offered: readonly StoredImage[]): void => {
  const findImage = (name: string, architecture: string): StoredImage | undefined =>
    offered.find((image) => image.name === name && image.architecture === architecture)
  const ubuntu = findImage('ubuntu-24.04', 'x86')
  const debian = findImage('debian-12', 'x86')
  const arm = findImage('debian-13', 'arm')
  const keyId = project.nextId('sshKey')
  project.sshKeys.set(keyId, {
    id: keyId,
    name: 'ops',
    publicKey: PUBLIC_KEY,
    fingerprint: computeFingerprint(PUBLIC_KEY) ?? '',
    labels: { team: 'ops' },
    created: now - 700 * DAY,
  })

  const web = addServer(project, now, {
    name: 'web-1',
    type: 'cx23',
    location: 'fsn1',
    image: ubuntu,
    isOn: true,
    hasBackups: true,
    labels: { role: 'web', env: 'prod' },
    daysAgo: 180,
  })
  const database = addServer(project, now, {
    name: 'db-1',
    type: 'cpx22',
    location: 'nbg1',
    image: debian,
    isOn: false,
    hasBackups: false,
    labels: { role: 'db', env: 'prod' },
    daysAgo: 400,
  })
  const build = addServer(project, now, {
    name: 'build-arm',
    type: 'cax11',
    location: 'hel1',
    image: arm,
    isOn: true,
    hasBackups: true,
    labels: { role: 'ci' },
    daysAgo: 60,
  })
  const gone = { id: web.id - 4711, name: 'web-0' }

  addImage(project, database, debian, {
    created: now - 390 * DAY,
    description: 'db before the upgrade',
    labels: { role: 'db', keep: 'true' },
    isProtected: true,
  })
  addImage(project, web, findImage('ubuntu-22.04', 'x86'), {
    created: now - 200 * DAY,
    description: 'golden web image',
    labels: { role: 'web', env: 'prod', 'example.test/build': '2026.05' },
    createdFrom: gone,
  })
  addImage(project, web, ubuntu, {
    created: now - 90 * DAY,
    description: 'golden web image',
    labels: { role: 'web', env: 'prod', 'example.test/build': '2026.08' },
  })
  addImage(project, web, ubuntu, {
    created: now - 30 * DAY,
    description: 'golden web image',
    labels: { role: 'web', env: 'staging', 'example.test/build': '2026.10' },
  })
  addImage(project, build, arm, {
    created: now - 45 * DAY,
    description: 'ci runner',
    labels: { role: 'ci', nightly: '' },
  })
  addImage(project, build, arm, { created: now - 44 * DAY, description: '' })
  addImage(project, database, undefined, {
    created: now - 12 * DAY,
    description: 'Talos v1.11 (uploaded)',
    labels: { os: 'talos', 'apricote.de/created-by': 'hcloud-upload-image' },
    createdFrom: { id: gone.id + 1, name: 'hcloud-upload-image-1f3a' },
  })
  addImage(project, web, ubuntu, { created: now - 3 * DAY, description: 'storage failure', status: 'unavailable' })
  for (const daysAgo of [3, 2, 1])
    addImage(project, web, ubuntu, {
      created: now - daysAgo * DAY,
      type: 'backup',
      boundTo: web.id,
      description: `Backup ${new Date(now - daysAgo * DAY).toISOString().slice(0, 10)}`,
    })
  addImage(project, build, arm, { created: now - DAY, type: 'backup', boundTo: build.id, description: '' })
}

/** Adds this many snapshots, one minute apart, for load tests. */
export const addSnapshots = (project: Project, now: number, count: number, offered: readonly StoredImage[]): void => {
  const [server] = project.servers.values()
  if (server === undefined) return
  const systems = offered.filter(({ type }) => type === 'system')
  for (let number = 0; number < count; number++) {
    addImage(project, server, systems[number % systems.length], {
      created: now - number * 60_000,
      description: `nightly ${number}`,
      labels: { batch: String(number % 10), number: String(number) },
    })
  }
}
