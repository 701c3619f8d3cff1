/** More failed files than these are no accident. */
const MAX_REPEATED_FILES = 2

/**
 * Runs jest with `run`, as `collectResults` does, with additional parameters, and runs up to two files that failed once more, without other tests
 * beside them: a machine of two processors that runs everything at once can delay a process by seconds. The failures that did not repeat are in
 * `unrepeated`, to be printed: each is a fault of the test, or a rare one of imago.
 */
export const repeatFailures = async (run) => {
  const first = await run([])
  const failures = first.results?.failures ?? []
  if (failures.length === 0 || failures.length > MAX_REPEATED_FILES) return { ...first, unrepeated: [] }
  const second = await run(['--runInBand', '--runTestsByPath', ...failures.map(({ file }) => file)])
  if (second.results === null) return { ...first, unrepeated: [] }
  const { failed, failures: repeated } = second.results
  const failedAgain = new Set(repeated.map(({ file }) => file))
  return {
    ended: second.ended,
    results: {
      ...first.results,
      passed: first.results.passed + Math.max(0, first.results.failed - failed),
      failed,
      failures: repeated,
    },
    unrepeated: failures.filter(({ file }) => !failedAgain.has(file)),
  }
}
