import { describe, expect, test } from '@jest/globals'
import { FILTER_NAMES } from '@imago/core/provider'
import { PROMISES, type PromiseName } from '../src/promises.ts'
import { checkImageSource } from '../src/source-suite.ts'
import { SOURCE_CHECKS } from '../src/source-checks.ts'
import type { CheckResult } from '../src/run-check.ts'
import { READING_MUTANTS } from './mutants/reading.ts'
import { createSubject, type Wrap } from './mutants/subject.ts'
import { USING_MUTANTS } from './mutants/using.ts'
import { WIRE_MUTANTS } from './mutants/wire.ts'
import { WORKING_MUTANTS } from './mutants/working.ts'
import type { Mutant } from './mutants/wrap.ts'
import { WRITING_MUTANTS } from './mutants/writing.ts'

const MUTANTS: readonly Mutant[] = [
  ...READING_MUTANTS,
  ...WIRE_MUTANTS,
  ...WRITING_MUTANTS,
  ...WORKING_MUTANTS,
  ...USING_MUTANTS,
]

const everything = (wrap: Wrap) => createSubject({ filters: FILTER_NAMES, ahead: true }, wrap)

/** Returns the promises that failed checks cover. */
const brokenBy = (results: readonly CheckResult[]): ReadonlySet<PromiseName> =>
  new Set(results.flatMap(({ status, promises }) => (status === 'failed' ? promises : [])))

/** The checks that have failed so far. */
const failing = new Set<string>()

describe('mutants of a source', () => {
  test.each(MUTANTS.map((mutant) => ({ ...mutant, mutant })))(
    'fail a check of $breaks when the source $does',
    async ({ mutant: { breaks, wrap, at = everything } }) => {
      const results = await checkImageSource(at(wrap))
      for (const { status, name } of results) if (status === 'failed') failing.add(name)
      expect([...brokenBy(results)]).toContain(breaks)
    },
  )

  test('have unique names', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(MUTANTS.map(({ does }) => does)).size).toBe(MUTANTS.length)
  })

  test('break every promise', () => {
    const broken = new Set(MUTANTS.map(({ breaks }) => breaks))
    expect((Object.keys(PROMISES) as PromiseName[]).filter((name) => !broken.has(name))).toEqual([])
  })

  test('fail every check', () => {
    expect(
      SOURCE_CHECKS.filter(({ name, uses }) => uses !== 'refused' && !failing.has(name)).map(({ name }) => name),
    ).toEqual([])
  })
})
