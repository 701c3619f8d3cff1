import { describe, expect, it } from '@jest/globals'
import { formatLockCommand } from '../../src/lock/lock-command.ts'

describe('formatLockCommand', () => {
  it.each([
    [formatLockCommand('lock', { lockFile: 'images.lock.json' }), 'imago lock'],
    [
      formatLockCommand('lock', { file: 'imago.images.yaml', lockFile: 'ci/lock.json' }),
      'imago lock --lock-file ci/lock.json',
    ],
    [
      formatLockCommand('update', { file: 'my images.yaml', lockFile: "it's.json" }, ['web', 'db']),
      "imago update web db --file 'my images.yaml' --lock-file 'it'\\''s.json'",
    ],
  ])('returns %s', (command, expected) => {
    expect(command).toBe(expected)
  })
})
