import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  createHetznerSimulator,
  createOpenstackSimulator,
  type HetznerSimulator,
  type OpenstackSimulator,
} from '@imago/simulator'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSchemaFaults } from '../schema-faults.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago as run, type Ran } from './imago.ts'

// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const home = temporaryFolder().path('home')
let hetzner: HetznerSimulator
let openstack: OpenstackSimulator

const write = (path: string, text: string): void => {
  mkdirSync(join(home, path, '..'), { recursive: true })
  writeFileSync(join(home, path), text)
  chmodSync(join(home, path), 0o600)
}

beforeAll(async () => {
  assertBuilt()
  hetzner = await createHetznerSimulator()
  openstack = await createOpenstackSimulator()
  const contexts = [
    { name: 'prod', token: hetzner.token },
    { name: 'reader', token: hetzner.readOnlyToken },
    { name: 'wrong', token: 'x'.repeat(64) },
  ]
  write(
    '.config/hcloud/cli.toml',
    [
      `[preferences]\nendpoint = "${hetzner.url}"`,
      ...contexts.map(({ name, token }) => `[[contexts]]\nname = "${name}"\ntoken = "${token}"`),
      '',
    ].join('\n'),
  )
  const auth = `auth: {auth_url: "${openstack.authUrl}", username: demo, user_domain_name: Default, password: demo-password, project_name: demo, project_domain_name: Default}`
  write(
    '.config/openstack/clouds.yaml',
    `clouds:\n  lab:\n    ${auth}\n    regions: [RegionOne, RegionTwo]\n  down:\n    auth_type: none\n    image_endpoint_override: http://127.0.0.1:1\n    image_connect_retries: 0\n`,
  )
})
afterAll(async () => {
  await hetzner.close()
  await openstack.close()
})

const environment = (env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  HOME: home,
  XDG_CONFIG_HOME: '',
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(?:OS_|HCLOUD_|IMAGO_|.*_proxy$)/i.test(name))
      .map((name) => [name, '']),
  ),
  ...env,
})

const SECRETS = (): RegExp =>
  new RegExp([hetzner.token, hetzner.readOnlyToken, 'x{64}', 'demo-password', 'gAAAA'].join('|'))

/** Runs imago with these clouds, and checks that it prints no secret. */
const imago = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> => {
  const ran = await run(args, { env: environment(env) })
  expect(ran.stdout + ran.stderr).not.toMatch(SECRETS())
  return ran
}

const toLines = (text: string): readonly string[] => text.split('\n').slice(0, -1)

