// Loads the built packages in plain Node, every package by import and by require, and runs the command. jest runs on sources and resolves more than
// Node.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const failures = []
const check = (what, holds) => {
  if (!holds) failures.push(what)
}

const entries = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, name, 'package.json'), 'utf8'))
    return Object.entries(manifest.exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([subpath]) => manifest.name + subpath.slice(1))
  }),
)

const require = createRequire(import.meta.url)
for (const entry of entries) {
  const imported = await import(entry)
  const required = require(entry)
  check(`${entry}: exports nothing`, Object.keys(imported).length > 0)
  for (const name of Object.keys(imported))
    check(`${entry}: require gives another ${name} than import`, required[name] === imported[name])
}

const { normalize } = await import('imago')
const dump = JSON.parse(readFileSync(join(root, 'schemas/hetzner/fixtures/dumps/api-images.json'), 'utf8'))
check('normalize gives no images', normalize(dump).items.length > 0)

const run = (script) => spawnSync(process.execPath, [script, '--version'], { encoding: 'utf8' })
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'))
check('imago --version', run(join(root, 'packages/cli/bin/imago.js')).stdout === `${version}\n`)
check('imago --version, without the bundle', run(join(root, 'packages/cli/dist/main.js')).stdout === `${version}\n`)
const { isBundleFresh } = await import('../packages/cli/bin/bundle.js')
check('the bundle is older than a build: node tools/bundle.mjs', isBundleFresh())

// A copy elsewhere cannot load the workspace: the entry point must fail, and not load another file.
const elsewhere = mkdtempSync(join(tmpdir(), 'imago-smoke-'))
const script = join(elsewhere, 'types.mjs')
writeFileSync(
  script,
  `import { readers } from ${JSON.stringify(pathToFileURL(join(root, 'packages/imago/dist/index.js')).href)}\nprocess.stdout.write(readers.map((reader) => reader.provider).join(' '))\n`,
)
check(
  'the library from another folder',
  spawnSync(process.execPath, [script], { encoding: 'utf8' }).stdout === 'hetzner openstack',
)
rmSync(elsewhere, { recursive: true })

for (const failure of failures) process.stderr.write(`smoke: ${failure}\n`)
process.stdout.write(`${entries.length} entry points by import and require\n`)
process.exit(failures.length > 0 ? 1 : 0)
