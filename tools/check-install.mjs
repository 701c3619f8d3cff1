// Installs imago like its users: publishes every package to a registry on loopback, and installs from it into new projects.
// With npm and pnpm, on this Node and the LTS one, with strict engines and without install scripts. Checks import, require, types, a bundle, the
// command, and a user's own provider.
// Ends with `N passed, N failed`. All other packages come from the registry in npm's configuration.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { startRegistry } from './install/registry.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const PNPM = /^const PNPM = '(.+)'$/m.exec(readFileSync(join(root, 'tools/setup.mjs'), 'utf8'))[1]
const LTS_NODE = /^LTS_NODE=(.+)$/m.exec(readFileSync(join(root, '.ci/run'), 'utf8'))[1]
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const TYPESCRIPT = /^ {2}typescript: (.+)$/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))[1]
const dump = join(root, 'schemas/hetzner/fixtures/dumps/api-images.json')
const shell = process.platform === 'win32'
const work = mkdtempSync(join(tmpdir(), 'imago-install-'))

let passed = 0
let failed = 0

/** Removes the caller's npm settings, which an npm script has in its environment. */
const ownEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(?:registry|https?_?proxy|noproxy|cafile)$)/i.test(name),
  ),
)

/** Runs a command without blocking, because the registry is in this process. Returns its output; rejects with it if the command fails. */
const run = async (command, args, { cwd = work, env = {} } = {}) => {
  const child = spawn(command, args, {
    cwd,
    env: { ...ownEnvironment, CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} (exit ${code})\n${output}`)
  return output
}

const check = async (what, body) => {
  try {
    await body()
    passed++
    process.stdout.write(`ok: ${what}\n`)
    return true
  } catch (error) {
    failed++
    process.stdout.write(`FAILED: ${what}\n${error.message}\n`)
    return false
  }
}

const expectText = (output, ...wanted) => {
  for (const text of wanted)
    if (!output.includes(text)) throw new Error(`${JSON.stringify(text)} is missing in:\n${output}`)
}

const upstream = (await run('npm', ['config', 'get', 'registry'], { cwd: root })).trim()
const registry = await startRegistry(upstream)
const { host } = new URL(registry.url)
const userConfig = join(work, 'npmrc')
// npm refuses to publish without a token; this registry does not check it.
writeFileSync(
  userConfig,
  `registry=${registry.url}\n//${host}/:_authToken=loopback\naudit=false\nfund=false\nupdate-notifier=false\n`,
)
/** A separate cache: packages from elsewhere must not replace the published ones. */
const published = {
  npm_config_userconfig: userConfig,
  npm_config_registry: registry.url,
  npm_config_cache: join(work, 'cache'),
}

const manifests = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(root, folder, name, 'package.json'))
    .filter(existsSync)
    .map((path) => JSON.parse(readFileSync(path, 'utf8'))),
)
const names = manifests.filter((manifest) => manifest.private !== true).map(({ name }) => name)
const command = manifests.find(({ bin }) => bin?.imago !== undefined)
const entries = manifests.flatMap((manifest) =>
  Object.entries(manifest.exports).flatMap(([path, target]) =>
    target?.types === undefined ? [] : [manifest.name + path.slice(1)],
  ),
)

const pnpm = (args, options) => run('npm', ['exec', '--yes', `--package=${PNPM}`, '--', 'pnpm', ...args], options)

