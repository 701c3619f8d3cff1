import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { schemaNames, schemas } from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [block = ''] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '')
const statements = block.split('\n').filter((line) => !line.startsWith('import '))

describe('README', () => {
  it('README: the example returns the shown results', () => {
    const context = { Ajv2020, schemas }
    const shown: unknown[] = []
    const done = statements.map((line) => {
      const [, code = line, result] = /^(.*) \/\/ (.*)$/.exec(line) ?? []
      const value: unknown = runInNewContext(code.replace(/^const /, 'var '), context)
      if (result !== undefined) shown.push([code, value, runInNewContext(result)])
      return value
    })
    expect(done.length).toBeGreaterThan(3)
    expect(shown).toHaveLength(3)
    for (const [code, value, result] of shown as [string, unknown, unknown][])
      expect({ code, value }).toEqual({ code, value: result })
  })

  it('README: the table lists every schema', () => {
    const rows = [...readme.matchAll(/^\| \[`([\w-]+)`\]\((.*?)\) \| `(.*?)` \|/gm)].map(([, name, file, urn]) => [
      name,
      file,
      urn,
    ])
    expect(rows).toEqual(schemaNames.map((name) => [name, `data/${name}.schema.json`, schemas[name].$id]))
  })
})
