import { describe, expect, it } from '@jest/globals'
import * as codec from '@imago/codec'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as schema from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const code = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '').join('\n')

/** Runs the examples, and returns the results with those in the README: `expression // result`. */
const run = (): readonly { readonly expression: string; readonly result: unknown; readonly shown: unknown }[] => {
  const lines = code
    .split('\n')
    .filter((line) => !line.startsWith('import '))
    .map((line) => {
      const [, expression, shown] = /^(\w.*?) \/\/ (.*)$/.exec(line) ?? []
      return expression === undefined
        ? line
        : `results.push({ expression: ${JSON.stringify(expression)}, result: (${expression}), shown: (${shown}) });`
    })
  const results = runInNewContext(`const results = []; ${lines.join('\n')}; results`, {
    ...codec,
    ...schema,
  }) as unknown
  // Objects of another realm are compared as JSON.
  return JSON.parse(JSON.stringify(results))
}

describe('README', () => {
  it('the examples of the README return the shown results', () => {
    const results = run()
    expect(results.length).toBeGreaterThanOrEqual(6)
    for (const { expression, result, shown } of results)
      expect({ expression, result }).toEqual({ expression, result: shown })
  })
})
