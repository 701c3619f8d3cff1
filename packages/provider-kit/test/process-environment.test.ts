import { describe, afterAll, beforeAll, expect, test } from '@jest/globals'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processEnvironment } from '../src/index.ts'

const { readFile, variables, workingDirectory, platform } = processEnvironment(process)
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imago-provider-kit-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('processEnvironment', () => {
  test('returns the variables, working directory and platform of the process', () => {
    expect({ variables, workingDirectory, platform }).toEqual({
      variables: process.env,
      workingDirectory: process.cwd(),
      platform: process.platform,
    })
  })

  test('reads a file, and whether others may read it', () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'text')
    for (const [mode, isOpenToOthers] of [
      [0o600, false],
      [0o640, true],
      [0o604, true],
    ] as const) {
      chmodSync(path, mode)
      expect(readFile(path)).toEqual({
        _tag: 'text',
        text: 'text',
        isOpenToOthers: process.platform !== 'win32' && isOpenToOthers,
      })
    }
  })

  test('reports a missing file, and a directory', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(readFile(join(folder, 'nope'))).toEqual({ _tag: 'missing' })
    expect(readFile(join(folder, 'file', 'below'))).toEqual({ _tag: 'missing' })
    expect(readFile(folder)).toEqual({ _tag: 'unreadable', reason: 'it is a directory' })
  })
})
