// The lab: a real Keystone and Glance, optionally with Nova and Cinder, on loopback. See docs/lab.md.
//   test [--keep] [--release RELEASE] [jest's parameters]   starts three labs, and one with Nova and Cinder if a test is named *compute.lab.test.ts, runs the lab tests and stops the labs; prints `N passed, N failed` at the end, after `N skipped` if there are any
//   up [NAME] [--release RELEASE] [--compute]               starts a lab for manual use; --compute: with Nova, Placement and Cinder
//   down [NAME]                                             stops it; without a name, all labs of this clone
//   seed COUNT [--lab NAME] [--active]                      inserts this many images
// RELEASE: the release of OpenStack: debian (the default) or newest.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LabFailure } from './lab/failure.mjs'
import { catchSignals, install, RELEASES, root, run, up } from './lab/scripts.mjs'
import { remove, removeStaleStates, stateByHand, statesByHand } from './lab/states.mjs'
import { exportsFor, testRun } from './lab/test-run.mjs'

const USAGE =
  'usage: npm run test:lab [-- --keep --release RELEASE] | npm run lab:up [-- NAME --release RELEASE --compute] | npm run lab:down [-- NAME] | npm run lab:seed -- COUNT [--lab NAME] [--active]'
const DEFAULT = 'default'
const COMPUTE = '--compute'

/** Extracts the release from the parameters; the others stay, as some are jest's. */
const takeRelease = (parameters) => {
  const index = parameters.findIndex((one) => /^--release(?:=|$)/.test(one))
  if (index === -1) return { release: RELEASES[0], rest: parameters }
  const [, inline] = parameters[index].split('=')
  const release = inline ?? parameters[index + 1]
  if (!RELEASES.includes(release))
    throw new LabFailure(`--release takes ${RELEASES.join(' or ')}, not ${release ?? 'nothing'}`)
  return { release, rest: parameters.toSpliced(index, inline === undefined ? 2 : 1) }
}

const commands = {
  test: (parameters) => {
    const { release, rest } = takeRelease(parameters)
    return testRun(
      rest.filter((one) => one !== '--keep'),
      { release, keep: rest.includes('--keep') },
    )
  },

  up: async (parameters) => {
    const { release, rest } = takeRelease(parameters)
    const compute = rest.includes(COMPUTE)
    const [name = DEFAULT, ...more] = rest.filter((one) => one !== COMPUTE)
    if (more.length > 0) throw new LabFailure(USAGE)
    catchSignals()
    const state = stateByHand(name)
    await install(release, { compute })
    await removeStaleStates()
    await up(state, release, { compute })
    process.stdout.write(exportsFor([state], compute ? state : ''))
    return 0
  },

  down: async ([name]) => {
    const states = name === undefined ? statesByHand() : [stateByHand(name)]
    await remove(states)
    await removeStaleStates()
    return 0
  },

  seed: async (parameters) => {
    const { values, positionals } = parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { lab: { type: 'string', default: DEFAULT }, active: { type: 'boolean', default: false } },
    })
    const [count = ''] = positionals
    if (!/^\d+$/.test(count) || positionals.length > 1) throw new LabFailure(USAGE)
    const state = stateByHand(values.lab)
    if (!existsSync(join(state, 'lab.json')))
      throw new LabFailure(
        `there is no lab named ${values.lab}. Start it: npm run lab:up${values.lab === DEFAULT ? '' : ` -- ${values.lab}`}`,
      )
    const { programs } = JSON.parse(readFileSync(join(state, 'lab.json'), 'utf8'))
    return run(join(programs, 'python3'), [
      join(root, 'lab', 'seed-images.py'),
      state,
      count,
      ...(values.active ? ['--active'] : []),
    ])
  },
}

const [name = '', ...parameters] = process.argv.slice(2)
try {
  if (!Object.hasOwn(commands, name)) throw new LabFailure(USAGE)
  process.exitCode = await commands[name](parameters)
} catch (error) {
  if (!(error instanceof LabFailure)) throw error
  process.stderr.write(`lab: ${error.message}\n`)
  process.exitCode = 1
}
