import { expect, test } from '@jest/globals'
import * as codec from '@imago/codec'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as schema from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const code = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '').join('\n')

/** What the examples give, and what the README says they give: `expression // result`. The other lines are run as they stand. */
const run = (): readonly { readonly expression: string; readonly result: unknown; readonly said: unknown }[] => {
  const lines = code
    .split('\n')
    .filter((line) => !line.startsWith('import '))
    .map((line) => {
      const [, expression, said] = /^(\w.*?) \/\/ (.*)$/.exec(line) ?? []
      return expression === undefined
        ? line
        : `results.push({ expression: ${JSON.stringify(expression)}, result: (${expression}), said: (${said}) });`
    })
  const results = runInNewContext(`const results = []; ${lines.join('\n')}; results`, {
    ...codec,
    ...schema,
  }) as unknown
  // Another realm's objects are compared as JSON.
  return JSON.parse(JSON.stringify(results))
}

test('the examples of the README give what it says', () => {
  const results = run()
  expect(results.length).toBeGreaterThanOrEqual(6)
  for (const { expression, result, said } of results) expect([expression, result]).toEqual([expression, said])
})
