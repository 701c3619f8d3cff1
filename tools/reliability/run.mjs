// Transfers images between real Glances under faults: docs/reliability.md, "Moving images".
//   npm run test:reliability -- [RUNS] [--seed N] [--lanes N]
// Run number i has the seed N + i; to repeat one run: -- 1 --seed ITS_SEED. Each lane has its own two labs.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LabFailure } from '../lab/failure.mjs'
import { catchSignals, install, interruptedBy, up } from '../lab/scripts.mjs'
import { remove, removeStaleStates, statesOfRun } from '../lab/states.mjs'
import { openCloud } from './cloud.mjs'
import { oneRun } from './one-run.mjs'
import { TOKEN_SECONDS } from './troubles.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: String(Date.now() % 2 ** 31) }, lanes: { type: 'string', default: '1' } },
})
const runs = Number(positionals[0] ?? 20)
const firstSeed = Number(values.seed)
const lanes = Number(values.lanes)
if (![runs, firstSeed, lanes].every((one) => Number.isSafeInteger(one) && one >= 0) || runs < 1 || lanes < 1) {
  process.stderr.write('usage: npm run test:reliability -- [RUNS] [--seed N] [--lanes N]\n')
  process.exit(2)
}

const createRoutes = ([one, other]) => [
  { source: openCloud(one, 'demo'), target: openCloud(one, 'other'), route: 'two projects' },
  { source: openCloud(one, 'demo'), target: openCloud(other, 'demo'), route: 'two labs' },
]

const folder = mkdtempSync(join(tmpdir(), 'imago-reliability-'))
const log = join(folder, 'runs.ndjson')
const results = []
let next = 0

const lane = async (states) => {
  const routes = createRoutes(states)
  while (next < runs && interruptedBy() === null) {
    const seed = firstSeed + next++
    const here = join(folder, String(seed))
    mkdirSync(here)
    let outcome
    try {
      outcome = await oneRun(seed, routes[seed % 2], here)
    } catch (error) {
      outcome = {
        seed,
        route: routes[seed % 2].route,
        size: null,
        troubles: [],
        happened: {},
        processes: 0,
        resumes: 0,
        refetched: 0,
        result: 'FAILED',
        wrong: [`the harness: ${error.stack}`],
        said: '',
      }
    }
    results.push(outcome)
    appendFileSync(log, `${JSON.stringify(outcome)}\n`)
    const happened = Object.entries(outcome.happened).map(([kind, times]) => (times === 1 ? kind : `${kind} ×${times}`))
    process.stdout.write(
      `seed ${seed}  ${outcome.result.padEnd(7)}  ${outcome.route}, ${((outcome.size ?? 0) / 2 ** 20).toFixed(0)} MiB, ${outcome.processes} processes: ${happened.join(', ') || 'nothing was hit'}\n`,
    )
    for (const one of outcome.wrong) process.stdout.write(`    ${one}\n`)
    if (outcome.result === 'FAILED') writeFileSync(join(here, 'said.txt'), outcome.said)
    else rmSync(here, { recursive: true, force: true })
  }
}

const summary = () => {
  const count = (result) => results.filter((one) => one.result === result).length
  const kinds = {}
  for (const { happened } of results)
    for (const [kind, times] of Object.entries(happened)) kinds[kind] = (kinds[kind] ?? 0) + times
  const sum = (key) => results.reduce((all, one) => all + one[key], 0)
  const moved = results.filter((one) => one.result === 'moved')
  const bytes = moved.reduce((all, one) => all + one.size, 0)
  return [
    `${results.length} runs from seed ${firstSeed}: ${count('moved')} moved, ${count('refused')} refused as they must, ${count('FAILED')} FAILED`,
    `trouble: ${Object.keys(kinds)
      .sort()
      .map((kind) => `${kind} ${kinds[kind]}`)
      .join(', ')}`,
    `${sum('processes')} processes, ${sum('resumes')} of them resumed; ${(bytes / 2 ** 20).toFixed(0)} MiB moved, ${(moved.reduce((all, one) => all + one.refetched, 0) / 2 ** 20).toFixed(1)} MiB came more than once`,
  ].join('\n')
}

const states = statesOfRun(Array.from({ length: lanes * 2 }, (_, index) => `lab-${index}`))
// A restart of Glance calls lab/up.sh again: its configuration must not change.
process.env.LAB_TOKEN_EXPIRATION = String(TOKEN_SECONDS)
catchSignals()
try {
  await install()
  await removeStaleStates()
  process.stdout.write(`seeds ${firstSeed} to ${firstSeed + runs - 1}; what fails is kept in ${folder}\n`)
  await Promise.all(
    Array.from({ length: lanes }, async (_, index) => {
      const own = states.slice(index * 2, index * 2 + 2)
      await Promise.all(own.map((state) => up(state)))
      await lane(own)
    }),
  )
  process.stdout.write(`${summary()}\n`)
  const failed = runs - results.filter(({ result }) => result !== 'FAILED').length
  process.stdout.write(`${runs - failed} passed, ${failed} failed\n`)
  const isGood = failed === 0
  if (isGood) rmSync(folder, { recursive: true, force: true })
  process.exitCode = isGood ? 0 : 1
} catch (error) {
  if (!(error instanceof LabFailure)) throw error
  process.stderr.write(`reliability: ${error.message}\n`)
  process.exitCode = 1
} finally {
  await remove(states)
}
