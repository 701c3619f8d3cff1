import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ComputeProject, createComputeProject, runClient, runningComputeLab } from '@imago/lab'
import { createHetznerSimulator, type HetznerSimulator } from '@imago/simulator'
import { writeFileSync } from 'node:fs'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago, type Ran } from './imago.ts'

// Each question is answered by one command for a real OpenStack and a simulated Hetzner Cloud, and compared with what openstack and hcloud list.

type Wire = Readonly<Record<string, unknown>>

interface Row {
  readonly ref: { readonly provider: string; readonly id: string }
  readonly name: string | null
}

const folder = temporaryFolder()
let project: ComputeProject
let simulator: HetznerSimulator
let environment: Readonly<Record<string, string>>
const images: Record<string, string> = {}
const servers: Record<string, string> = {}

const UBUNTU_24 = { os_distro: 'ubuntu', os_version: '24.04', architecture: 'x86_64' }
const UBUNTU_20 = { ...UBUNTU_24, os_version: '20.04' }

const nova = (server: string, action: Wire) =>
  project.nova(`/servers/${servers[server]}/action`, { method: 'POST', body: action })

const openstack = async (...parameters: readonly string[]): Promise<readonly Wire[]> => {
  const { exitCode, stdout, stderr } = await runClient('openstack', [...parameters, '-f', 'json'], { environment })
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as readonly Wire[]
}

/** Lists the project's own images: others may be public. */
const openstackImages = (...parameters: readonly string[]): Promise<readonly Wire[]> =>
  openstack('image', 'list', '--project', project.projectId, '--long', ...parameters)

const hcloud = async (...parameters: readonly string[]): Promise<readonly Wire[]> => {
  const { exitCode, stdout, stderr } = await runClient('hcloud', [...parameters, '-o', 'json'], { environment })
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as readonly Wire[]
}

const run = (...parameters: readonly string[]): Promise<Ran> => imago(parameters, { env: { ...environment } })

