import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createHetznerSimulator, createOpenstackSimulator } from '@imago/simulator'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { Script } from 'node:vm'
import { glance } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago } from './imago.ts'

beforeAll(assertBuilt)
// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const folder = temporaryFolder()
const file = folder.file('one.json', JSON.stringify(glance()))
let runs = 0

const BUNDLE = join(__dirname, '../../bundle')
let inChunk: Readonly<Record<string, readonly string[]>> = {}
beforeAll(() => void (inChunk = JSON.parse(readFileSync(join(BUNDLE, 'contents.json'), 'utf8')) as typeof inChunk))
/** The source files of a chunk of the bundle. */
const toFiles = (url: string): readonly string[] =>
  url.includes('/cli/bundle/') ? (inChunk[basename(url)] ?? [`${url}: not of this bundle`]) : [url]

/** The files that imago loaded, by V8's coverage. */
const loadedBy = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const coverage = folder.path(`coverage-${runs++}`)
  mkdirSync(coverage)
  const { code } = await imago(args, { env: { ...env, NODE_V8_COVERAGE: coverage } })
  expect(code).toBe(0)
  const urls = readdirSync(coverage).flatMap((name) =>
    (JSON.parse(readFileSync(join(coverage, name), 'utf8')) as { result: { url: string }[] }).result.map(
      ({ url }) => url,
    ),
  )
  const files = urls.filter((url) => url.startsWith('file:')).flatMap(toFiles)
  expect(files.some((file) => file.endsWith('cli/dist/main.js'))).toBe(true)
  return files.join('\n')
}

const REPORTER = folder.file(
  'report-builtins.cjs',
  `process.on('exit', () => require('node:fs').writeFileSync(process.env.BUILTINS, process.moduleLoadList.join('\\n')))`,
)

/** The modules of Node itself that imago loaded: `http`, `internal/deps/undici/undici`. */
const builtinsLoadedBy = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> => {
  const list = folder.path(`builtins-${runs++}`)
  const { code } = await imago(args, { env: { ...env, NODE_OPTIONS: `--require ${REPORTER}`, BUILTINS: list } })
  expect(code).toBe(0)
  return readFileSync(list, 'utf8')
    .split('\n')
    .flatMap((line) => /^NativeModule (?<name>.*)/.exec(line)?.groups?.['name'] ?? [])
}

const HEAVY =
  /node_modules\/(?:@pnpm\/tabtab|cli-progress|fzstd|yaml|axios|string-width)\/|crosswalk\/dist\/data|schemas\/image\/dist/
const DOMAIN = /packages\/core\/|packages\/codec\/|adapters\/|schemas\/|node_modules\/(?:fp-ts|io-ts)\//

