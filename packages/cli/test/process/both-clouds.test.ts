import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type HetznerSimulator,
  type OpenstackSimulator,
} from '@imago/simulator'
import { writeFileSync } from 'node:fs'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago, type Ran } from './imago.ts'

// One command for both providers, as the simulators answer.
jest.setTimeout(120_000)

const folder = temporaryFolder()
const file = folder.path('imago.images.yaml')
const lockFile = folder.path('images.lock.json')
let hetzner: HetznerSimulator
let openstack: OpenstackSimulator
let environment: NodeJS.ProcessEnv

beforeAll(assertBuilt)

beforeEach(async () => {
  hetzner = await createHetznerSimulator()
  openstack = await createOpenstackSimulator()
  environment = {
    HOME: folder.path('home'),
    XDG_CONFIG_HOME: '',
    HCLOUD_TOKEN: hetzner.token,
    HCLOUD_ENDPOINT: hetzner.url,
    OS_AUTH_URL: openstack.authUrl,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'demo-password',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_NAME: 'demo',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: 'RegionOne',
  }
})

afterEach(async () => {
  await hetzner.close()
  await openstack.close()
})

const run = (...parameters: readonly string[]): Promise<Ran> => imago(parameters, { env: environment })

/** Runs a command that prints the rows of a lock file. */
const readRows = async (
  ...parameters: readonly string[]
): Promise<{ readonly code: number | null; readonly rows: readonly string[] }> => {
  const { code, stdout, stderr } = await run(...parameters, '--lock-file', lockFile, '-o', 'value')
  expect(stderr.replace(/^imago: .*\n/gm, '')).toBe('')
  return { code, rows: stdout.split('\n').slice(0, -1) }
}

const WANTED = [
  'images:',
  '  web: { want: "label:role=web", kind: snapshot, on: [hetzner/envvars], pick: newest }',
  '  nightly: { want: "name:web-1 *", kind: snapshot, on: [openstack/envvars], pick: newest }',
  '',
].join('\n')

describe('lock, verify and update of images on both clouds', () => {
  it('pins, checks, reports deleted images, and pins others', async () => {
    writeFileSync(file, WANTED)
    const locked = await readRows('lock', '--file', file, '-c', 'change,image,cloud,name')
    expect(locked).toEqual({
      code: 0,
      rows: ['added\tnightly\topenstack/envvars@RegionOne\tweb-1 nightly', 'added\tweb\thetzner/envvars\t'],
    })
    const verifying = ['verify', '-c', 'state,image,cloud'] as const
    const checking = ['lock', '--file', file, '--check', '-c', 'change,image,cloud'] as const
    expect(await readRows(...verifying)).toEqual({
      code: 0,
      rows: ['ok\tnightly\topenstack/envvars@RegionOne', 'ok\tweb\thetzner/envvars'],
    })
    expect(await readRows(...checking)).toEqual({ code: 0, rows: [] })

    const ids = (await readRows('lock', '--locked', '-c', 'cloud,id')).rows.map((row) => row.replace('\t', ':id:'))
    expect(await run('delete', ...ids, '--yes')).toMatchObject({ code: 0 })
    expect(await readRows(...verifying)).toEqual({
      code: 5,
      rows: ['gone\tnightly\topenstack/envvars@RegionOne', 'gone\tweb\thetzner/envvars'],
    })
    expect(await readRows(...checking)).toEqual({
      code: 4,
      rows: ['gone\tnightly\topenstack/envvars@RegionOne', 'gone\tweb\thetzner/envvars'],
    })

    expect(await readRows('update', '--file', file, '-c', 'change,image,name')).toEqual({
      code: 0,
      rows: ['updated\tnightly\tweb-1 before upgrade', 'updated\tweb\t'],
    })
    expect((await readRows(...verifying)).code).toBe(0)
    expect((await readRows(...checking)).code).toBe(0)
  })

  it('verifies the images of the other cloud if one fails', async () => {
    writeFileSync(file, WANTED)
    expect((await readRows('update', '--file', file)).code).toBe(0)
    hetzner.faults.add({ path: '/v1/images/*', fault: { kind: 'status', status: 403 } })
    expect(await readRows('verify', '-c', 'state,image')).toEqual({ code: 1, rows: ['ok\tnightly', 'unverified\tweb'] })
    expect((await readRows('lock', '--file', file, '--check')).code).toBe(1)
  })
})

describe('deletion of images whose data Ceph does not release', () => {
  const IN_USE = 'The image cannot be deleted because it is in use through the backend store outside of Glance.'

  /** Refuses the first deletion, as Glance with a store in Ceph while the disk of a server is a clone of the image. */
  const refuseOne = (): unknown =>
    openstack.faults.add({
      method: 'DELETE',
      path: '/**/v2/images/*',
      times: 1,
      fault: {
        kind: 'status',
        status: 409,
        headers: { 'content-type': 'application/json; charset=UTF-8' },
        body: JSON.stringify({
          message: `Image i could not be deleted because it is in use: ${IN_USE}<br /><br />\n\n\n`,
          code: '409 Conflict',
          title: 'Conflict',
        }),
      },
    })

  it.each([
    ['prune', 'openstack/envvars'],
    ['delete', '--cloud', 'openstack/envvars'],
  ])('%s reports the image, and deletes the others', async (...command) => {
    refuseOne()
    const selection = ['--kind', 'snapshot', '--name', 'web-1 nightly', '--name', 'web-1 before upgrade']
    const { code, stdout, stderr } = await run(...command, ...selection, '--yes')
    expect(code).toBe(1)
    expect(stderr).toContain(`because it is in use: ${IN_USE.slice(0, -1)} (DELETE `)
    expect(stderr).toContain('Delete the servers and volumes that were created from it first')
    expect(stdout + stderr).toMatch(/deleted/)
    const { stdout: left } = await run('list', 'openstack/envvars', ...selection, '-o', 'value', '-c', 'name')
    expect(left.split('\n').slice(0, -1)).toHaveLength(1)
  })
})
