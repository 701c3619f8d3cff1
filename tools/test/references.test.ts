import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

let root: string
const script = new URL('../references.mjs', import.meta.url).href
const FOLDERS = ['packages/core', 'packages/imago', 'adapters/one', 'adapters/two']

const save = (path: string, value: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), JSON.stringify(value))
}
const load = (path: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Readonly<Record<string, unknown>>

const derive = (): readonly string[] => {
  const program = `import { deriveReferences } from ${JSON.stringify(script)}; console.log(JSON.stringify(deriveReferences(${JSON.stringify(root)}, ${JSON.stringify(FOLDERS)})))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as readonly string[]
}

/** Creates a workspace in which `adapters/two` is new. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imago-references-'))
  const core = { '@imago/core': 'workspace:^' }
  save('packages/core/package.json', { name: '@imago/core' })
  save('packages/core/tsconfig.json', { extends: '../../tsconfig.base.json' })
  save('packages/imago/package.json', { name: 'imago', dependencies: { ...core, '@imago/adapter-one': 'workspace:^' } })
  save('packages/imago/tsconfig.json', { references: [{ path: '../../adapters/one' }, { path: '../core' }] })
  for (const name of ['one', 'two']) {
    save(`adapters/${name}/package.json`, { name: `@imago/adapter-${name}`, dependencies: core })
    save(`adapters/${name}/tsconfig.json`, { references: [{ path: '../../packages/core' }] })
  }
  save('tsconfig.json', {
    files: [],
    references: [{ path: 'packages/core' }, { path: 'packages/imago' }, { path: 'adapters/one' }],
  })
})
afterEach(() => rmSync(root, { recursive: true }))

describe('deriveReferences', () => {
  it('adds a new adapter to the library and to the projects', () => {
    expect(derive()).toEqual(['packages/imago/package.json', 'packages/imago/tsconfig.json', 'tsconfig.json'])
    expect(load('packages/imago/package.json')['dependencies']).toHaveProperty('@imago/adapter-two', 'workspace:^')
    expect(load('packages/imago/tsconfig.json')['references']).toContainEqual({ path: '../../adapters/two' })
    expect(load('tsconfig.json')['references']).toContainEqual({ path: 'adapters/two' })
  })

  it('writes nothing if everything is up to date', () => {
    derive()
    expect(derive()).toEqual([])
  })

  it('removes the reference to a package that is no longer needed', () => {
    derive()
    save('adapters/one/package.json', { name: '@imago/adapter-one' })
    expect(derive()).toEqual(['adapters/one/tsconfig.json'])
    expect(load('adapters/one/tsconfig.json')['references']).toEqual([])
  })
})