describe('list', () => {
  it('prints two providers and two regions in one table', async () => {
    const { code, stdout, stderr } = await imago(['list', 'prod', 'lab', '--columns', 'provider,cloud,region,id'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const places = [
      ...new Set(
        toLines(stdout)
          .slice(1)
          .map((line) => line.split(/ +/).slice(0, 3).join(' ')),
      ),
    ]
    expect(places).toEqual(['hetzner prod -', 'openstack lab RegionOne', 'openstack lab RegionTwo'])
  })

  it('reports a cloud that fails, and lists the others', async () => {
    const some = await imago(['list', 'wrong', 'prod', '-o', 'ndjson'])
    expect(some.code).toBe(1)
    expect(some.stderr).toMatch(/^imago: hetzner\/wrong: list images: .*HTTP 401/)
    expect(toLines(some.stdout).length).toBeGreaterThan(40)
    const down = await imago(['list', 'down', 'prod', '-o', 'ndjson'])
    expect(down.code).toBe(5)
    expect(down.stderr).toMatch(/^imago: openstack\/down: .*ECONNREFUSED/)
  })

  it('filters the images of both providers alike', async () => {
    const { stdout } = await imago([
      'list',
      'prod',
      'lab',
      '--os',
      'debian',
      '--arch',
      'arm64',
      '-o',
      'csv',
      '--columns',
      'os.distro,architecture',
    ])
    const rows = toLines(stdout).slice(1)
    expect(rows.length).toBeGreaterThan(2)
    expect([...new Set(rows)]).toEqual(['debian,aarch64'])
  })

  it('prints JSON of its schema', async () => {
    const { stdout } = await imago(['list', 'prod', 'lab@RegionTwo', '-o', 'json', '--evidence'])
    expect(findSchemaFaults('images', stdout)).toEqual([])
  })

  it('prints every request with --debug, without queries and secrets', async () => {
    const { stderr, code } = await imago(['list', 'prod', 'lab@RegionTwo', '-o', 'ndjson'], { IMAGO_DEBUG: '1' })
    expect(code).toBe(0)
    expect(stderr).toContain(`debug: GET ${hetzner.url}/images 200 `)
    expect(stderr).toContain(`debug: POST ${openstack.authUrl}/auth/tokens 201 `)
    expect(toLines(stderr).filter((line) => !line.startsWith('debug: '))).toEqual([])
    expect((await imago(['list', 'prod', '--debug', '--limit', '1'])).stderr).toContain('debug: GET')
  })

  it('lists unexpected records, and reports unreadable ones', async () => {
    hetzner.faults.add({ path: '/v1/images', fault: { kind: 'odd-records' } })
    const { code, stdout, stderr } = await imago(['list', 'prod', '-o', 'ndjson'])
    hetzner.faults.clear()
    expect(code).toBe(4)
    expect(toLines(stdout).length).toBeGreaterThan(40)
    expect(stderr).toMatch(/^hetzner\/prod: .*\/id: expected/)
    expect(toLines(stderr).at(-1)).toMatch(
      /^\d+ images, \d+ rejected, \d+ differences from the known API \(for details: imago list -o ndjson \| jq \.raw \| imago drift\)$/,
    )
  })

  it('escapes control characters in names', async () => {
    hetzner.faults.add({ path: '/v1/images', fault: { kind: 'terminal-escapes' } })
    const { stdout } = await imago(['list', 'prod', '--kind', 'snapshot'])
    hetzner.faults.clear()
    expect(stdout).toContain('\\x1b')
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('ends and reports a list whose pages repeat', async () => {
    openstack.faults.add({ path: '/image/v2/images', fault: { kind: 'loop' } })
    const { code, stderr } = await imago(['list', 'lab@RegionOne', '-o', 'ndjson'])
    openstack.faults.clear()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^imago: openstack\/lab: list images: /)
    expect(toLines(stderr)).toHaveLength(1)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 130 on %s', async (signal) => {
    hetzner.faults.add({ path: '/v1/images', fault: { kind: 'stall', atByte: 10 } })
    const child = spawn(process.execPath, [BIN, 'list', 'prod', '--debug'], {
      env: { ...process.env, NODE_OPTIONS: '', ...environment() },
    })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const before = hetzner.requests.all().length
    while (hetzner.requests.all().length === before) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill(signal)
    expect(await ended).toBe(130)
    hetzner.faults.clear()
  })
})

describe('one image', () => {
  it('is the same for find, show and explain', async () => {
    const { stdout } = await imago([
      'find',
      '--cloud',
      'prod',
      '--os',
      'ubuntu',
      '--arch',
      'arm64',
      '--kind',
      'system',
      '--newest',
      '-o',
      'address',
    ])
    const place = stdout.trim()
    expect(place).toMatch(/^hetzner\/prod:id:\d+$/)
    const shown = await imago(['show', place, '-o', 'json'])
    expect(findSchemaFaults('images', shown.stdout)).toEqual([])
    expect(shown.stdout).toContain('"distro":"ubuntu"')
    const explained = await imago(['explain', place, '-o', 'json'])
    expect(findSchemaFaults('explanation', explained.stdout)).toEqual([])
  })

  it('is ambiguous if two have the name, and both are printed', async () => {
    const { code, stdout, stderr } = await imago(['find', 'prod:ubuntu-24.04'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    const [message, ...candidates] = toLines(stderr)
    expect(message).toBe('imago: 2 images match. Name one of these, add a filter, or use --newest, --first or --all')
    expect(candidates).toEqual([
      expect.stringMatching(/^ {2}hetzner\/prod:id:\d+ {2}ubuntu-24.04 {2}x86_64/),
      expect.stringMatching(/aarch64/),
    ])
  })

  it('is found in any region', async () => {
    const { stdout } = await imago(['list', 'lab@RegionTwo', '-o', 'csv', '--columns', 'id', '--limit', '1'])
    const id = toLines(stdout)[1] ?? ''
    expect(await imago(['find', `lab:${id}`, '-o', 'address'])).toMatchObject({
      code: 0,
      stdout: `openstack/lab@RegionTwo:id:${id}\n`,
    })
  })
})

describe('clouds', () => {
  it('are checked by clouds --check', async () => {
    const { code, stdout, stderr } = await imago(['clouds', '--check', '-o', 'json'])
    expect(code).toBe(1)
    expect(findSchemaFaults('check', stdout)).toEqual([])
    const { clouds } = JSON.parse(stdout) as {
      readonly clouds: readonly {
        readonly name: string
        readonly region: string | null
        readonly works: boolean
        readonly user: string | null
      }[]
    }
    expect(clouds.map(({ name, region, works, user }) => [name, region, works, user])).toEqual([
      ['prod', null, true, null],
      ['reader', null, true, null],
      ['wrong', null, false, null],
      ['lab', 'RegionOne', true, 'demo (Default)'],
      ['lab', 'RegionTwo', true, 'demo (Default)'],
      ['down', null, false, null],
    ])
    expect(toLines(stderr)).toHaveLength(2)
  })

  it('are probed by capabilities --probe, which shows what a token is not allowed to do', async () => {
    const { stdout, code } = await imago(['capabilities', 'prod', 'reader', 'lab@RegionOne', '--probe', '-o', 'json'])
    expect(code).toBe(0)
    expect(findSchemaFaults('capabilities', stdout)).toEqual([])
    const { clouds } = JSON.parse(stdout) as { readonly clouds: readonly { readonly operations: readonly string[] }[] }
    expect(clouds.map(({ operations }) => [operations.includes('delete'), operations.includes('hide')])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ])
  })

  it('respond to imago api', async () => {
    const images = await imago(['api', 'prod', '/images', '-f', 'per_page=2', '-f', 'type=snapshot'])
    expect((JSON.parse(images.stdout) as { readonly images: readonly unknown[] }).images).toHaveLength(2)
    const user = await imago(['api', 'lab@RegionOne', '/v2/schemas/image'])
    expect(JSON.parse(user.stdout)).toMatchObject({ name: 'image' })
    expect(await imago(['api', 'prod', '/images/1'])).toMatchObject({ code: 3 })
    const before = hetzner.requests.all().length
    expect(await imago(['api', 'prod', 'DELETE', '/images/1', '--dry-run'])).toMatchObject({
      code: 0,
      stdout: 'DELETE /images/1\n',
    })
    expect(hetzner.requests.all()).toHaveLength(before)
  })

  it('are reached through the proxy of the environment, unless their host is excluded', async () => {
    const proxied = await imago(['list', 'prod', '--limit', '1'], { HTTP_PROXY: 'http://127.0.0.1:1' })
    expect(proxied).toMatchObject({ code: 5, stdout: '' })
    expect(
      await imago(['list', 'prod', '--limit', '1'], { http_proxy: 'http://127.0.0.1:1', no_proxy: '127.0.0.1' }),
    ).toMatchObject({ code: 0 })
  })
})