const read = async (...parameters: readonly string[]): Promise<Wire> => {
  const { code, stdout, stderr } = await run(...parameters, '-o', 'json')
  if (code !== 0) throw new Error(`imago ${parameters.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as Wire
}

const sorted = (values: Iterable<unknown>): readonly string[] => [...new Set([...values].map(String))].toSorted()
const ids = (rows: readonly Row[], provider: string): readonly string[] =>
  sorted(rows.flatMap(({ ref }) => (ref.provider === provider ? [ref.id] : [])))
const owned = (rows: readonly Wire[], key: string): readonly string[] => sorted(rows.map((row) => row[key]))

beforeAll(async () => {
  assertBuilt()
  project = await createComputeProject(runningComputeLab(process.env))
  simulator = await createHetznerSimulator()
  environment = { ...project.environment, HCLOUD_TOKEN: simulator.token, HCLOUD_ENDPOINT: simulator.url }
  const twin = new Uint8Array(1 << 20).fill(7)
  for (const [name, request] of [
    ['base', { fields: UBUNTU_20 }],
    ['gone', {}],
    ['golden', { fields: UBUNTU_24 }],
    ['twin-a', { data: twin }],
    ['twin-b', { data: twin }],
    ['guarded', { fields: { protected: true } }],
  ] as const)
    images[name] = await project.createImage(name, request)
  for (const [name, imageId, volumeBooted] of [
    ['web', 'base', false],
    ['orphan', 'gone', false],
    ['database', 'base', true],
    ['shelf', 'base', false],
  ] as const)
    servers[name] = await project.createServer({ name, imageId: images[imageId] ?? '', volumeBooted })
  await nova('shelf', { shelve: null })
  await project.serverSettles(servers['shelf'] ?? '', 'SHELVED', 'SHELVED_OFFLOADED')
  await nova('web', { createImage: { name: 'web nightly' } })
  await nova('database', { createImage: { name: 'database nightly' } })
  await project.serverSettles(servers['web'] ?? '', 'ACTIVE')
  await project.createVolume('data', images['twin-a'] ?? '')
  await project.glance(`/v2/images/${images['gone']}`, { method: 'DELETE' })
  for (const row of await openstackImages()) images[String(row['Name'])] = String(row['ID'])
})

afterAll(async () => {
  await simulator.close()
  await project.glance(`/v2/images/${images['guarded']}`, {
    method: 'PATCH',
    body: [{ op: 'replace', path: '/protected', value: false }],
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
  })
  await project.remove()
})

describe('what uses it: imago usage', () => {
  it('prints the users that openstack and hcloud list, in both clouds', async () => {
    const usage = (await read('usage')) as {
      readonly images: readonly UsedImage[]
      readonly unlisted: readonly UsedImage[]
    }
    interface UsedImage extends Row {
      readonly usage: { readonly usedBy: readonly { readonly kind: string; readonly id: string }[] }
    }
    const edges = [...usage.images, ...usage.unlisted].flatMap(({ ref, usage: { usedBy } }) =>
      usedBy.flatMap(({ kind, id }) => (kind === 'image' ? [] : [`${kind} ${id} ${ref.id}`])),
    )
    const ofServers = (await openstack('server', 'list', '--long')).flatMap((row) =>
      // openstack prints "N/A (booted from volume)", or an empty ID.
      /^[0-9a-f-]{36}$/.test(String(row['Image ID'])) ? [`server ${String(row['ID'])} ${String(row['Image ID'])}`] : [],
    )
    const volumes = await Promise.all(
      (await openstack('volume', 'list')).map(async ({ ID }) => {
        const { stdout } = await runClient('openstack', ['volume', 'show', '-f', 'json', String(ID)], { environment })
        return JSON.parse(stdout) as { readonly id: string; readonly volume_image_metadata: Wire }
      }),
    )
    const ofVolumes = volumes.map(
      ({ id, volume_image_metadata: metadata }) => `volume ${id} ${String(metadata['image_id'])}`,
    )
    const ofHetznerServers = (await hcloud('server', 'list')).map(
      ({ id, image }) => `server ${String(id)} ${String((image as Wire)['id'])}`,
    )
    const ofBackups = (await hcloud('image', 'list', '-t', 'backup')).map(
      ({ id, bound_to: server }) => `server ${String(server)} ${String(id)}`,
    )
    // In no list of openstack: a server that boots from a volume, and the image of a shelved server.
    const hidden = [
      `server ${servers['database']} ${images['base']}`,
      `server ${servers['shelf']} ${images['shelf-shelved']}`,
    ]
    expect(ofServers).toContain(`server ${servers['orphan']} ${images['gone']}`)
    expect(sorted(edges)).toEqual(sorted([...ofServers, ...ofVolumes, ...ofHetznerServers, ...ofBackups, ...hidden]))
  })

  it('finds the server of a deleted image', async () => {
    const { code, stdout } = await run('usage', `openstack/envvars:id:${images['gone']}`, '-c', 'user', '--no-header')
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: 'orphan' })
  })
})

describe('what dies: imago expiring', () => {
  it('prints the images of an operating system whose support has ended, in both clouds', async () => {
    const { images: expiring } = (await read('expiring', '--os', 'ubuntu', '--os-version', '20.04')) as {
      readonly images: readonly (Row & {
        readonly expiries: readonly { readonly event: string; readonly date: string }[]
      })[]
    }
    expect(ids(expiring, 'openstack')).toEqual(
      owned(await openstackImages('--property', 'os_distro=ubuntu', '--property', 'os_version=20.04'), 'ID'),
    )
    const hetzner = (await hcloud('image', 'list')).filter(
      (image) => image['os_flavor'] === 'ubuntu' && image['os_version'] === '20.04',
    )
    expect(hetzner).not.toEqual([])
    expect(ids(expiring, 'hetzner')).toEqual(owned(hetzner, 'id'))
    const ends = expiring.flatMap(({ expiries }) => expiries.filter(({ event }) => event === 'support'))
    expect(sorted(ends.map(({ date }) => date.slice(0, 10)))).toEqual(['2025-05-31'])
  })

  it('prints with --used only the images that servers and volumes need', async () => {
    const { images: expiring } = (await read('expiring', '--used', '--os', 'ubuntu', '--os-version', '20.04')) as {
      readonly images: readonly Row[]
    }
    expect(ids(expiring, 'openstack')).toEqual(sorted([images['base'], images['shelf-shelved']]))
  })
})

describe('what may go: imago prune and imago duplicates', () => {
  it('decides on every image that openstack and hcloud list, and keeps the used ones', async () => {
    const { images: rows } = (await read(
      'prune',
      '--kind=image',
      '--kind=snapshot',
      '--newer-than=5y',
      '--dry-run',
    )) as {
      readonly images: readonly (Row & { readonly action: string; readonly reasons: readonly string[] })[]
    }
    expect(ids(rows, 'openstack')).toEqual(owned(await openstackImages(), 'ID'))
    expect(ids(rows, 'hetzner')).toEqual(owned(await hcloud('image', 'list', '-t', 'snapshot'), 'id'))
    const kept = Object.fromEntries(
      rows.flatMap(({ ref, name, action, reasons }) =>
        ref.provider === 'openstack' && action === 'keep' ? [[name, reasons]] : [],
      ),
    )
    expect(kept).toEqual({ base: ['used'], 'shelf-shelved': ['used'], 'twin-a': ['used'], guarded: ['protected'] })
  })

  it('prints the images with the same checksum as duplicates', async () => {
    const { groups } = (await read('duplicates')) as {
      readonly groups: readonly { readonly evidence: string; readonly images: readonly Row[] }[]
    }
    const listed = (await openstackImages()).filter(({ Size }) => Size !== 0)
    const same = listed.filter((one) => listed.some((other) => other !== one && other['Checksum'] === one['Checksum']))
    const proven = groups.filter(
      ({ evidence, images: [first] }) => evidence === 'proven' && first?.ref.provider === 'openstack',
    )
    expect(proven.map((group) => ids(group.images, 'openstack'))).toEqual([owned(same, 'ID')])
    expect(same).toHaveLength(2)
  })
})

describe('which id: imago resolve', () => {
  it('prints the images that openstack and hcloud list for the system', async () => {
    const { code, stdout, stderr } = await run(
      'resolve',
      'ubuntu@24.04/x86_64',
      '--on',
      'openstack/envvars',
      '--on',
      'hetzner/envvars',
      '-q',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    // One for each architecture, which Debian's hcloud does not print; the one for x86 is the older one.
    const system = (await hcloud('image', 'list', '-t', 'system', '-s', 'id:asc')).find(
      (image) => image['name'] === 'ubuntu-24.04',
    )
    const [golden] = await openstackImages('--property', 'os_distro=ubuntu', '--property', 'os_version=24.04')
    expect(sorted(stdout.trim().split('\n'))).toEqual(sorted([system?.['id'], golden?.['ID']]))
  })
})

describe('which id: imago lock, verify and update', () => {
  const wanted = folder.path('imago.images.yaml')
  const lockFile = folder.path('images.lock.json')

  /** Runs a command that prints the rows of the lock file. */
  const readRows = async (command: string, ...parameters: readonly string[]) => {
    const { code, stdout } = await run(command, '--lock-file', lockFile, '-o', 'value', ...parameters)
    return { code, rows: sorted(stdout.split('\n').slice(0, -1)) }
  }

  it('pins, verifies and updates images of both clouds', async () => {
    const first = await project.createImage('app 1', { fields: { tags: ['app'] } })
    writeFileSync(
      wanted,
      [
        'images:',
        '  app: { want: tag:app, on: [openstack/envvars], pick: newest }',
        '  web: { want: "label:role=web", kind: snapshot, on: [hetzner/envvars], pick: newest }',
        '',
      ].join('\n'),
    )
    const snapshots = await hcloud('image', 'list', '-t', 'snapshot', '-l', 'role=web', '-s', 'created:desc')
    const [newest, next] = snapshots.map(({ id }) => String(id))
    expect(await readRows('lock', '--file', wanted, '-c', 'change,image,id')).toEqual({
      code: 0,
      rows: sorted([`added\tapp\t${first}`, `added\tweb\t${newest}`]),
    })
    expect(await readRows('verify', '-c', 'state,id')).toEqual({
      code: 0,
      rows: sorted([`ok\t${first}`, `ok\t${newest}`]),
    })

    const second = await project.createImage('app 2', { fields: { tags: ['app'] } })
    for (const [program, id] of [
      ['openstack', first],
      ['hcloud', newest ?? ''],
    ] as const)
      expect(await runClient(program, ['image', 'delete', id], { environment })).toMatchObject({ exitCode: 0 })
    expect(await readRows('verify', '-c', 'state,id')).toEqual({
      code: 5,
      rows: sorted([`gone\t${first}`, `gone\t${newest}`]),
    })
    expect(await readRows('lock', '--file', wanted, '--check', '-c', 'change,id')).toEqual({
      code: 4,
      rows: sorted([`gone\t${first}`, `gone\t${newest}`]),
    })
    expect(await readRows('update', '--file', wanted, '-c', 'change,previous,id')).toEqual({
      code: 0,
      rows: sorted([`updated\t${first}\t${second}`, `updated\t${newest}\t${next}`]),
    })
    expect(await readRows('verify', '-c', 'state')).toEqual({ code: 0, rows: ['ok'] })
    expect((await readRows('lock', '--file', wanted, '--check')).code).toBe(0)
  })
})

describe('what changed: imago diff', () => {
  it('prints the changes that openstack and hcloud have made in both clouds', async () => {
    const store = folder.path('inventory.db')
    expect(await run('export', store)).toMatchObject({ code: 0 })
    const before = new Date().toISOString()
    const [snapshot] = await hcloud('image', 'list', '-t', 'snapshot')
    const change = async (program: string, ...parameters: readonly string[]): Promise<void> => {
      expect(await runClient(program, parameters, { environment })).toMatchObject({ exitCode: 0 })
    }
    await change('openstack', 'image', 'delete', images['twin-b'] ?? '')
    await change('openstack', 'image', 'set', '--property', 'os_version=26.04', images['golden'] ?? '')
    await change('hcloud', 'image', 'update', '--description', 'renamed', String(snapshot?.['id']))
    await change('hcloud', 'server', 'create-image', '--type', 'snapshot', '--description', 'new', 'web-1')
    const created = await project.createImage('created')
    const made = (await hcloud('image', 'list', '-t', 'snapshot')).find(({ description }) => description === 'new')
    expect(await run('export', store)).toMatchObject({ code: 0 })

    const { code, stdout } = await run('diff', `${store}@${before}`, store, '-o', 'json')
    expect(code).toBe(1)
    const { entries } = JSON.parse(stdout) as {
      readonly entries: readonly { state: string; image?: Row; after?: Row; changes?: readonly { field: string }[] }[]
    }
    const states = entries.map(({ state, image, after, changes = [] }) =>
      [
        state,
        (image ?? after)?.ref.id,
        ...changes.flatMap(({ field }) => (['os.version', 'description'].includes(field) ? [field] : [])),
      ].join(' '),
    )
    expect(sorted(states)).toEqual(
      sorted([
        `removed ${images['twin-b']}`,
        `changed ${images['golden']} os.version`,
        `changed ${String(snapshot?.['id'])} description`,
        `added ${created}`,
        `added ${String(made?.['id'])}`,
      ]),
    )
  })
})
