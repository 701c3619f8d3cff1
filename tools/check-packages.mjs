// Checks the packages to publish: manifests with publint, types with attw, and a run of all of them unpacked elsewhere.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const failures = []
const work = mkdtempSync(join(tmpdir(), 'imago-packages-'))
const modules = join(work, 'node_modules')

const packages = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => {
    const path = join(root, folder, name)
    return { path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
  }),
)

const run = (command, args, cwd = root) =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'error' } })

for (const { path, manifest } of packages) {
  const { messages } = await publint({ pkgDir: path, strict: true, pack: false })
  for (const message of messages) failures.push(`${manifest.name}: ${formatMessage(message, manifest)}`)

  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', work], path)
  const [{ filename, files }] = JSON.parse(packed.stdout)
  if (files.some((file) => file.path.startsWith('test/') || file.path.endsWith('.tsbuildinfo')))
    failures.push(`${manifest.name}: packs tests or build info`)
  const tarball = join(work, filename)
  const types = run(process.execPath, [
    join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
    tarball,
    '--profile',
    'esm-only',
    '--quiet',
    '--format',
    'json',
  ])
  const problems = types.stdout === '' ? [] : Object.values(JSON.parse(types.stdout).problems ?? {}).flat()
  const real = problems.filter((problem) => !['node10', 'node16-cjs'].includes(problem.resolutionKind))
  for (const problem of real) failures.push(`${manifest.name}: attw ${JSON.stringify(problem)}`)

  const target = join(modules, manifest.name)
  mkdirSync(target, { recursive: true })
  if (run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']).status !== 0)
    failures.push(`${manifest.name}: cannot be unpacked`)
  for (const dependency of Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })) {
    if (packages.some((one) => one.manifest.name === dependency)) continue
    const link = join(modules, dependency)
    mkdirSync(join(link, '..'), { recursive: true })
    try {
      symlinkSync(join(path, 'node_modules', dependency), link, 'junction')
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}

// The published command is the bundle, with the licences of its contents.
for (const file of ['main.js', 'THIRD-PARTY-LICENSES.txt'])
  if (!existsSync(join(modules, '@imago/cli/bundle', file)))
    failures.push(`@imago/cli: ${file} of the bundle is not packed`)
const table = run(process.execPath, [
  join(modules, '@imago/cli/bin/imago.js'),
  'normalize',
  join(root, 'schemas/hetzner/fixtures/dumps/api-image.json'),
])
if (table.status !== 0 || !table.stdout.includes('322189934'))
  failures.push(`the unpacked command failed: ${table.stderr}`)
rmSync(work, { recursive: true })

for (const failure of failures) process.stderr.write(`packages: ${failure}\n`)
process.stdout.write(`${packages.length} packages packed, checked and unpacked\n`)
process.exit(failures.length > 0 ? 1 : 0)