/** Returns environments with these versions of `node`, in which npm also uses that version. */
const nodes = async () => {
  const at = (
    await run('npm', ['exec', '--yes', `--package=node@${LTS_NODE}`, '--', 'node', '-p', 'process.execPath'], {
      cwd: root,
    })
  )
    .trim()
    .split('\n')
    .at(-1)
  return [
    { name: `Node ${process.version}`, path: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
    { name: `Node ${LTS_NODE}`, path: `${dirname(at)}${delimiter}${process.env.PATH}` },
  ]
}

const INSTALLERS = {
  npm: (packages, options) => run('npm', ['install', '--engine-strict', '--ignore-scripts', ...packages], options),
  pnpm: async (packages, options) => {
    writeFileSync(
      join(options.cwd, 'pnpm-workspace.yaml'),
      `engineStrict: true\nstoreDir: ${JSON.stringify(join(work, 'store'))}\ncacheDir: ${JSON.stringify(join(work, 'pnpm-cache'))}\nminimumReleaseAge: 0\n`,
    )
    await pnpm(['add', '--ignore-scripts', ...packages], options)
  },
}

/** Arguments of `node --input-type` that load every entry point. */
const loadAll = {
  import: `for (const entry of ${JSON.stringify(entries)}) { const loaded = await import(entry); if (Object.keys(loaded).length === 0) throw new Error(entry) }; console.log('loaded')`,
  require: `for (const entry of ${JSON.stringify(entries)}) { const loaded = require(entry); if (Object.keys(loaded).length === 0) throw new Error(entry) }; console.log('loaded')`,
}

/** Runs a project's `imago simulate` while `body` runs; `body` receives the configuration of the clouds. */
const withSimulator = async (folder, env, body) => {
  const main = join(folder, 'node_modules', command.name, command.bin.imago)
  const child = spawn('node', [main, 'simulate', '--output', 'json'], {
    cwd: folder,
    env: { ...ownEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  try {
    let text = ''
    for await (const line of createInterface({ input: child.stdout })) {
      text += line
      if (line === '}') break
    }
    if (text === '') throw new Error('imago simulate printed nothing')
    await body({ ...env, ...JSON.parse(text).env })
  } finally {
    child.kill()
    await ended
  }
}

const tsconfig = (options) =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      ...options,
    },
    files: ['use-library.ts'],
  })

/** Checks one project with imago installed. */
const checkProject = async (what, folder, env) => {
  const node = (...args) => run('node', args, { cwd: folder, env })
  await check(`${what}: import of all ${entries.length} entry points`, async () =>
    expectText(await node('--input-type=module', '--eval', loadAll.import), 'loaded'),
  )
  await check(`${what}: require of all ${entries.length} entry points`, async () =>
    expectText(await node('--input-type=commonjs', '--eval', loadAll.require), 'loaded'),
  )
  await check(`${what}: every package has its licence and a README`, () => {
    const missing = names
      .flatMap((name) => ['LICENSE', 'README.md'].map((file) => join(folder, 'node_modules', name, file)))
      .filter((path) => !existsSync(path))
    if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`)
  })
  await check(`${what}: npx imago --version`, async () =>
    expectText(await run('npx', ['--no-install', 'imago', '--version'], { cwd: folder, env }), command.version),
  )
  await check(`${what}: npx imago normalize`, async () =>
    expectText(await run('npx', ['--no-install', 'imago', 'normalize', dump], { cwd: folder, env }), '322189934'),
  )
  await check(`${what}: npx imago list, at imago simulate`, () =>
    withSimulator(folder, env, async (configured) =>
      expectText(
        await run('npx', ['--no-install', 'imago', 'list', '--os', 'debian'], { cwd: folder, env: configured }),
        'debian-12',
        'Debian 12',
      ),
    ),
  )
}

/** axios' dependencies are CommonJS: according to esbuild's documentation, a bundle of ES modules needs `require` for them. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** Types and bundles are the same for any version of Node. */
const checkProgram = async (what, folder, env) => {
  const tool = (path, ...args) => run('node', [join(folder, 'node_modules', path), ...args], { cwd: folder, env })
  cpSync(join(root, 'tools/install/programs'), folder, { recursive: true })
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    await check(`${what}: types, resolved as ${moduleResolution}`, async () => {
      writeFileSync(join(folder, 'tsconfig.json'), tsconfig({ module, moduleResolution }))
      await tool('typescript/bin/tsc', '-p', '.')
    })
  }
  for (const format of ['esm', 'cjs']) {
    await check(`${what}: esbuild --bundle --format=${format}`, async () => {
      const bundle = join(folder, `bundle-${format}`, format === 'esm' ? 'main.mjs' : 'main.cjs')
      await tool(
        'esbuild/bin/esbuild',
        'use-library.ts',
        '--bundle',
        '--platform=node',
        `--format=${format}`,
        `--outfile=${bundle}`,
        ...(format === 'esm' ? [`--banner:js=${REQUIRE}`] : []),
      )
      await withSimulator(folder, env, async (configured) => {
        // In an empty directory, where the bundle cannot load anything from node_modules.
        const alone = mkdtempSync(join(tmpdir(), 'imago-bundle-'))
        try {
          const copy = join(alone, format === 'esm' ? 'main.mjs' : 'main.cjs')
          copyFileSync(bundle, copy)
          expectText(
            await run('node', [copy, dump], { cwd: alone, env: configured }),
            'images, 0 rejected',
            'production: has Debian',
            'demo@RegionOne: has Debian',
          )
        } finally {
          rmSync(alone, { recursive: true })
        }
      })
    })
  }
}

/** Checks a user's own provider: packs the example, installs it beside imago's configuration, and lists images of its local server. */
const checkOwnProvider = async (what, home, env) => {
  const example = join(root, 'examples/provider-digitalocean')
  const { name } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'))
  const { startLocalServer } = await import(pathToFileURL(join(example, 'test/local-server.mjs')).href)
  const server = await startLocalServer()
  const config = join(home, 'own-provider', 'imago')
  mkdirSync(config, { recursive: true })
  try {
    await check(`${what}: ${name}, installed beside config.yaml`, async () => {
      await pnpm(['pack', '--pack-destination', work], { cwd: example })
      const tarball = readdirSync(work).find((file) => file.startsWith(name) && file.endsWith('.tgz'))
      if (tarball === undefined) throw new Error('pnpm pack made no tarball')
      await run('npm', ['install', '--prefix', config, '--engine-strict', '--ignore-scripts', join(work, tarball)], {
        env,
      })
      writeFileSync(join(config, 'config.yaml'), `providers: ['${name}']\n`)
    })
    const imago = (...args) =>
      run('npx', ['--no-install', 'imago', ...args], {
        cwd: home,
        env: {
          ...env,
          XDG_CONFIG_HOME: dirname(config),
          DIGITALOCEAN_ACCESS_TOKEN: server.token,
          DIGITALOCEAN_API_URL: server.url,
        },
      })
    await check(`${what}: npx imago clouds, with it`, async () =>
      expectText(await imago('clouds'), 'envvars', 'digitalocean', server.url),
    )
    await check(`${what}: npx imago list, with it`, async () =>
      expectText(await imago('list', 'digitalocean/envvars'), '155133621', 'ubuntu 24.04'),
    )
  } finally {
    await server.close()
  }
}

try {
  await check(`publish ${names.length} packages`, async () => {
    await pnpm(
      [
        '--recursive',
        'publish',
        '--no-git-checks',
        '--ignore-scripts',
        '--access',
        'public',
        '--registry',
        registry.url,
      ],
      { cwd: root, env: { npm_config_userconfig: userConfig, npm_config_registry: registry.url } },
    )
    const missing = names.filter((name) => !registry.packages.has(name))
    if (missing.length > 0) throw new Error(`not published: ${missing.join(', ')}`)
  })

  for (const node of await nodes()) {
    for (const [installer, install] of Object.entries(INSTALLERS)) {
      const what = `${node.name}, ${installer}`
      const folder = join(work, `${node.name}-${installer}`.replaceAll(/[^\w.-]/g, '-'))
      mkdirSync(folder)
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
      const env = { ...published, PATH: node.path }
      const installed = await check(`${what}: install with strict engines, without scripts`, () =>
        install(
          [
            ...names,
            `typescript@${TYPESCRIPT}`,
            `esbuild@${devDependencies.esbuild}`,
            `@types/node@${devDependencies['@types/node']}`,
          ],
          { cwd: folder, env },
        ),
      )
      if (!installed) continue
      await checkProject(what, folder, env)
      if (node.path.startsWith(dirname(process.execPath))) await checkProgram(what, folder, env)
      // One installer is enough: the tarball is the same.
      if (installer === 'npm') await checkOwnProvider(what, folder, env)
    }
  }
} finally {
  await registry.close()
  rmSync(work, { recursive: true, force: true })
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 ? 1 : 0)
