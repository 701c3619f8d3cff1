import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const root = fileURLToPath(new URL('../..', import.meta.url))
const store = join(root, 'node_modules/.pnpm')

/** The manifests of all installed packages, including indirect dependencies. */
const installed = readdirSync(store)
  .map((entry) => join(store, entry, 'node_modules'))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder).flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((one) => join(folder, name, one))
        : [join(folder, name)],
    ),
  )
  .map((folder) => join(folder, 'package.json'))
  .filter((path) => existsSync(path))
  .map(
    (path) =>
      JSON.parse(readFileSync(path, 'utf8')) as {
        readonly name: string
        readonly optionalDependencies?: Readonly<Record<string, string>>
      },
  )

const locked = new Set(
  [...readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8').matchAll(/^ {2}'?((?:@[^/\n]+\/)?[^@'\n ]+)@[^\n]*:$/gm)].map(
    (match) => match[1],
  ),
)

describe('pnpm-lock.yaml', () => {
  it('has the optional packages of every platform', () => {
    const wanted = installed.flatMap(({ name, optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}).map((other) => `${name} → ${other}`),
    )
    expect(wanted).toContain('esbuild → @esbuild/win32-x64')
    expect(wanted.filter((one) => !locked.has(one.split(' → ')[1]))).toEqual([])
  })
})
