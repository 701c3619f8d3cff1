// The two-minute story, shown live: every command below runs against simulated clouds on this machine, in an environment where no other cloud is configured.
// Without network, and without touching anything of the user's. --keep-going: not even a wrong exit code ends it (to look at it while it is changed).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSimulatedClouds } from './simulated-clouds.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')

/** @type {readonly (readonly [what: string, args: readonly string[], expected?: number])[]} */
const STORY = [
  ['The clouds that are configured for hcloud and openstack. imago needs nothing else:', ['clouds']],
  [
    'The images of all of them in one table; here, of one system on two of them:',
    ['list', 'production', 'demo', '--os', 'ubuntu', '--os-version', '24.04'],
  ],
  [
    'The one that is meant, for a script. A name that several images have is an error that lists them:',
    ['find', 'production:ubuntu-24.04'],
    3,
  ],
  ['So say more. Any provider’s word will do:', ['find', 'production:ubuntu-24.04', '--arch', 'arm64']],
  [
    'How does imago know a value? This one it inferred, from that field, by this rule:',
    ['explain', 'production:debian-12', '--arch', 'x86_64', '--field', 'size.minDisk'],
  ],
  [
    'What would a change send? The labels that are not named stay:',
    ['set', 'production:350000001', '--set-label', 'keep=yes', '--dry-run'],
  ],
  ['Then do it:', ['set', 'production:350000001', '--set-label', 'keep=yes']],
  [
    'A snapshot of a server, from its beginning to its end:',
    ['snapshot', 'production:web-1', '--set-description', 'before the upgrade', '--interval', '1s'],
  ],
  [
    'And without any cloud: what other clients saved, in the same shape:',
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
  'Hetzner Cloud and OpenStack are simulated on this machine, with two projects each. Each command is run as you see it.\n',
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
Now you:   export PATH="$PWD/node_modules/.bin:$PATH"
           imago list                    your own clouds, if hcloud or openstack work here: it only reads
           imago simulate                these clouds, for you to try things on
More:      README.md, imago --help
`)
