import { TIMING } from './check-resources.ts'
import { NotApplicable, type Check } from './check.ts'
import { quote } from './promises.ts'
import { type Subject, refuseSubject, whySkipped } from './subject.ts'
import { type CheckResult, runCheck, run, mustNotPass, mustNotApply } from './run-check.ts'
import { SOURCE_CHECKS } from './source-checks.ts'

/** A test runner: that of jest, vitest or `node:test`. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: {
    /** `timeoutMs`: the time limit of the test; `node:test` has no such argument and ignores it. */
    (name: string, body: () => Promise<void>, timeoutMs?: number): unknown
    /** Reports a skipped test. */
    readonly skip: (name: string, body: () => void) => unknown
  }
}

/**
 * Runs the conformance suite without a test runner, and returns a result for every check. Checks that do not apply to this source are skipped with
 * the reason. Never rejects because of the source.
 *
 * @example
 * for (const { name, status } of await checkImageSource({ capabilities: source.capabilities, make: () => source })) console.log(status, name)
 */
export const checkImageSource = async (subject: Subject): Promise<readonly CheckResult[]> => {
  refuseSubject(subject)
  const results: CheckResult[] = []
  for (const check of SOURCE_CHECKS) results.push(await runCheck(check, subject))
  return results
}

/** Reads the function of a test context that skips the running test. jest has none. */
const readSkip = (context: unknown): ((reason: string) => unknown) | null => {
  if (typeof context !== 'object' || context === null) return null
  const { skip } = context as { readonly skip?: unknown }
  return typeof skip === 'function' ? (reason) => skip.call(context, reason) as unknown : null
}

/**
 * Skips a check that finds nothing to check. If the runner cannot skip a running test, the check fails until the subject names it in `skips`, because
 * it must not count as passed.
 */
const runOrSkip = async (check: Check, subject: Subject, context: unknown): Promise<unknown> => {
  try {
    return await run(check, subject)
  } catch (thrown) {
    if (!(thrown instanceof NotApplicable)) throw thrown
    const skip = readSkip(context)
    if (skip === null)
      throw new NotApplicable(`this check does not apply: ${thrown.message}. Name it in \`skips\` of the subject`)
    return skip(thrown.message)
  }
}

/** Formats the check and its first promise in full; further promises by name. */
const formatTitle = ({ name, promises: [first, ...others] }: Check): string =>
  `${name} [${[...(first === undefined ? [] : [quote(first)]), ...others].join(', ')}]`

/**
 * Registers the conformance suite of image sources as tests: one for each check, named after it and the promises that it covers. Declared
 * capabilities must work, and all others must be refused. Checks that do not apply are reported as skipped, with the reason. The suite deletes the
 * images that it created, if the source can delete images.
 *
 * @example imageSourceSuite({ describe, test }, { capabilities: source.capabilities, make: () => createMemorySource({ images }) })
 */
export const imageSourceSuite = ({ describe, test }: Runner, subject: Subject): void => {
  refuseSubject(subject)
  const { exceptions = {}, skips = {}, timing = {} } = subject
  // One check waits for work at most twice; the cleanup may take as long.
  const timeoutMs = 60_000 + 3 * (timing.deadlineMs ?? TIMING.deadlineMs)
  const skipped = (check: Check, reason: string): unknown =>
    test.skip(`${check.name} (skipped: ${reason})`, () => undefined)

  describe('an image source', () => {
    for (const check of SOURCE_CHECKS) {
      const reason = whySkipped(subject, check)
      const [exception, skip] = [exceptions[check.name], skips[check.name]]
      if (reason !== null) skipped(check, reason)
      else if (exception !== undefined)
        test(`${formatTitle(check)} (not kept: ${exception})`, () => mustNotPass(check, subject), timeoutMs)
      else if (skip !== undefined) {
        skipped(check, skip)
        test(`finds nothing to check: ${check.name}`, () => mustNotApply(check, subject), timeoutMs)
      } else
        test(
          formatTitle(check),
          async (...context: readonly unknown[]) => void (await runOrSkip(check, subject, context[0])),
          timeoutMs,
        )
    }
  })
}
