// @ts-check
// Runs imago with this provider in the user's configuration, at a local server: the command given as arguments, or without any, all of a tour.
//   node examples/provider-digitalocean/test/tour.mjs list work
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLocalServer } from './local-server.mjs'

const TOUR = [
  ['clouds'],
  ['clouds', '--check', '--columns', 'cloud,works,user,project,version'],
  ['list', 'work'],
  ['list', 'work', '--tag', 'prod', '--columns', 'id,name,tags,stores'],
  ['find', '--cloud', 'work', '--os', 'ubuntu', '--os-version', '24.04'],
  ['show', 'work:ubuntu-24-04-x64', '--columns', 'name,kind,architecture,os.version,stores'],
  ['set', 'work:7555621', '--set-name', 'golden-2026', '--set-tag', 'kept', '--dry-run'],
  ['set', 'work:7555621', '--set-name', 'golden-2026', '--set-tag', 'kept'],
  ['set', 'work:ubuntu-24-04-x64', '--set-name', 'mine'],
  ['explain', 'work:152622470', '--field', 'kind'],
  ['explain', 'doctl.json', '--id', '7555622', '--field', 'visibility'],
  ['capabilities', 'work', '--columns', 'operations,digitalocean/work'],
  ['api', 'work', '/v2/images/7555621/actions'],
]

const imago = fileURLToPath(new URL('../../../packages/cli/bin/imago.js', import.meta.url))
const provider = fileURLToPath(import.meta.resolve('imago-example-provider-digitalocean'))

const server = await startLocalServer()
const home = await mkdtemp(join(tmpdir(), 'imago-ocean-'))
const config = join(home, '.config')
await mkdir(join(config, 'imago'), { recursive: true })
await mkdir(join(config, 'doctl'), { recursive: true })
await writeFile(join(config, 'imago', 'config.yaml'), `providers:\n  - ${JSON.stringify(provider)}\n`)
await writeFile(
  join(config, 'doctl', 'config.yaml'),
  `api-url: ${server.url}\ncontext: work\nauth-contexts:\n  work: ${server.token}\n`,
  { mode: 0o600 },
)

await copyFile(new URL('doctl-images.json', import.meta.url), join(home, 'doctl.json'))

const env = {
  PATH: process.env['PATH'],
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: config,
  NO_COLOR: '1',
  LC_ALL: 'C.UTF-8',
}

/** @param {readonly string[]} args @returns {Promise<string>} */
const run = (args) =>
  new Promise(
    (resolve) =>
      void execFile(process.execPath, [imago, ...args], { cwd: home, env, encoding: 'utf8' }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      ),
  )

const [, , ...given] = process.argv
for (const args of given.length > 0 ? [given] : TOUR) {
  const output = (await run(args)).replaceAll(server.url, 'http://127.0.0.1:40003')
  process.stdout.write(given.length > 0 ? output : `$ imago ${args.join(' ')}\n${output}\n`)
}
await server.close()
await rm(home, { recursive: true })
