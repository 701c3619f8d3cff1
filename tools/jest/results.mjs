// The results of a run of jest, which results-reporter.mjs writes.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../../node_modules/.cache/imago', import.meta.url))
const reporter = fileURLToPath(new URL('results-reporter.mjs', import.meta.url))

const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/**
 * Runs jest with `run`, which adds the given parameters and environment. Returns its value as `ended`, and the results of the tests; `null`: jest
 * wrote none.
 */
export const collectResults = async (run) => {
  mkdirSync(cache, { recursive: true })
  const file = join(cache, `jest-results-${process.pid}.json`)
  try {
    const ended = await run({ parameters: [`--reporters=${reporter}`], env: { IMAGO_TEST_RESULTS: file } })
    return { ended, results: read(file) }
  } finally {
    rmSync(file, { force: true })
  }
}
