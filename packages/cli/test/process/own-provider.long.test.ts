import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago, type Ran } from './imago.ts'
import { providerText } from './own-provider.ts'

beforeAll(assertBuilt)
// Each test starts processes.
jest.setTimeout(120_000)

const TOKEN = 'tok-0123456789-abcdef'
const IMAGES = [
  { id: 6918990, name: '14.04 x64', slug: 'ubuntu-14-04-x64', distribution: 'Ubuntu', regions: ['nyc1'] },
  { id: 7555620, name: 'Nifty New Snapshot', slug: null, distribution: 'Debian', regions: ['nyc2'] },
]

let server: Server
let endpoint = ''
const seen: (string | undefined)[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    response
      .writeHead(request.url === '/v2/images' ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ images: IMAGES }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`
})
afterAll(() => void server.close())

const folder = temporaryFolder()
let homes = 0

const write = (path: string, text: string, mode = 0o600): string => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
  return path
}

interface Home {
  readonly path: string
  readonly config: string
  readonly run: (...args: readonly string[]) => Promise<Ran>
}

/** A home directory whose configuration names these providers. */
const home = (providers: readonly string[] | ((path: string) => readonly string[]), text?: string): Home => {
  const path = folder.path(`home-${homes++}`)
  const config = join(path, '.config/imago/config.yaml')
  const names = typeof providers === 'function' ? providers(path) : providers
  write(config, text ?? `providers: ${JSON.stringify(names)}\n`)
  const unset = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(?:OS_|HCLOUD_|IMAGO_|XDG_|.*_proxy$)/i.test(name))
      .map((name) => [name, '']),
  )
  const env = { ...unset, HOME: path, SMALL_TOKEN: TOKEN, SMALL_ENDPOINT: endpoint }
  return { path, config, run: (...args) => imago(args, { env }) }
}

const small = (path: string): string => write(join(path, 'small.mjs'), providerText('small'))

describe('provider of the user’s configuration', () => {
  it('provides clouds, images, filter values and fields like a bundled one', async () => {
    const { run } = home((path) => [small(path)])
    const clouds = await run('clouds')
    expect(clouds).toMatchObject({ code: 0, stderr: '' })
    expect(clouds.stdout).toMatch(/^envvars +small +- +yes +http:\/\/127\.0\.0\.1:\d+\/v2 +- +- +token +SMALL_TOKEN$/m)

    const list = await run('list', '-o', 'value', '-c', 'id,name,kind,os.distro', '--arch', 'x64')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(list.stdout).toBe('6918990\t14.04 x64\tsystem\tubuntu\n')
    expect(new Set(seen)).toEqual(new Set([`Bearer ${TOKEN}`]))

    expect((await run('find', 'small/envvars:Nifty New Snapshot')).stdout).toBe('7555620\n')
    expect((await run('clouds', '--check')).stdout).toMatch(/^envvars +small +- +ok /m)
    expect((await run('explain', 'envvars:id:6918990', '--field', 'architecture')).stdout).toContain(
      'a slug that ends in -x64',
    )
    expect((await run('fields', '--provider', 'small', '-q')).code).toBe(0)
    expect((await run('capabilities')).stdout).toMatch(/^OPERATIONS +hetzner +openstack +small /m)
    expect(JSON.parse((await run('api', 'envvars', '/images')).stdout)).toMatchObject({ images: IMAGES })
  })

  it('reads saved images', async () => {
    const { run, path } = home((path) => [small(path)])
    const file = write(join(path, 'saved.json'), JSON.stringify(IMAGES))
    expect((await run('normalize', file, '-o', 'value', '-c', 'provider,id')).stdout).toBe(
      'small\t6918990\nsmall\t7555620\n',
    )
  })

  it('may be a package next to the configuration, with its exports', async () => {
    const { run } = home((path) => {
      const own = join(path, '.config/imago/node_modules/@me/small')
      write(
        join(own, 'package.json'),
        JSON.stringify({
          name: '@me/small',
          version: '1.0.0',
          type: 'module',
          exports: { './provider': { import: './lib/provider.js' } },
        }),
      )
      write(join(own, 'lib/provider.js'), providerText('small'))
      return ['@me/small/provider']
    })
    expect((await run('list', '-o', 'value', '-c', 'id')).stdout).toBe('6918990\n7555620\n')
  })

  it('is used by shell completion', async () => {
    const { path } = home((path) => [small(path)])
    const line = 'imago drift --provider '
    const ran = await imago(['completion-server', '--', ...line.trim().split(' ')], {
      env: {
        HOME: path,
        XDG_CONFIG_HOME: '',
        COMP_CWORD: '3',
        COMP_LINE: line,
        COMP_POINT: String(line.length),
        SHELL: '/bin/bash',
      },
    })
    expect(ran.stdout.split('\n')).toContain('small')
  })
})

describe('provider that cannot be used', () => {
  const bad: readonly (readonly [string, (path: string) => string, string])[] = [
    ['a module that throws', (path) => write(join(path, 'bad.mjs'), 'throw new Error("out of luck")'), 'out of luck'],
    ['a syntax error', (path) => write(join(path, 'bad.mjs'), 'export const provider = {'), 'Unexpected end of input'],
    ['another export', (path) => write(join(path, 'bad.mjs'), 'export default {}'), 'it exports no `provider`'],
    [
      'no contract',
      (path) => write(join(path, 'bad.mjs'), 'export const provider = {}'),
      'its `provider` has no `contract`; this imago has version 1 of the provider contract',
    ],
    [
      'another contract',
      (path) => write(join(path, 'bad.mjs'), 'export const provider = { contract: 2 }'),
      'it is made for version 2 of the provider contract, and this imago has version 1',
    ],
    [
      'a missing member',
      (path) => write(join(path, 'bad.mjs'), providerText('bad', 'provider.discover = undefined')),
      'its `discover` is not a function',
    ],
    [
      'a name that is taken',
      (path) => write(join(path, 'bad.mjs'), providerText('hetzner')),
      'a provider named hetzner already exists',
    ],
    [
      'a file that others may write to',
      (path) => write(join(path, 'bad.mjs'), providerText('bad'), 0o666),
      'others may write to it (mode 666)',
    ],
    ['no file', (path) => join(path, 'bad.mjs'), 'no such file'],
    ['a relative path', () => './bad.mjs', 'it is neither a package nor an absolute path'],
    ['a package that is not next to the configuration', () => 'io-ts', 'there is no such package in '],
  ]

  it.each(bad)('is reported and skipped: %s', async (_, make, why) => {
    const { run } = home((path) => [make(path), small(path)])
    const clouds = await run('clouds')
    expect(clouds.code).toBe(1)
    expect(clouds.stdout).toMatch(/^envvars +small /m)
    expect(clouds.stderr).toContain(`" cannot be used: ${why}`)
    expect(clouds.stderr.match(/cannot be used/g)).toHaveLength(1)
  })

  it('does not affect a list of other clouds', async () => {
    const { run } = home((path) => [join(path, 'gone.mjs'), small(path)])
    expect(await run('list', 'envvars', '-o', 'value', '-c', 'id')).toMatchObject({
      code: 0,
      stdout: '6918990\n7555620\n',
      stderr: '',
    })
    expect((await run('list', 'gone')).stderr).toMatch(
      /cloud not found: gone; the configuration could not be read completely: provider "[^"]+gone\.mjs" cannot be used: no such file/,
    )
  })

  it('is reported when a request to it fails', async () => {
    const { run } = home((path) => [
      write(
        join(path, 'bad.mjs'),
        providerText('bad', 'provider.discover = async () => { throw new Error("no luck") }'),
      ),
      small(path),
    ])
    const list = await run('list', '-o', 'value', '-c', 'id')
    expect(list).toMatchObject({ code: 1, stdout: '6918990\n7555620\n' })
    expect(list.stderr).toBe(
      'imago: bad: configuration: the provider failed to search for clouds: no luck. Report it to the author of the provider\n',
    )
  })

  it('causes a warning when saved images are read', async () => {
    const { run, path } = home([`/nowhere/at-all.mjs`])
    const file = write(
      join(path, 'saved.json'),
      JSON.stringify([{ id: 42, type: 'system', os_flavor: 'ubuntu', architecture: 'x86' }]),
    )
    const ran = await run('normalize', file, '-o', 'value', '-c', 'provider,id')
    expect(ran).toMatchObject({ code: 0, stdout: 'hetzner\t42\n' })
    expect(ran.stderr).toContain(
      'imago: warning: imago: configuration: provider "/nowhere/at-all.mjs" cannot be used: no such file',
    )
  })
})

describe('invalid configuration', () => {
  it.each<[string, (where: Home) => void, string]>([
    ['file', ({ config }) => chmodSync(config, 0o666), 'others may write to it'],
    ['directory', ({ config }) => chmodSync(dirname(config), 0o777), 'others may write to it (mode 777)'],
  ])('is ignored if others may write to its %s', async (_, open, why) => {
    const where = home((path) => [write(join(path, 'ran.mjs'), 'console.log("code of someone else")')])
    open(where)
    const ran = await where.run('clouds')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(why)
    expect(ran.stdout + ran.stderr).not.toContain('code of someone else')
  })

  it.each([
    ['providers: small', 'providers is not a list of strings'],
    ['provider: [small]', 'unknown setting "provider" (one of: providers)'],
    ['[a, b]', 'it is not a mapping'],
    ['providers: [', 'invalid YAML'],
  ])('is refused: %s', async (text, why) => {
    const { stderr, code } = await home([], text).run('clouds')
    expect(stderr).toContain(`~/.config/imago/config.yaml: ${why}`)
    expect(code).toBe(1)
  })
})
