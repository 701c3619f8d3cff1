// Runs the two-minute demo: each command runs against simulated clouds on this machine, in an environment without other clouds.
// Uses no network and changes nothing of the user's. --keep-going: continue after a wrong exit code.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulatedClouds } from './simulated-clouds.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')

/** @type {readonly (readonly [what: string, args: readonly string[], expected?: number])[]} */
const STORY = [
  ['imago uses the clouds that hcloud and openstack are configured for:', ['clouds']],
  [
    'List the images of one operating system on two clouds:',
    ['list', 'production', 'demo', '--os', 'ubuntu', '--os-version', '24.04'],
  ],
  [
    'Find one image for a script. An ambiguous name is an error (exit code 3) that lists the matching images:',
    ['find', 'production:ubuntu-24.04'],
    3,
  ],
  ['Add a filter. Every provider’s terms are accepted:', ['find', 'production:ubuntu-24.04', '--arch', 'arm64']],
  [
    'Show the source of a value. This one is inferred, from the printed field by the printed rule:',
    ['explain', 'production:debian-12', '--arch', 'x86_64', '--field', 'size.minDisk'],
  ],
  [
    'Show what a change would send. Other labels are kept:',
    ['set', 'production:350000001', '--set-label', 'keep=yes', '--dry-run'],
  ],
  ['Make the change:', ['set', 'production:350000001', '--set-label', 'keep=yes']],
  [
    'Create a snapshot of a server and wait for it:',
    ['snapshot', 'production:web-1', '--set-description', 'before the upgrade', '--interval', '1s'],
  ],
  [
    'Without any cloud: normalize what other clients saved:',
    ['normalize', join('examples', 'normalize-a-dump', 'images.json')],
  ],
]

const quoted = (word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)

/** Resolves to the exit code. */
const run = (args, env) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [imago, ...args], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 130))
  })

process.stdout.write(
  'Hetzner Cloud and OpenStack are simulated on this machine, with two projects each. Each command below is run as shown.\n',
)
const clouds = await startSimulatedClouds({ isRepeatable: true })
let failed = 0
try {
  for (const [what, args, expected = 0] of STORY) {
    process.stdout.write(`\n— ${what}\n\n$ imago ${args.map(quoted).join(' ')}\n`)
    const code = await run(args, clouds.env)
    if (code === expected) continue
    process.stderr.write(`demo: exit code ${code}, not ${expected}\n`)
    failed = 1
    if (!process.argv.includes('--keep-going')) break
  }
} finally {
  await clouds.close()
}
if (failed > 0) process.exit(failed)

process.stdout.write(`
Try it:    export PATH="$PWD/node_modules/.bin:$PATH"
           imago list                    lists your own clouds’ images, if hcloud or openstack are configured; read-only
           imago simulate                starts these clouds again, to try things on
More:      README.md, imago --help
`)
