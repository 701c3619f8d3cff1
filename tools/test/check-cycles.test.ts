import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, afterEach, beforeEach, expect, it } from '@jest/globals'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imago-cycles-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const check = (
  files: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly stderr: string } => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'packages/one/src', path)), { recursive: true })
    writeFileSync(join(root, 'packages/one/src', path), text)
  }
  return spawnSync(process.execPath, [fileURLToPath(new URL('../check-cycles.mjs', import.meta.url)), root], {
    encoding: 'utf8',
  })
}

describe('check-cycles', () => {
  it('accepts files that import each other in one direction', () => {
    expect(
      check({ 'a.ts': "import './b.ts'\n", 'b.ts': "import 'node:fs'\nconst text = './a.ts'\nexport { text }\n" }),
    ).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    ['an import', "import './a.ts'\n"],
    ['an import of a type', "import type { A } from './a.ts'\n"],
    ['an export', "export * from './a.ts'\n"],
    ['an export of names', "export { a } from './a.ts'\n"],
    ['an import when it is run', "export const load = () => import('./a.ts')\n"],
    ['an import in a type', "export type A = import('./a.ts').A\n"],
  ])('finds a cycle that is closed by %s', (_, text) => {
    const { status, stderr } = check({ 'a.ts': "import './b.ts'\n", 'b.ts': text })
    expect(status).toBe(1)
    expect(stderr).toContain('files import each other:\n  packages/one/src/a.ts\n  packages/one/src/b.ts')
  })

  it('finds folders that import each other by different files', () => {
    const { status, stderr } = check({
      'a/one.ts': "import '../b/one.ts'\n",
      'a/two.ts': '',
      'b/one.ts': '',
      'b/deep/two.ts': "import '../../a/two.ts'\n",
    })
    expect(status).toBe(1)
    expect(stderr).toContain(
      'folders of packages/one/src import each other: a, b\n  packages/one/src/a/one.ts → packages/one/src/b/one.ts\n  packages/one/src/b/deep/two.ts → packages/one/src/a/two.ts',
    )
  })
})
