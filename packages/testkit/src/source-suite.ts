import assert from 'node:assert/strict'
import type { Capabilities, CapabilityName, ImageSource } from '@imago/core/provider'
import { prepareContext, TIMING, type CheckResources, type Timing } from './check-resources.ts'
import { BYTE_CHECKS } from './byte-check.ts'
import { NotApplicable, type Check } from './check.ts'
import { FAULT_CHECKS } from './fault-check.ts'
import { FILTER_CHECKS } from './filter-check.ts'
import { quote, type PromiseName } from './promises.ts'
import { READ_CHECKS } from './read-check.ts'
import { REFUSAL_CHECKS } from './refusal-check.ts'
import { SHARE_CHECKS } from './share-check.ts'
import { USAGE_CHECKS } from './usage-check.ts'
import { WORK_CHECKS } from './work-check.ts'
import { WRITE_CHECKS } from './write-check.ts'

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

/** The source to test. */
export interface Subject extends CheckResources {
  /** The capabilities that the source should declare. They select the checks, and one check compares them with the source. */
  readonly capabilities: Capabilities
  /** Creates a source for one check, with at least one image. Changes by one check must not disturb the next one. */
  readonly make: () => ImageSource | Promise<ImageSource>
  /** Run only checks that change nothing, whatever is declared: for a cloud in use. */
  readonly readOnly?: boolean | undefined
  /** How to wait for the provider's work. Default: every 100 ms, at most 30 s. */
  readonly timing?: Partial<Timing> | undefined
  /** Checks that this provider cannot pass, by name, with the reason. A check that passes all the same fails as outdated. */
  readonly exceptions?: Readonly<Record<string, string>> | undefined
  /**
   * Checks that find nothing to check in this cloud, by name, with the reason: they are reported as skipped. A check that finds something fails as
   * outdated.
   */
  readonly skips?: Readonly<Record<string, string>> | undefined
}

/** All checks, in the order in which they run. */
export const SOURCE_CHECKS: readonly Check[] = [
  ...READ_CHECKS,
  ...FILTER_CHECKS,
  ...FAULT_CHECKS,
  ...WRITE_CHECKS,
  ...SHARE_CHECKS,
  ...BYTE_CHECKS,
  ...WORK_CHECKS,
  ...USAGE_CHECKS,
  ...REFUSAL_CHECKS,
]

/** The result of one check. */
export type CheckResult = {
  readonly name: string
  /** The promises of `ImageSource` that it covers. */
  readonly promises: readonly PromiseName[]
} & (
  | { readonly status: 'passed' }
  /** `reason`: why the check does not apply to this source, or the reason of its exception. */
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'failed'; readonly error: unknown }
)

/** Methods that need an image created by the check. */
const CHANGING: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'shares',
  'share',
  'importFromUrl',
  'copyToStore',
  'operations',
])

/** The subset that needs an image with data. */
const NEEDING_DATA: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'deactivate',
  'importFromUrl',
  'copyToStore',
])

/** Returns why the suite cannot create an image to change; `null`: it can, or no check needs one. */
const whyNoDisposable = ({ operations }: Capabilities): string | null => {
  if (!operations.includes('create'))
    return operations.some((name) => CHANGING.has(name)) ? 'images can be changed, but not created' : null
  return !operations.includes('upload') && operations.some((name) => NEEDING_DATA.has(name))
    ? 'images can be created, but have no data'
    : null
}

/** Returns why a check does not apply to this subject, as far as that is known in advance; `null`: run it. */
const whySkipped = (subject: Subject, { needs, uses, writes, unless }: Check): string | null => {
  const { capabilities, readOnly = false, refused } = subject
  const missing = needs.filter((name) => !capabilities.operations.includes(name))
  if (missing.length > 0) return `the source does not declare ${missing.join(', ')}`
  if (uses !== undefined && subject[uses] === undefined) return `the subject does not provide \`${uses}\``
  if (writes && readOnly) return 'nothing may be changed at this cloud (`readOnly`)'
  if (writes && refused !== undefined) return 'these credentials may only read (`refused`)'
  return unless?.(capabilities) ?? null
}

const run = async (check: Check, subject: Subject): Promise<void> => {
  const { make } =
    check.uses === 'faults' && subject.faults?.make !== undefined ? { make: subject.faults.make } : subject
  const source = await make()
  const { context, clear } = prepareContext(source, subject, { ...TIMING, ...subject.timing })
  try {
    await check.run(source, context)
  } catch (thrown) {
    // The error of the check matters more than a failed cleanup.
    await clear().catch(() => undefined)
    throw thrown
  }
  await clear()
}

/** Runs a check that is expected to fail. */
const mustNotPass = async (check: Check, subject: Subject): Promise<void> => {
  try {
    await run(check, subject)
  } catch (thrown) {
    if (thrown instanceof NotApplicable) throw thrown
    return
  }
  assert.fail('this promise is kept after all: remove the exception')
}

/** Runs a check that is expected to find nothing to check. */
const mustNotApply = async (check: Check, subject: Subject): Promise<void> => {
  try {
    await run(check, subject)
  } catch (thrown) {
    if (thrown instanceof NotApplicable) return
    throw thrown
  }
  assert.fail('this check applies after all: remove it from `skips`')
}

/** Throws if a subject cannot be tested. */
const refuseSubject = (subject: Subject): void => {
  const { capabilities, exceptions = {}, skips = {} } = subject
  const unknown = [...Object.keys(exceptions), ...Object.keys(skips)].filter(
    (name) => !SOURCE_CHECKS.some((check) => check.name === name),
  )
  if (unknown.length > 0)
    throw new TypeError(
      `imageSourceSuite: exceptions to promises, or skips of checks, that do not exist: ${unknown.join(', ')}`,
    )
  const lack = whyNoDisposable(capabilities)
  const writes = SOURCE_CHECKS.some((check) => check.writes && whySkipped(subject, check) === null)
  if (lack !== null && subject.disposable === undefined && writes)
    throw new TypeError(`imageSourceSuite: \`disposable\` is needed: ${lack}`)
}

const runCheck = async (check: Check, subject: Subject): Promise<CheckResult> => {
  const { name, promises } = check
  const { exceptions = {}, skips = {} } = subject
  const reason = whySkipped(subject, check)
  if (reason !== null) return { name, promises, status: 'skipped', reason }
  const [exception, skip] = [exceptions[name], skips[name]]
  try {
    if (exception !== undefined) {
      await mustNotPass(check, subject)
      return { name, promises, status: 'skipped', reason: `not kept: ${exception}` }
    }
    if (skip !== undefined) {
      await mustNotApply(check, subject)
      return { name, promises, status: 'skipped', reason: skip }
    }
    await run(check, subject)
    return { name, promises, status: 'passed' }
  } catch (error) {
    return error instanceof NotApplicable
      ? { name, promises, status: 'skipped', reason: error.message }
      : { name, promises, status: 'failed', error }
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
