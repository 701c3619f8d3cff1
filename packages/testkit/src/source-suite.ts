import assert from 'node:assert/strict'
import { bytesOf, perform, type Capabilities, type CapabilityName, type ImageSource } from '@imago/core'
import { BYTE_CHECKS, NEW_IMAGE, SAMPLE_BYTES } from './byte-check.ts'
import { must, type Check } from './check.ts'
import { READ_CHECKS } from './read-check.ts'
import { WRITE_CHECKS } from './write-check.ts'

/** A test runner: jest's, vitest's, `node:test`'s. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: (name: string, body: () => Promise<void>) => unknown
}

/** The source to be tested. */
export interface Subject {
  /** What it declares: checks are chosen by it. That the source declares just this is itself a check. */
  readonly capabilities: Capabilities
  /** A source for one check, with at least one image. What a check writes must not be seen by the next one, or do no harm there. */
  readonly make: () => ImageSource | Promise<ImageSource>
  /** The id of an image that a check may change and remove. Needed where images can be changed but not made by `create` and `upload`. */
  readonly disposable?: (source: ImageSource) => Promise<string>
  /** Promises that this provider cannot keep, by name, each with the reason. They must really be broken: one that is kept fails as outdated. */
  readonly exceptions?: Readonly<Record<string, string>>
}

/** All promises, in the order in which they are checked. */
export const SOURCE_CHECKS: readonly Check[] = [...READ_CHECKS, ...WRITE_CHECKS, ...BYTE_CHECKS]

const makeDisposable = async (source: ImageSource): Promise<string> => {
  const { ref } = await must(perform(source, 'create', NEW_IMAGE))
  if (source.upload !== undefined) await must(source.upload(ref.id, bytesOf(SAMPLE_BYTES)))
  return ref.id
}

/** Methods that a check can only try on an image of its own. */
const CHANGING: ReadonlySet<CapabilityName> = new Set(['update', 'remove', 'protect', 'hide', 'deactivate', 'setVisibility'])

const needsDisposable = ({ operations }: Capabilities): boolean => !operations.includes('create') && operations.some((name) => CHANGING.has(name))

/**
 * The conformance suite of image sources. Which checks run is chosen by the capabilities that are declared; a source that only reads gets those of
 * reading, and that everything else answers `Unsupported`.
 *
 * @example imageSourceSuite({ describe, test }, { capabilities: source.capabilities, make: () => createMemorySource({ images }) })
 */
export const imageSourceSuite = ({ describe, test }: Runner, { capabilities, make, disposable = makeDisposable, exceptions = {} }: Subject): void => {
  const unknown = Object.keys(exceptions).filter((name) => !SOURCE_CHECKS.some((check) => check.name === name))
  if (unknown.length > 0) throw new TypeError(`imageSourceSuite: exceptions to promises that do not exist: ${unknown.join(', ')}`)

  if (needsDisposable(capabilities) && disposable === makeDisposable) throw new TypeError('imageSourceSuite: `disposable` is needed: images can be changed, but not made')

  const run = async (check: Check): Promise<void> => {
    const source = await make()
    await check.run(source, { disposable: () => disposable(source) })
  }
  describe('an image source', () => {
    test('declares the capabilities that the suite was chosen by', async () => assert.deepEqual((await make()).capabilities, capabilities))
    for (const check of SOURCE_CHECKS.filter(({ needs }) => needs.every((name) => capabilities.operations.includes(name)))) {
      const reason = exceptions[check.name]
      if (reason === undefined) test(check.name, () => run(check))
      else test(`${check.name} (not kept: ${reason})`, () => assert.rejects(run(check), 'this promise is kept after all: remove the exception'))
    }
  })
}
