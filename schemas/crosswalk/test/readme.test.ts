import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as index from '../src/index.ts'
import * as support from '../src/support.ts'

const api = { ...index, ...support }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '')

// Results come from another realm, so they are compared as JSON; undefined is not JSON, and becomes null on both sides.
const evaluate = (expression: string): unknown =>
  JSON.parse(JSON.stringify(runInNewContext(expression, { ...api }) ?? null))

const statements = blocks('ts').flatMap((block) =>
  [...block.matchAll(/^(\w.*) \/\/ (.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''] as const),
)

test('the README shows what it should', () => {
  expect(statements.length).toBeGreaterThan(10)
})

test.each(statements)('README: %s is %s', (expression, result) => {
  expect(evaluate(expression)).toEqual(evaluate(result))
})

test('README: the chain of questions finds a word of libosinfo', () => {
  const chain = blocks('ts').find((block) => block.startsWith('const word'))
  expect(evaluate(`${chain}; system.id`)).toBe('alpine')
})

test.each(blocks('json').map((block) => JSON.parse(block) as { readonly id: string }))(
  'README: the entry $id is the one of the data',
  (shown) => {
    expect([api.operatingSystemById(shown.id), api.architectureById(shown.id)]).toContainEqual(shown)
  },
)
