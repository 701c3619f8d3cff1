// Prepares a clone: installs dependencies with pnpm, then builds the packages and the command’s bundle. Needs only Node and npm.
// Safe to repeat: skips everything that is up to date (about a second).
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deriveReferences } from './references.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const PNPM = 'pnpm@12.21.0'
const stampFile = join(root, 'node_modules', '.imago-setup')

const packageFolders = ['packages', 'adapters', 'schemas', 'examples']
  .flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : [],
  )
  .concat('lab')

/** Returns a key that changes when dependencies must be installed again. */
const stamp = () => {
  const hash = createHash('sha256').update(process.version).update(PNPM)
  const manifests = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.pnpmfile.cjs',
    ...packageFolders.map((folder) => join(folder, 'package.json')),
  ]
  for (const file of manifests)
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

const run = (what, command, args, env = {}) => {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  if (result.status === 0) return
  process.stderr.write(
    `\nsetup: ${what} failed${result.error ? `: ${result.error.message}` : ` (exit ${result.status})`}\n`,
  )
  process.exit(1)
}

const supported = (() => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
})()
if (!supported) {
  process.stderr.write(`setup: imago needs Node ^20.19.0 or >=22.12.0, this is ${process.version}\n`)
  process.exit(1)
}

for (const file of deriveReferences(root, packageFolders)) process.stderr.write(`${file} written\n`)

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp()) {
  process.stderr.write(`Installing dependencies (${PNPM}) …\n`)
  // In an npm script, npm's settings are in the environment; pnpm must not use them.
  const env = { npm_config_loglevel: 'error', CI: 'true' }
  run(
    'pnpm install',
    'npm',
    [
      'exec',
      '--yes',
      `--package=${PNPM}`,
      '--',
      'pnpm',
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
      '--loglevel=warn',
    ],
    env,
  )
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp())
}

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
// The build info does not notice deleted output; one file per package is checked instead.
const missing = packageFolders.some(
  (folder) =>
    existsSync(join(root, folder, 'src')) &&
    existsSync(join(root, folder, 'tsconfig.json')) &&
    !existsSync(join(root, folder, 'dist', '.tsbuildinfo')),
)
run('tsc -b', process.execPath, [tsc, '-b', ...(missing ? ['--force'] : [])])
// Without a Rolldown binary for this machine, the command still works, but starts more slowly.
const bundled = spawnSync(process.execPath, [join(root, 'tools', 'bundle.mjs')], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (bundled.status !== 0)
  process.stderr.write('setup: the command was not made one piece; it starts slower, and is the same otherwise\n')
