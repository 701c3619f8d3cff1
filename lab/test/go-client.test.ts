import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { missingGo } from '../src/go-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'imago-go-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Creates an environment in which `go version` prints this. */
const withGo = (output: string): Readonly<Record<string, string>> => {
  const program = join(folder, 'go')
  writeFileSync(program, `#!/bin/sh\n[ "$GOTOOLCHAIN" = local ] && echo '${output}'\n`)
  chmodSync(program, 0o755)
  return { PATH: `${folder}:/usr/bin:/bin` }
}

const MANIFEST = 'module x\n\ngo 1.25.0\n'

describe('missingGo', () => {
  it.each([
    'go version go1.25.0 linux/amd64',
    'go version go1.26.8 linux/amd64',
    'go version go2.0 linux/arm64',
    'go version devel go1.27-5e2f1a linux/amd64',
  ])('accepts %s', (output) => {
    expect(missingGo(withGo(output), MANIFEST)).toBeNull()
  })

  it('returns the required version if Go is too old', () => {
    expect(missingGo(withGo('go version go1.24.13 linux/amd64'), MANIFEST)).toBe(
      'the clients need Go 1.25, this is go1.24.13 linux/amd64',
    )
  })

  it('returns that Go is missing', () => {
    expect(missingGo({ PATH: join(folder, 'nothing') }, MANIFEST)).toBe('Go is not installed')
  })

  it('reads the required version from the clients’ go.mod', () => {
    expect(missingGo(withGo('go version go1.1 linux/amd64'))).toMatch(/^the clients need Go 1\.\d+, this is go1\.1 /)
  })
})
