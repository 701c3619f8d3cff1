import { describe, expect, it } from '@jest/globals'
import { EXIT } from '../../../src/exit-code.ts'
import { temporaryFolder } from '../../temporary.ts'
import { readDuplicates } from './reading.ts'

const folder = temporaryFolder()

describe('duplicates --read', () => {
  it('groups the same disk as raw, qcow2 and gzip with the qemu-img of this machine', async () => {
    const { code, output } = await readDuplicates(folder, { yes: true })
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(code).toBe(EXIT.done)
  })
})
