// Starts three labs, and one with Nova and Cinder if a test needs it, runs the lab tests, and always stops the labs. Counts each test and each other
// step.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { repeatFailures } from '../jest/repeat-failures.mjs'
import { collectResults } from '../jest/results.mjs'
import { LabFailure } from './failure.mjs'
import { labServers } from './processes.mjs'
import { catchSignals, install, interruptedBy, RELEASES, root, run, up } from './scripts.mjs'
import { remove, removeStaleStates, stateByHand, statesOfRun } from './states.mjs'

const LABS = ['first', 'second', 'third']
const COMPUTE_LAB = 'compute'
const jestProgram = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--config', 'jest.lab.config.mjs']

/** Whether the parameters select a test named `*compute.lab.test.ts`. */
const needsCompute = (parameters) =>
  execFileSync(process.execPath, [...jestProgram, '--listTests', ...parameters], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .some((path) => /[./]compute\.lab\.test\.ts$/.test(path))

/** Servers listen on loopback: no proxy for them. */
const withoutProxy = () => {
  const hosts = ['127.0.0.1', 'localhost', process.env.no_proxy ?? process.env.NO_PROXY ?? '']
    .filter((host) => host !== '')
    .join(',')
  return { NO_PROXY: hosts, no_proxy: hosts }
}

const jest = async ({ states, computeState, release, parameters }) => {
  const labs = {
    ...withoutProxy(),
    IMAGO_LAB_STATES: states.join(delimiter),
    ...(computeState === '' ? {} : { IMAGO_LAB_COMPUTE: computeState }),
    IMAGO_LAB_RELEASE: release,
    FORCE_COLOR: '0',
  }
  const { ended, results, unrepeated } = await repeatFailures((parametersOfRun) =>
    collectResults((more) =>
      // Parameters after --reporters would be the names of reporters.
      run(
        process.execPath,
        [...jestProgram, ...parameters, '--reporters=default', ...more.parameters, ...parametersOfRun],
        { env: { ...labs, ...more.env } },
      ),
    ),
  )
  for (const { file } of unrepeated) process.stderr.write(`lab: failed beside other tests, passed alone: ${file}\n`)
  if (results === null) return { passed: 0, failed: 0, skipped: 0, skips: [], ok: false }
  return { ...results, ok: ended === 0 && results.passed + results.skipped > 0 }
}

/** Puts the clients of the first lab's release first in PATH. */
const pathFor = (state) => {
  const { release, programs } = JSON.parse(readFileSync(join(state, 'lab.json'), 'utf8'))
  return release === RELEASES[0] ? '' : ` PATH='${programs}':"$PATH"`
}

/** Returns the environment of a shell for these labs. */
export const exportsFor = ([first, ...others], computeState = '') => {
  const compute = computeState === '' ? '' : ` IMAGO_LAB_COMPUTE='${computeState}'`
  return `export${pathFor(first)} OS_CLIENT_CONFIG_FILE='${join(first, 'clouds.yaml')}' OS_CLOUD=demo IMAGO_LAB_STATES='${[first, ...others].join(delimiter)}'${compute}\n`
}

/** Returns the exit code. `keep`: leave the labs running. */
export const testRun = async (parameters, { release, keep }) => {
  catchSignals()
  let passed = 0
  let failed = 0
  let skipped = 0
  const step = async (what, work) => {
    const started = performance.now()
    let ok = false
    try {
      ok = await work()
    } catch (error) {
      if (!(error instanceof LabFailure)) process.stderr.write(`${error.stack}\n`)
      else process.stderr.write(`lab: ${error.message}\n`)
    }
    process.stderr.write(`${ok ? 'ok' : 'FAILED'}: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`)
    if (ok) passed++
    else failed++
    return ok && interruptedBy() === null
  }

  const compute = needsCompute(parameters)
  const names = compute ? [...LABS, COMPUTE_LAB] : LABS
  let all = []
  let states = []
  let computeState = ''
  const isUp = await step(
    `three labs up${compute ? ', and one with Nova and Cinder' : ''}, release ${release}`,
    async () => {
      await install(release, { compute })
      await removeStaleStates()
      if (interruptedBy() !== null) return false
      all = keep ? names.map((name) => stateByHand(`kept-${process.pid}-${name}`)) : statesOfRun(names)
      states = all.slice(0, LABS.length)
      computeState = all[LABS.length] ?? ''
      const started = await Promise.allSettled(
        all.map((state) => up(state, release, { compute: state === computeState })),
      )
      const refused = started.find(({ status }) => status === 'rejected')
      if (refused !== undefined) throw refused.reason
      return true
    },
  )
  const kept = isUp && keep
  if (isUp) {
    await step('the lab tests', async () => {
      const counted = await jest({ states, computeState, release, parameters })
      passed += counted.passed
      failed += counted.failed
      skipped += counted.skipped
      for (const { name } of counted.skips) process.stderr.write(`lab: not run: ${name}\n`)
      return counted.ok
    })
  }
  if (kept && interruptedBy() === null) {
    process.stderr.write('\nThe labs are left up; npm run lab:down stops them.\n')
    process.stdout.write(exportsFor(states, computeState))
  } else if (all.length > 0) {
    await step('all labs down, nothing of them left', async () => {
      await remove(all)
      return labServers().every(({ state }) => !all.includes(state))
    })
  }
  if (skipped > 0) process.stdout.write(`\n${skipped} skipped\n`)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  return failed === 0 && interruptedBy() === null ? 0 : 1
}
