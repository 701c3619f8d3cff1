import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { clientPath, runningLabs } from '@imago/lab'
import { createOpenstackSimulator, type OpenstackSimulator } from '@imago/simulator'

// Uses the openstackclient, openstacksdk and glanceclient of the lab's release.
const [lab] = runningLabs(process.env)
const program = (name: string): string => join(lab.programs, name)
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'imago-simulator-'))
let simulator: OpenstackSimulator

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ snapshotMs: 100, importMs: 100 })
  writeFileSync(join(folder, 'clouds.yaml'), simulator.cloudsYaml)
})

afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true })
})

const environment = { PATH: clientPath(lab), HOME: folder, OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml') }

const openstack = async (cloud: string, ...args: readonly string[]): Promise<string> =>
  (await run(program('openstack'), ['--os-cloud', cloud, ...args], { cwd: folder, env: environment })).stdout.trim()

const json = async (cloud: string, ...args: readonly string[]): Promise<unknown> =>
  JSON.parse(await openstack(cloud, ...args, '-f', 'json')) as unknown

test.each([
  'simulator',
  'simulator-system',
  'simulator-application-credential',
  'simulator-trust',
  'simulator-totp',
  'simulator-multifactor',
  'simulator-oidc',
])('openstack logs in as %s', async (cloud) => {
  expect(await json(cloud, 'token', 'issue')).toMatchObject({ user_id: expect.any(String) })
})

test('openstack creates, changes, shares, saves and deletes an image', async () => {
  const bytes = Buffer.from('machine image '.repeat(10_000))
  writeFileSync(join(folder, 'image.raw'), bytes)
  await openstack(
    'simulator',
    'image',
    'create',
    '--disk-format',
    'raw',
    '--file',
    'image.raw',
    '--property',
    'os_distro=debian',
    '--tag',
    'a',
    'mine',
  )
  await openstack('simulator', 'image', 'set', '--name', 'yours', '--shared', '--tag', 'b', '--min-disk', '3', 'mine')
  expect(await json('simulator', 'image', 'show', 'yours')).toMatchObject({
    status: 'active',
    size: bytes.length,
    min_disk: 3,
    tags: expect.arrayContaining(['a', 'b']),
  })
  await openstack('simulator', 'image', 'save', '--file', 'saved.raw', 'yours')
  expect(readFileSync(join(folder, 'saved.raw')).equals(bytes)).toBe(true)
  const other = simulator.projects.find(({ name }) => name === 'other')?.id ?? ''
  await openstack('simulator', 'image', 'add', 'project', 'yours', other)
  expect(await json('simulator', 'image', 'member', 'list', 'yours')).toMatchObject([
    { 'Member ID': other, Status: 'pending' },
  ])
  await openstack('simulator', 'image', 'delete', 'yours')
  await expect(openstack('simulator', 'image', 'show', 'yours')).rejects.toThrow('No Image found for yours')
})

test('openstack takes a snapshot of a server', async () => {
  await openstack('simulator', 'server', 'image', 'create', '--name', 'snap', '--wait', 'web-1')
  expect(await json('simulator', 'image', 'show', 'snap')).toMatchObject({ status: 'active' })
})

test('openstack lists servers, flavors and volumes, and shelves a server', async () => {
  expect(await json('simulator', 'server', 'list')).toMatchObject([
    { Name: 'web-1', Status: 'ACTIVE', Image: 'Debian 12', Flavor: 'm1.small' },
    { Name: 'web-2', Status: 'SHUTOFF' },
    { Name: 'database', Image: 'N/A (booted from volume)' },
    { Name: 'building', Status: 'BUILD' },
  ])
  expect(await json('simulator', 'volume', 'list')).toMatchObject([
    { Status: 'in-use', Size: 40 },
    { Name: 'data-1', Status: 'available' },
    { Name: 'restored' },
    { Name: 'scratch' },
  ])
  expect(await json('simulator', 'volume', 'snapshot', 'list')).toMatchObject([{ Name: 'snapshot for database' }])
  await openstack('simulator', 'server', 'shelve', '--wait', 'web-2')
  expect(await json('simulator', 'image', 'list', '--name', 'web-2-shelved')).toMatchObject([{ Status: 'active' }])
  await openstack('simulator', 'server', 'unshelve', '--wait', 'web-2')
  expect(await json('simulator', 'server', 'show', 'web-2')).toMatchObject({ status: 'ACTIVE' })
})

test('glance lists images', async () => {
  const url = simulator.authUrl
  const login = {
    OS_AUTH_URL: url,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'demo-password',
    OS_PROJECT_NAME: 'demo',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  const { stdout } = await run(program('glance'), ['image-list'], {
    env: { PATH: clientPath(lab), HOME: folder, ...login },
  })
  expect(stdout).toContain('cirros-0.6.2-x86_64-disk')
})

test('openstacksdk lists over pages and downloads with verification', async () => {
  const script = `
import openstack
cloud = openstack.connect(cloud='simulator')
images = list(cloud.image.images(limit=5))
one = cloud.image.find_image('cirros-0.6.2-x86_64-disk')
response = cloud.image.download_image(one.id, stream=False)
print(len(images), len(response.content) == one.size)
`
  const { stdout } = await run(program('python3'), ['-c', script], { env: environment })
  expect(stdout).toMatch(/^2\d True\n$/)
})

test('QEMU opens the disks of the catalogue', async () => {
  const file = join(folder, 'disk.qcow2')
  await openstack('simulator', 'image', 'save', '--file', file, 'web-1 nightly')
  const { stdout } = await run('qemu-img', ['check', '-f', 'qcow2', file])
  expect(stdout).toContain('No errors were found on the image.')
})
