// The processor time that short commands take, against bare Node. The machine may be shared: wall time would count the work of others.
import { createHetznerSimulator } from '@imago/simulator'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuOfNode, root } from './measure.mjs'
import { sizes } from './sizes.mjs'
import { computeRatios, median, spread } from './statistics.mjs'

const dump = (name) => join(root, 'schemas/hetzner/fixtures/dumps', name)
const [one, page] = [dump('api-image.json'), dump('api-images.json')]

/** The first four runs of a command save compiled code. */
const WARM_UP = 5

const toCommands = (imago) => ({
  'node -e 0': ['-e', '0'],
  'imago --version': [imago, '--version'],
  'imago --help': [imago, '--help'],
  'imago list --help': [imago, 'list', '--help'],
  'Tab, after imago list': [imago, 'completion-server', '--', 'imago', 'list'],
  'imago schema': [imago, 'schema'],
  'imago fields': [imago, 'fields'],
  'imago normalize, one image': [imago, 'normalize', one],
  'imago normalize -o ndjson, one image': [imago, 'normalize', '-o', 'ndjson', one],
  'imago normalize -o csv, one image': [imago, 'normalize', '-o', 'csv', one],
  'imago normalize -o yaml, one image': [imago, 'normalize', '-o', 'yaml', one],
  'imago explain, one image': [imago, 'explain', one],
  'imago clouds': [imago, 'clouds'],
  'imago diff of two files': [imago, 'diff', one, page],
  'imago lock --check offline': [imago, 'lock', '--check', 'offline'],
  'imago list, one page': [imago, 'list', '--limit', '5'],
  'imago resolve': [imago, 'resolve', 'ubuntu@24.04/amd64', '--on', 'envvars'],
})

/** Commands that send requests. */
const LIST = 'imago list, one page'
const REQUESTING = new Set([LIST, 'imago resolve'])

export const startup = async ({ line, record }) => {
  const count = sizes.rounds(15)
  const simulator = await createHetznerSimulator()
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  // As in the published package: in a checkout, the command also checks whether the bundle is up to date.
  for (const name of ['bin', 'bundle', 'package.json'])
    cpSync(join(root, 'packages/cli', name), join(folder, 'cli', name), { recursive: true })
  const imago = join(folder, 'cli/bin/imago.js')
  const commands = toCommands(imago)
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    HCLOUD_TOKEN: simulator.token,
    HCLOUD_ENDPOINT: simulator.url,
    // As bash and zsh set them.
    COMP_CWORD: '2',
    COMP_LINE: 'imago list ',
    COMP_POINT: '11',
  }
  const options = { cwd: folder, env }
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  try {
    writeFileSync(join(folder, 'imago.images.yaml'), 'images:\n  web: { want: ubuntu@24.04/amd64, on: [envvars] }\n')
    await cpuOfNode([imago, 'lock'], options)
    for (let round = 0; round < count + WARM_UP; round++)
      for (const [name, args] of Object.entries(commands)) {
        // A diff exits with 1 if it finds differences.
        const seconds = await cpuOfNode(args, { ...options, exitCodes: [0, 1] })
        if (round >= WARM_UP) times[name].push(seconds)
      }
  } finally {
    rmSync(folder, { recursive: true })
    await simulator.close()
  }
  line(`## Start-up: processor time (user and system) against bare Node, medians of ${count}, run in turn`)
  line('| command | ms | ratio |')
  line('|---|---|---|')
  const base = times['node -e 0']
  for (const [name, seconds] of Object.entries(times)) {
    const ratios = computeRatios(seconds, base)
    line(`| ${name} | ${(median(seconds) * 1000).toFixed(0)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) |`)
  }
  line()
  record('start-list', computeRatios(times[LIST], base))
  const [slowest] = Object.entries(times)
    .filter(([name]) => !REQUESTING.has(name))
    .map(([name, seconds]) => ({ name, ratios: computeRatios(seconds, base) }))
    .toSorted((a, b) => median(b.ratios) - median(a.ratios))
  record('start', slowest.ratios, slowest.name)
}
