import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { PROMISES, type PromiseName } from '../src/promises.ts'
import { SOURCE_CHECKS } from '../src/source-suite.ts'

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
  ['Which cloud a source speaks to.', 'says what a type is'],
  ['The name that the user gave to it.', 'says what a field is'],
  [
    "`null` where the provider's images belong to no region.",
    'says what a field is; that images have the region of their source is checked',
  ],
  ['A source may give fewer.', 'leaves the source free'],
  ['A source need not.', 'leaves the source free'],
  ['The images of one cloud: what an adapter writes.', 'says what a type is'],
  ['Everything else is derived from it.', 'is about core'],
  ['For every method:', 'a heading'],
  ['`deriveCapabilities` derives it.', 'is about core'],
  [
    "Absent: the provider's images name no owner, since it shows each account its own only.",
    'says what core takes from its absence',
  ],
  [
    'A list that is refused, missing or fails is an error only if none was read.',
    'the tests of adapters check it: the suite cannot make a single list fail',
  ],
  ['What listing images needs of a source.', 'says what a type is'],
  ['All images, hidden ones too, where the caller lists them anyway.', 'says what a field is'],
  ['Takes as long as it takes: minutes.', 'leaves the source free'],
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
