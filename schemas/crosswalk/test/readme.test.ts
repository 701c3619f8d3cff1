import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as index from '../src/index.ts'
import * as support from '../src/support.ts'

const api = { ...index, ...support }

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '')

// Results are from another realm, so they are compared as JSON, with null for undefined.
const evaluate = (expression: string): unknown =>
  JSON.parse(JSON.stringify(runInNewContext(expression, { ...api }) ?? null))

const statements = blocks('ts').flatMap((block) =>
  [...block.matchAll(/^(\w.*) \/\/ (.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''] as const),
)

describe('README', () => {
  it('the README has examples', () => {
    expect(statements.length).toBeGreaterThan(10)
  })

  it.each(statements)('README: %s is %s', (expression, result) => {
    expect(evaluate(expression)).toEqual(evaluate(result))
  })

  it('README: the chain of lookups finds a name of libosinfo', () => {
    const chain = blocks('ts').find((block) => block.startsWith('const word'))
    expect(evaluate(`${chain}; system.id`)).toBe('alpine')
  })

  it.each(blocks('json').map((block) => JSON.parse(block) as { readonly id: string }))(
    'README: the entry $id equals that of the data',
    (shown) => {
      expect(api.findOperatingSystemById(shown.id) ?? api.findArchitectureById(shown.id)).toEqual(shown)
    },
  )
})
