// A jest reporter that writes the results of a run to the file IMAGO_TEST_RESULTS, as JSON. jest's own --json also writes the errors that tests threw
// as they are, and fails without any result if one refers to itself, as those of spawnSync do. Here all messages are text.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

const hasReason = (name) => name.includes('(skipped: ')

/**
 * The name of the group for which a test was skipped, such as `groff (skipped: groff is not installed)`, or of a test that was skipped without a reason.
 * `null`: the name of the test itself contains the reason, since it does not apply to what is tested.
 */
const findSkip = ({ ancestorTitles, title, fullName }) =>
  ancestorTitles.find((one) => hasReason(one)) ?? (hasReason(title) ? null : fullName)

const countSkips = (tests) => {
  const counts = new Map()
  for (const test of tests) {
    const name = findSkip(test)
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => ({ name, count }))
}

/** Returns the results of a run: counts, messages of failures, skipped groups, and the duration of each file in ms. */
export const summarize = (results, root) => ({
  passed: results.numPassedTests,
  // A file that fails outside of its tests, such as one that does not compile, is one failure.
  failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
  skipped: results.numPendingTests,
  failures: results.testResults
    .filter(({ failureMessage }) => failureMessage)
    .map(({ testFilePath, failureMessage }) => ({ file: relative(root, testFilePath), message: failureMessage })),
  skips: countSkips(
    results.testResults.flatMap(({ testResults }) => testResults.filter(({ status }) => status === 'pending')),
  ),
  files: results.testResults.map(({ testFilePath, perfStats }) => ({
    file: relative(root, testFilePath),
    durationMs: perfStats.runtime,
  })),
})

export default class ResultsReporter {
  constructor({ rootDir }) {
    this.root = rootDir
  }

  onRunComplete(_contexts, results) {
    writeFileSync(process.env.IMAGO_TEST_RESULTS, `${JSON.stringify(summarize(results, this.root))}\n`)
  }
}
