import assert from 'node:assert/strict'
import type { Capabilities, CapabilityName, ImageSource } from '@imago/core'
import { createWorkshop, TIMING, type Supplies, type Timing } from './bench.ts'
import { BYTE_CHECKS } from './byte-check.ts'
import type { Check } from './check.ts'
import { FILTER_CHECKS } from './filter-check.ts'
import { READ_CHECKS } from './read-check.ts'
import { REFUSAL_CHECKS } from './refusal-check.ts'
import { SHARE_CHECKS } from './share-check.ts'
import { WORK_CHECKS } from './work-check.ts'
import { WRITE_CHECKS } from './write-check.ts'

/** A test runner: jest's, vitest's, `node:test`'s. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  /** `timeoutMs`: how long the test may take; `node:test`, which has no such limit, passes over it. */
  readonly test: (name: string, body: () => Promise<void>, timeoutMs?: number) => unknown
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
  /** Promises that this provider cannot keep, by name, each with the reason. They must really be broken: one that is kept fails as outdated. */
  readonly exceptions?: Readonly<Record<string, string>> | undefined
}

/** All promises, in the order in which they are checked. */
export const SOURCE_CHECKS: readonly Check[] = [...READ_CHECKS, ...FILTER_CHECKS, ...WRITE_CHECKS, ...SHARE_CHECKS, ...BYTE_CHECKS, ...WORK_CHECKS, ...REFUSAL_CHECKS]

/** Methods that a check can only try on an image of its own. */
const CHANGING: ReadonlySet<CapabilityName> = new Set<CapabilityName>(['update', 'remove', 'protect', 'hide', 'deactivate', 'setVisibility', 'shares', 'share', 'importFromUrl', 'copyToStore', 'operations'])

/** Those that need data in it. */
const NEEDING_DATA: ReadonlySet<CapabilityName> = new Set<CapabilityName>(['deactivate', 'importFromUrl', 'copyToStore'])

/** Why the suite cannot make an image to change; `null`: it can, or need not. */
const whyNoDisposable = ({ operations }: Capabilities): string | null => {
  if (!operations.includes('create')) return operations.some((name) => CHANGING.has(name)) ? 'images can be changed, but not made' : null
  return !operations.includes('upload') && operations.some((name) => NEEDING_DATA.has(name)) ? 'images can be made, but not filled' : null
}

const isChosen =
  ({ capabilities, readOnly = false, other, refused }: Subject) =>
  ({ needs, uses, writes }: Check): boolean => {
    if (writes && (readOnly || refused !== undefined)) return false
    return needs.every((name) => capabilities.operations.includes(name)) && (uses === undefined || { other, refused }[uses] !== undefined)
  }

const run = async (check: Check, source: ImageSource, subject: Subject): Promise<void> => {
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

/**
 * The conformance suite of image sources. Which checks run is chosen by the capabilities that are declared; a source that only reads gets those of
 * reading, and that everything else answers `Unsupported`. It leaves no image behind that it has made, if the source can remove images.
 *
 * @example imageSourceSuite({ describe, test }, { capabilities: source.capabilities, make: () => createMemorySource({ images }) })
 */
export const imageSourceSuite = ({ describe, test }: Runner, subject: Subject): void => {
  const { capabilities, make, exceptions = {}, timing = {} } = subject
  const unknown = Object.keys(exceptions).filter((name) => !SOURCE_CHECKS.some((check) => check.name === name))
  if (unknown.length > 0) throw new TypeError(`imageSourceSuite: exceptions to promises that do not exist: ${unknown.join(', ')}`)

  const checks = SOURCE_CHECKS.filter(isChosen(subject))
  const lack = whyNoDisposable(capabilities)
  if (lack !== null && subject.disposable === undefined && checks.some(({ writes }) => writes)) throw new TypeError(`imageSourceSuite: \`disposable\` is needed: ${lack}`)

  // Work is waited for twice at most in one check; removing what is left may take as long.
  const timeoutMs = 60_000 + 3 * (timing.deadlineMs ?? TIMING.deadlineMs)
  describe('an image source', () => {
    test('declares the capabilities that the suite was chosen by', async () => assert.deepEqual((await make()).capabilities, capabilities))
    for (const check of checks) {
      const reason = exceptions[check.name]
      const body = async (): Promise<void> => run(check, await make(), subject)
      if (reason === undefined) test(check.name, body, timeoutMs)
      else test(`${check.name} (not kept: ${reason})`, () => assert.rejects(body(), 'this promise is kept after all: remove the exception'), timeoutMs)
    }
  })
}
