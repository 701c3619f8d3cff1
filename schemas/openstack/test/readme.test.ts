import { describe, expect, it } from '@jest/globals'
import * as codec from '@imago/codec'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as schema from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const code = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '').join('\n')

/** Results of the examples and the results stated in the README: `expression // result`. Other lines are executed unchanged. */
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
  // Objects of another realm are compared as JSON.
  return JSON.parse(JSON.stringify(results))
}

describe('README', () => {
  it('the examples of the README return the stated results', () => {
    const results = run()
    expect(results.length).toBeGreaterThanOrEqual(6)
    for (const { expression, result, said } of results) expect([expression, result]).toEqual([expression, said])
  })
})
