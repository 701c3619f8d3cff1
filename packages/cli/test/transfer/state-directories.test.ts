import { expect, test } from '@jest/globals'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { stateDirectories } from '../../src/transfer/state-directories.ts'

const HOME = { journalDir: join(homedir(), '.local/state/imago/runs'), spoolDir: join(homedir(), '.cache/imago/spool') }

test('state and cache of the user', () => {
  expect(stateDirectories({}, undefined)).toEqual(HOME)
  expect(stateDirectories({ XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' }, undefined)).toEqual({
    journalDir: '/s/imago/runs',
    spoolDir: '/c/imago/spool',
  })
})

test.each(['', 'relative', './here'])('a variable that is %p is not used', (value) =>
  expect(stateDirectories({ XDG_STATE_HOME: value, XDG_CACHE_HOME: value }, undefined)).toEqual(HOME),
)

test('--spool names another spool; journals stay', () =>
  expect(stateDirectories({ XDG_STATE_HOME: '/s' }, 'there')).toEqual({
    journalDir: '/s/imago/runs',
    spoolDir: resolve('there'),
  }))
