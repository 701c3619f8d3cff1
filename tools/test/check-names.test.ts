import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, afterEach, beforeEach, expect, it } from '@jest/globals'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imago-names-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (text: string): { readonly status: number | null; readonly stderr: string } => {
  mkdirSync(join(root, 'packages/one/src'), { recursive: true })
  writeFileSync(join(root, 'packages/one/src/a.ts'), text)
  return spawnSync(process.execPath, [fileURLToPath(new URL('../check-names.mjs', import.meta.url)), root], {
    encoding: 'utf8',
  })
}

describe('check names', () => {
  it.each([
    ['a function', 'export function pathOf(id: string) { return id }'],
    ['a constant', 'const pathOf = (id: string) => id'],
    ['a constant with a type', 'const pathOf: (id: string) => string = String'],
    ['a composed function', 'const pathOf = flow(trim, lower)'],
    ['a function behind a cast', 'const pathOf = ((id: string) => id) satisfies Reader'],
    ['a method', 'class Disk { pathOf(id: string) { return id } }'],
    ['a method of an interface', 'interface Disk { pathOf(id: string): string }'],
    ['a property of an interface', 'interface Disk { readonly pathOf: (id: string) => string }'],
    ['a property of an object', 'export const disk = { pathOf: (id: string) => id }'],
    ['a parameter', 'const read = (pathOf: (id: string) => string) => pathOf("a")'],
  ])('refuses %s', (_, text) => {
    expect(check(`\n${text}\n`)).toMatchObject({
      status: 1,
      stderr: 'packages/one/src/a.ts:2: pathOf: start the name of a function with a verb\n',
    })
  })

  it.each([
    ['a predicate', 'const isPartOf = (a: string, b: string) => b.includes(a)'],
    ['keywords of JSON Schema', 'export const schema = { anyOf: [], oneOf: (all: unknown) => all }'],
    ['a call of a library', 'RA.chunksOf(5)(ids); text.indexOf("a")'],
    ['a value that is no function', 'const monthOf = 3'],
  ])('accepts %s', (_, text) => expect(check(`${text}\n`)).toMatchObject({ status: 0, stderr: '' }))
})
