import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { PROMISES, type PromiseName } from '../src/promises.ts'
import { SOURCE_CHECKS } from '../src/source-checks.ts'

const documentation = readFileSync(new URL('../../core/src/source/source.ts', import.meta.url), 'utf8')

/** The sentences of the documentation comments of `ImageSource` and of what its methods take and give. */
const sentences: readonly string[] = [...documentation.matchAll(/\/\*\*([\s\S]*?)\*\//g)]
  .flatMap(([, comment = '']) =>
    comment.split('\n').map((line) =>
      line
        .replace(/^\s*\*?\s*/, '')
        .replace(/^- /, '')
        .trim(),
    ),
  )
  .flatMap((line) => line.split(/(?<=[.:])\s+(?=[A-Z`])/))
  .map((sentence) => sentence.trim())
  .filter((sentence) => sentence !== '')

/** Sentences that promise nothing of the source: each with the reason. */
const NO_PROMISES: ReadonlyMap<string, string> = new Map([
  ['The cloud that a source connects to.', 'says what a type is'],
  ["The user's name for the cloud.", 'says what a field is'],
  [
    "`null`: the provider's images do not belong to a region.",
    'says what a field is; that images have the region of their source is checked',
  ],
  ['A source may return fewer.', 'leaves the source free'],
  ['Calling it is optional.', 'leaves the source free'],
  ['The images of one cloud, as an adapter implements them.', 'says what a type is'],
  ['Everything else is derived from it.', 'is about core'],
  ['For every method:', 'a heading'],
  ['`deriveCapabilities` derives it.', 'is about core'],
  [
    'Absent: images of this provider have no owner field, since each account sees only its own images.',
    'says what core takes from its absence',
  ],
  [
    'A list that cannot be read is an error only if no list was read.',
    'the tests of adapters check it: the suite cannot make a single list fail',
  ],
  ['The part of a source that is needed to list images.', 'says what a type is'],
  ["The caller's own listing of all images, including hidden ones.", 'says what a field is'],
  ['Takes minutes.', 'leaves the source free'],
  ['Whether to read the use by all projects.', 'says what a field is'],
  [
    "Without an administrator's credentials, lists are then `forbidden` or `failed`.",
    'the tests of the OpenStack adapter check it: the suite has no administrator',
  ],
  ['Default: only the project of the credentials.', 'the tests of the OpenStack adapter check it'],
  ['Clouds without projects ignore it.', 'says that there is nothing to check'],
])

const texts = new Map<string, PromiseName[]>()
for (const [name, { text }] of Object.entries(PROMISES))
  texts.set(text, [...(texts.get(text) ?? []), name as PromiseName])

/** A sentence that is split at a colon within a promise is a part of it. */
const isPartOfPromise = (sentence: string): boolean => [...texts.keys()].some((text) => text.includes(sentence))

describe('the promises of the suite', () => {
  test('the documentation is read as a whole', () => expect(sentences.length).toBeGreaterThan(70))

  test.each(sentences)('the documentation says: %s', (sentence) => {
    expect(isPartOfPromise(sentence) || NO_PROMISES.has(sentence)).toBe(true)
  })

  test('there is none that the documentation does not make', () => {
    const whole = documentation.replaceAll(/\s*\n\s*\* ?/g, ' ')
    expect([...texts.keys()].filter((text) => !whole.includes(text))).toEqual([])
  })

  test('none is excused that is not there', () => {
    expect([...NO_PROMISES.keys()].filter((sentence) => !sentences.includes(sentence))).toEqual([])
  })

  test('each is named by a check', () => {
    const checked = new Set(SOURCE_CHECKS.flatMap(({ promises }) => promises))
    expect((Object.keys(PROMISES) as PromiseName[]).filter((name) => !checked.has(name))).toEqual([])
  })

  test('each check names one', () => {
    expect(SOURCE_CHECKS.filter(({ promises }) => promises.length === 0).map(({ name }) => name)).toEqual([])
  })
})
