// The lab: a real Keystone and a real Glance on loopback. docs/lab.md tells of it.
//   test [--keep] [jest's parameters]     two labs up, the lab tests, labs down; ends with `N passed, N failed`
//   up [NAME], down [NAME]                a lab for use by hand; down without a name stops all of this clone
//   seed COUNT [--lab NAME] [--active]    puts that many images into it
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LabFailure } from './lab/failure.mjs'
import { catchSignals, install, root, run, up } from './lab/scripts.mjs'
import { remove, removeLeftovers, stateByHand, statesByHand } from './lab/states.mjs'
import { exportsFor, testRun } from './lab/test-run.mjs'

const USAGE = 'usage: npm run test:lab [-- --keep] | npm run lab:up [-- NAME] | npm run lab:down [-- NAME] | npm run lab:seed -- COUNT [--lab NAME] [--active]'
const DEFAULT = 'default'

const commands = {
  test: (parameters) => testRun(parameters.filter((one) => one !== '--keep'), parameters.includes('--keep')),

  up: async ([name = DEFAULT]) => {
    catchSignals()
    const state = stateByHand(name)
    await install()
    await removeLeftovers()
    await up(state)
    process.stdout.write(exportsFor([state]))
    return 0
  },

  down: async ([name]) => {
    const states = name === undefined ? statesByHand() : [stateByHand(name)]
    await remove(states)
    await removeLeftovers()
    return 0
  },

  seed: async (parameters) => {
    const { values, positionals } = parseArgs({ args: parameters, allowPositionals: true, options: { lab: { type: 'string', default: DEFAULT }, active: { type: 'boolean', default: false } } })
    const [count = ''] = positionals
    if (!/^\d+$/.test(count) || positionals.length > 1) throw new LabFailure(USAGE)
    const state = stateByHand(values.lab)
    if (!existsSync(join(state, 'lab.json'))) throw new LabFailure(`there is no lab named ${values.lab}. Start it: npm run lab:up${values.lab === DEFAULT ? '' : ` -- ${values.lab}`}`)
    return run('/usr/bin/python3', [join(root, 'lab', 'seed-images.py'), state, count, ...(values.active ? ['--active'] : [])])
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
