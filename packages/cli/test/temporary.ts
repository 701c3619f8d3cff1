import { afterAll } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that is deleted after the tests of a file. */
export const temporaryFolder = (): {
  readonly path: (name: string) => string
  readonly file: (name: string, content: string | Uint8Array) => string
} => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string): string => join(folder, name)
  return {
    path,
    file: (name, content) => {
      writeFileSync(path(name), content)
      return path(name)
    },
  }
}
