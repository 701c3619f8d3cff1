import assert from 'node:assert/strict'
import { prepareContext, TIMING } from './check-resources.ts'
import { NotApplicable, type Check } from './check.ts'
import type { PromiseName } from './promises.ts'
import { type Subject, whySkipped } from './subject.ts'

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

export const run = async (check: Check, subject: Subject): Promise<void> => {
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
export const mustNotPass = async (check: Check, subject: Subject): Promise<void> => {
  try {
    await run(check, subject)
  } catch (thrown) {
    if (thrown instanceof NotApplicable) throw thrown
    return
  }
  assert.fail('this promise is kept after all: remove the exception')
}

/** Runs a check that is expected to find nothing to check. */
export const mustNotApply = async (check: Check, subject: Subject): Promise<void> => {
  try {
    await run(check, subject)
  } catch (thrown) {
    if (thrown instanceof NotApplicable) return
    throw thrown
  }
  assert.fail('this check applies after all: remove it from `skips`')
}

export const runCheck = async (check: Check, subject: Subject): Promise<CheckResult> => {
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
