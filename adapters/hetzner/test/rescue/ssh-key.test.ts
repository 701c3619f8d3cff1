import { expect, test } from '@jest/globals'
import ssh2 from 'ssh2'
import { makeSshKey } from '../../src/rescue/ssh-key.ts'

test('every pair that is made is a pair of keys: of ssh2 alone, one in 256 is none', () => {
  for (let made = 0; made < 1500; made++) {
    const pair = makeSshKey(ssh2, 'imago-run')
    for (const half of [pair.public, pair.private])
      expect(ssh2.utils.parseKey(half)).toMatchObject({ type: 'ssh-ed25519', comment: 'imago-run' })
  }
})
