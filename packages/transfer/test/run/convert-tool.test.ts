import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertOnPath } from '../../src/run/convert-tool.ts'
import type { ConversionRequest } from '../../src/run/tools.ts'

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'move')
const request = (fields: Partial<ConversionRequest> = {}): ConversionRequest => ({
  from: { path: '/a', format: 'qcow2' },
  to: { path: '/b', format: 'raw' },
  virtualSize: null,
  site: SITE,
  ...fields,
})

describe('convertOnPath', () => {
  it('returns ConfigInvalid if qemu-img is not installed', async () => {
    expect(await convertOnPath('/nowhere')(request())()).toMatchObject({
      left: { _tag: 'ConfigInvalid', what: expect.stringContaining('qemu-img is not installed') },
    })
  })

  it('refuses a format that qemu-img does not convert', async () => {
    expect(await convertOnPath('/nowhere')(request({ from: { path: '/a', format: 'ploop' } }))()).toMatchObject({
      left: { _tag: 'Rejected', what: 'qemu-img cannot convert ploop to raw' },
    })
  })

  it('inspects the file before it starts qemu-img', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'imago-convert-'))
    try {
      const program = join(directory, 'qemu-img')
      await writeFile(
        program,
        `#!/bin/sh\n[ "$1" = --version ] && { echo 'qemu-img version 9.0.0'; exit; }\ntouch ${join(directory, 'ran')}\n`,
        { mode: 0o755 },
      )
      const path = join(directory, 'disk')
      await writeFile(path, 'not a qcow2 at all')
      const answer = await convertOnPath(directory)(
        request({ from: { path, format: 'qcow2' }, to: { path: join(directory, 'out'), format: 'raw' } }),
      )()
      expect(answer).toMatchObject({ left: { _tag: 'UnsafeImage', check: 'format_mismatch' } })
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
