import { describe, expect, it } from '@jest/globals'
import ssh2 from 'ssh2'
import { generateSshKey } from '../../src/rescue/ssh-key.ts'

describe('generateSshKey', () => {
  it('makeSshKey returns only valid pairs, although ssh2 generates one invalid pair in 256', () => {
    for (let made = 0; made < 1500; made++) {
      const pair = generateSshKey(ssh2, 'imago-run')
      for (const half of [pair.public, pair.private])
        expect(ssh2.utils.parseKey(half)).toMatchObject({ type: 'ssh-ed25519', comment: 'imago-run' })
    }
  })
})