describe('compiled code', () => {
  const createCache = (name: string): { readonly env: NodeJS.ProcessEnv; readonly compiled: string } => {
    const cache = folder.path(name)
    mkdirSync(cache)
    return { env: { XDG_CACHE_HOME: cache }, compiled: join(cache, 'imago/compiled') }
  }
  const toFile = (command: string): string => `${command}-${process.version}-${process.arch}`

  it('is kept for each command in the cache directory of the user, readable to nobody else', async () => {
    const { env, compiled } = createCache('cache')
    await imago(['--version'], { env })
    await imago(['schema'], { env })
    expect(readdirSync(compiled).sort()).toEqual([toFile('--version'), toFile('schema')])
    expect(statSync(join(compiled, toFile('schema'))).mode & 0o777).toBe(0o600)
  })

  it('contains the functions that a run called', async () => {
    const { env, compiled } = createCache('cache-functions')
    await imago(['--version'], { env })
    const neverRun = ['main.js', ...readdirSync(BUNDLE).filter((name) => name.startsWith('rolldown-runtime'))]
      .map((name) => new Script(`(function () {${readFileSync(join(BUNDLE, name), 'latin1')}\n})`))
      .reduce((size, script) => size + script.createCachedData().length, 0)
    expect(statSync(join(compiled, toFile('--version'))).size).toBeGreaterThan(1.2 * neverRun)
  })

  it('is extended by the first runs of a command, and by one that loads more of it', async () => {
    const { env, compiled } = createCache('cache-runs')
    const state = (): string => {
      const { ino, mtimeNs } = statSync(join(compiled, toFile('normalize')), { bigint: true })
      return `${ino} ${mtimeNs}`
    }
    const states: string[] = []
    for (let run = 0; run < 6; run++) {
      await imago(['normalize', file], { env })
      states.push(state())
    }
    expect(new Set(states).size).toBe(4)
    await imago(['normalize', file, '-o', 'yaml'], { env })
    expect(states).not.toContain(state())
  })

  it('is replaced when others may write it, it is damaged, or it belongs to another version', async () => {
    const { env, compiled } = createCache('cache-replaced')
    const saved = join(compiled, toFile('schema'))
    const { stdout } = await imago(['schema'], { env })
    const own = readFileSync(saved, 'latin1')
    const changes = [
      (): void => chmodSync(saved, 0o666),
      (): void => writeFileSync(saved, own.slice(0, 1000), 'latin1'),
      (): void => writeFileSync(saved, ''),
      (): void => writeFileSync(saved, own.replace(/"key":"../, '"key":"..'), 'latin1'),
    ]
    for (const change of changes) {
      // As after its first runs, so that only a reason to replace it does.
      for (let run = 0; run < 4; run++) await imago(['schema'], { env })
      change()
      const { ino } = statSync(saved)
      expect((await imago(['schema'], { env })).stdout).toBe(stdout)
      expect(statSync(saved).ino).not.toBe(ino)
      expect(statSync(saved).mode & 0o777).toBe(0o600)
    }
  })

  it('is not kept for a command that does not exist, and deleted after a month', async () => {
    const { env, compiled } = createCache('cache-old')
    mkdirSync(compiled, { recursive: true })
    const old = join(compiled, 'list-v1.0.0-x64')
    writeFileSync(old, '')
    utimesSync(old, 0, 0)
    expect((await imago(['lsit'], { env })).code).toBe(2)
    expect(readdirSync(compiled)).toEqual([basename(old)])
    await imago(['--version'], { env })
    expect(readdirSync(compiled)).toEqual([toFile('--version')])
  })

  it('imports packages that are not in the bundle', async () => {
    const { env } = createCache('cache-import')
    for (let run = 1; run <= 2; run++)
      expect(await imago(['schema', 'tables', '--sql', 'sqlite'], { env })).toMatchObject({ code: 0, stderr: '' })
  })

  it('is not kept when NODE_DISABLE_COMPILE_CACHE is set', async () => {
    const { env, compiled } = createCache('cache-disabled')
    await imago(['--version'], { env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' } })
    expect(existsSync(compiled)).toBe(false)
  })

  // Node's own recursive mkdir never returns for a path below /proc/1.
  it.each(['/dev/null', '/nonexistent/cache', '/proc/1'])(
    'is not kept when it cannot be written: %s',
    async (cache) => {
      const { code, stderr } = await imago(['--version'], { env: { XDG_CACHE_HOME: cache } })
      expect(code).toBe(0)
      expect(stderr).toBe('')
    },
  )
})

describe('the bundle', () => {
  it('contains only ASCII, because it is read as Latin-1', () => {
    const chunks = readdirSync(BUNDLE).filter((name) => name.endsWith('.js'))
    expect(chunks).toContain('main.js')
    expect(chunks.filter((name) => readFileSync(join(BUNDLE, name)).some((byte) => byte > 0x7f))).toEqual([])
  })

  it('prints other characters as they are', async () => {
    expect((await imago(['fields', '-o', 'markdown'])).stdout).toContain('| `hidden` | – | not provided |')
  })
})

describe('a command loads only the modules it needs', () => {
  it.each([[['--help']], [['--version']], [['normalize', '--help']], [['list', '--help']], [['api', '--help']]])(
    '%j loads neither the domain nor any large module',
    async (args) => {
      const loaded = await loadedBy(args)
      expect(loaded).not.toMatch(HEAVY)
      expect(loaded).not.toMatch(DOMAIN)
    },
  )

  it('normalize -o ndjson loads no other format, no progress, no completion and no HTTP', async () => {
    const loaded = await loadedBy(['normalize', '-o', 'ndjson', file])
    expect(loaded).toMatch(DOMAIN)
    expect(loaded).not.toMatch(/node_modules\/(?:@pnpm\/tabtab|cli-progress|fzstd|yaml|axios)\/|schemas\/image\/dist/)
  })

  it('explain of a file, and clouds, load no HTTP', async () => {
    expect(await loadedBy(['explain', file])).not.toMatch(/node_modules\/axios\//)
    expect(await loadedBy(['clouds'])).not.toMatch(/node_modules\/axios\/|packages\/http\//)
  })

  it('diff of two files loads neither HTTP nor the store', async () => {
    const loaded = await loadedBy(['diff', file, file])
    expect(loaded).not.toMatch(/node_modules\/axios\/|http\/dist\/axios-client|packages\/store\/dist\/index/)
  })

  it('completion of a command line loads the configuration only for a name', async () => {
    const line = 'imago list --'
    const variables = { COMP_CWORD: '2', COMP_LINE: line, COMP_POINT: String(line.length), SHELL: 'bash' }
    const loaded = await loadedBy(['completion-server', '--', 'imago', 'list'], variables)
    expect(loaded).not.toMatch(DOMAIN)
    expect(loaded).not.toMatch(HEAVY)
  })

  it.each([
    ['--version', ['--version']],
    ['normalize', ['normalize', file]],
    ['explain', ['explain', file]],
    ['clouds', ['clouds']],
    ['diff', ['diff', file, file]],
  ])('%s loads neither HTTP nor the compression, cryptography and promises of files of Node', async (_, args) => {
    const loaded = await builtinsLoadedBy(args)
    expect(loaded.filter((name) => /^(?:https?|tls|crypto|zlib|child_process|fs\/promises)$/.test(name))).toEqual([])
  })

  it('only a file in YAML loads a library of its format', async () => {
    const lines = Object.entries(glance()).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    const yaml = folder.file('one.yaml', lines.join(''))
    expect(await loadedBy(['normalize', yaml])).toMatch(/node_modules\/yaml\//)
    expect(await loadedBy(['normalize', '-o', 'yaml', file])).not.toMatch(/node_modules\/yaml\//)
    expect(await loadedBy(['normalize', '-o', 'csv', file])).not.toMatch(/node_modules\/(?:yaml|string-width)\//)
  })

  describe('list', () => {
    const HOME = {
      HOME: folder.path('nobody'),
      XDG_CONFIG_HOME: '',
      ...Object.fromEntries(
        Object.keys(process.env)
          .filter((name) => /^(?:OS_|HCLOUD_|IMAGO_|.*_proxy$)/i.test(name))
          .map((name) => [name, '']),
      ),
    }
    /** Modules that a listing without a proxy does not need, as a table or as NDJSON. */
    const USELESS =
      /^.*(?:node_modules\/(?:@pnpm\/tabtab|cli-progress|fzstd|fastify|http-proxy-agent|follow-redirects|form-data|mime-db)\/|axios\/lib\/adapters\/(?:fetch|xhr)|packages\/(?:simulator|testkit)\/|http\/dist\/proxy-agents|schemas\/image\/dist).*/gm
    const useless = (loaded: string): readonly string[] => loaded.match(USELESS) ?? []

    it('of Hetzner loads the live part of its provider only, and no TLS for plain HTTP', async () => {
      const simulator = await createHetznerSimulator()
      const env = { ...HOME, HCLOUD_TOKEN: simulator.token, HCLOUD_ENDPOINT: simulator.url }
      try {
        const loaded = await loadedBy(['list', '--limit', '1'], env)
        expect(loaded).toMatch(/adapters\/hetzner\/dist\/source\.js/)
        expect(useless(loaded)).toEqual([])
        expect(
          loaded.match(/adapters\/openstack\/dist\/(?:(?:api|auth|source)\/|(?:connector|session|source)\.js).*/g),
        ).toBe(null)
        const builtins = await builtinsLoadedBy(['list', '--limit', '1'], env)
        expect(builtins).toContain('http')
        expect(
          builtins.filter((name) => /^(?:https|tls|crypto|zlib|http2|perf_hooks|internal\/deps\/undici.*)$/.test(name)),
        ).toEqual([])
        expect(await loadedBy(['list', '--limit', '1', '-o', 'ndjson'], env)).not.toMatch(
          /node_modules\/string-width\//,
        )
      } finally {
        await simulator.close()
      }
    })

    it('of OpenStack loads the live part of its provider only', async () => {
      const simulator = await createOpenstackSimulator()
      const env = {
        ...HOME,
        OS_AUTH_URL: simulator.authUrl,
        OS_USERNAME: 'demo',
        OS_PASSWORD: 'demo-password',
        OS_PROJECT_NAME: 'demo',
        OS_USER_DOMAIN_NAME: 'Default',
        OS_PROJECT_DOMAIN_NAME: 'Default',
      }
      try {
        const loaded = await loadedBy(['list', '--limit', '1'], env)
        expect(loaded).toMatch(/adapters\/openstack\/dist\/source\.js/)
        expect(useless(loaded)).toEqual([])
        expect(
          loaded.match(/adapters\/hetzner\/dist\/(?:(?:api|rescue|source)\/|(?:connector|session|source)\.js).*/g),
        ).toBe(null)
      } finally {
        await simulator.close()
      }
    })
  })
})
