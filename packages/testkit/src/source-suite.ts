import assert from 'node:assert/strict'
import type { Capabilities, CapabilityName, ImageSource } from '@imago/core/provider'
import { createWorkshop, TIMING, type Supplies, type Timing } from './bench.ts'
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

/** A test runner: jest's, vitest's, `node:test`'s. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: {
    /** `timeoutMs`: how long the test may take; `node:test`, which has no such limit, passes over it. */
    (name: string, body: () => Promise<void>, timeoutMs?: number): unknown
    /** Reports a test that is not run. */
    readonly skip: (name: string, body: () => void) => unknown
  }
}

/** The source to be tested. */
export interface Subject extends Supplies {
  /** What it declares: checks are chosen by it. That the source declares just this is itself a check. */
  readonly capabilities: Capabilities
  /** A source for one check, with at least one image. What a check writes must not be seen by the next one, or do no harm there. */
  readonly make: () => ImageSource | Promise<ImageSource>
  /** Runs only what changes nothing, whatever is declared: for a cloud that is in use. */
  readonly readOnly?: boolean | undefined
  /** How to wait for the provider's work. Default: every 100 ms, for 30 s at most. */
  readonly timing?: Partial<Timing> | undefined
  /** Checks that this provider cannot pass, by name, each with the reason. They must really fail: one that passes fails as outdated. */
  readonly exceptions?: Readonly<Record<string, string>> | undefined
  /** Checks that find nothing at this cloud to try the promise on, by name, each with the reason: they are reported as skipped. One that finds something fails as outdated. */
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

/** What came of one check. */
export type CheckResult = {
  readonly name: string
  /** The promises of `ImageSource` that it is about. */
  readonly promises: readonly PromiseName[]
} & (
  | { readonly status: 'passed' }
  /** `reason`: why it says nothing of this source, or that it is excepted. */
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'failed'; readonly error: unknown }
)

/** Methods that a check can only try on an image of its own. */
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

/** Those that need data in it. */
const NEEDING_DATA: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'deactivate',
  'importFromUrl',
  'copyToStore',
])

/** Why the suite cannot make an image to change; `null`: it can, or need not. */
const whyNoDisposable = ({ operations }: Capabilities): string | null => {
  if (!operations.includes('create'))
    return operations.some((name) => CHANGING.has(name)) ? 'images can be changed, but not made' : null
  return !operations.includes('upload') && operations.some((name) => NEEDING_DATA.has(name))
    ? 'images can be made, but not filled'
    : null
}

/** Why a check says nothing of this subject, as far as that is known before it runs; `null`: it is run. */
const whySkipped = (subject: Subject, { needs, uses, writes, unless }: Check): string | null => {
  const { capabilities, readOnly = false, refused } = subject
  const missing = needs.filter((name) => !capabilities.operations.includes(name))
  if (missing.length > 0) return `the source does not declare ${missing.join(', ')}`
  if (uses !== undefined && subject[uses] === undefined) return `the subject brings no \`${uses}\``
  if (writes && readOnly) return 'nothing may be changed at this cloud (`readOnly`)'
  if (writes && refused !== undefined) return 'these credentials may only read (`refused`)'
  return unless?.(capabilities) ?? null
}

const run = async (check: Check, subject: Subject): Promise<void> => {
  const { make } =
    check.uses === 'faults' && subject.faults?.make !== undefined ? { make: subject.faults.make } : subject
  const source = await make()
  const { bench, clear } = createWorkshop(source, subject, { ...TIMING, ...subject.timing })
  try {
    await check.run(source, bench)
  } catch (thrown) {
    // What the check found is worth more than what cannot be removed after it.
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

/** Runs a check that is expected to find nothing to try. */
const mustNotApply = async (check: Check, subject: Subject): Promise<void> => {
  try {
    await run(check, subject)
  } catch (thrown) {
    if (thrown instanceof NotApplicable) return
    throw thrown
  }
  assert.fail('this check applies after all: remove it from `skips`')
}

/** Why a subject cannot be tested. */
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

const resultOf = async (check: Check, subject: Subject): Promise<CheckResult> => {
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
 * Runs the conformance suite without a test runner: for a program of one's own. Gives a result for every check, also for those that say nothing of this source,
 * with the reason why. Never rejects because of the source.
 *
 * @example
 * for (const { name, status } of await checkImageSource({ capabilities: source.capabilities, make: () => source })) console.log(status, name)
 */
export const checkImageSource = async (subject: Subject): Promise<readonly CheckResult[]> => {
  refuseSubject(subject)
  const results: CheckResult[] = []
  for (const check of SOURCE_CHECKS) results.push(await resultOf(check, subject))
  return results
}

/** What some runners give to a test: a way to skip it while it runs. jest has none. */
const skipOf = (context: unknown): ((reason: string) => unknown) | null => {
  if (typeof context !== 'object' || context === null) return null
  const { skip } = context as { readonly skip?: unknown }
  return typeof skip === 'function' ? (reason) => skip.call(context, reason) as unknown : null
}

/** Skips a check that finds nothing to try while it runs. A runner that cannot do that must not count it as passed: it fails, until the subject names it in `skips`. */
const runOrSkip = async (check: Check, subject: Subject, context: unknown): Promise<unknown> => {
  try {
    return await run(check, subject)
  } catch (thrown) {
    if (!(thrown instanceof NotApplicable)) throw thrown
    const skip = skipOf(context)
    if (skip === null)
      throw new NotApplicable(`this check does not apply: ${thrown.message}. Name it in \`skips\` of the subject`)
    return skip(thrown.message)
  }
}

/** The check, and the first promise that it is about in its own words; the others by name. */
const titleOf = ({ name, promises: [first, ...others] }: Check): string =>
  `${name} [${[...(first === undefined ? [] : [quote(first)]), ...others].join(', ')}]`

/**
 * The conformance suite of image sources, as tests: one for each check, named by it and by the promises that it is about. What a source declares must hold,
 * and what it does not declare must be refused. A check that says nothing of this source is reported as skipped, with the reason.
 * It leaves no image behind that it has made, if the source can remove images.
 *
 * @example imageSourceSuite({ describe, test }, { capabilities: source.capabilities, make: () => createMemorySource({ images }) })
 */
export const imageSourceSuite = ({ describe, test }: Runner, subject: Subject): void => {
  refuseSubject(subject)
  const { exceptions = {}, skips = {}, timing = {} } = subject
  // Work is waited for twice at most in one check; removing what is left may take as long.
  const timeoutMs = 60_000 + 3 * (timing.deadlineMs ?? TIMING.deadlineMs)
  const skipped = (check: Check, reason: string): unknown =>
    test.skip(`${check.name} (skipped: ${reason})`, () => undefined)

  describe('an image source', () => {
    for (const check of SOURCE_CHECKS) {
      const reason = whySkipped(subject, check)
      const [exception, skip] = [exceptions[check.name], skips[check.name]]
      if (reason !== null) skipped(check, reason)
      else if (exception !== undefined)
        test(`${titleOf(check)} (not kept: ${exception})`, () => mustNotPass(check, subject), timeoutMs)
      else if (skip !== undefined) {
        skipped(check, skip)
        test(`nothing is there to try: ${check.name}`, () => mustNotApply(check, subject), timeoutMs)
      } else
        test(
          titleOf(check),
          async (...context: readonly unknown[]) => void (await runOrSkip(check, subject, context[0])),
          timeoutMs,
        )
    }
  })
}
