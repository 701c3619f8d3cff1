// Publishes every package whose version is not yet published, and tags the release. Arguments go to `pnpm publish`: --provenance, --dry-run.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const PNPM = /^const PNPM = '(.+)'$/m.exec(readFileSync(join(root, 'tools/setup.mjs'), 'utf8'))[1]
const args = process.argv.slice(2)

const run = (command, commandArgs) => {
  const { status } = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(1)
}

// pnpm, unlike npm, replaces `workspace:^` by versions.
run('npm', [
  'exec',
  '--yes',
  `--package=${PNPM}`,
  '--',
  'pnpm',
  '--recursive',
  'publish',
  '--access',
  'public',
  '--no-git-checks',
  ...args,
])
if (!args.includes('--dry-run')) run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'tag'])
