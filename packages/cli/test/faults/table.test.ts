import { describe, expect, it } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../../../..')
const FOLDERS = ['packages/cli/test/faults', 'adapters/hetzner/test/faults', 'adapters/openstack/test/faults']

describe('tables of hostile text', () => {
  it('docs/reliability.md lists all existing tests of faults', () => {
    const text = readFileSync(join(root, 'docs/reliability.md'), 'utf8')
    const named = new Set([...text.matchAll(/\]\(\.\.\/([^)]+\.test\.ts)\)/g)].map(([, path = '']) => path))
    expect([...named].filter((path) => !existsSync(join(root, path)))).toEqual([])
    const there = FOLDERS.flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.test.ts') && name !== 'table.test.ts')
        .map((name) => `${folder}/${name}`),
    )
    expect(there.filter((path) => !named.has(path))).toEqual([])
  })
})
