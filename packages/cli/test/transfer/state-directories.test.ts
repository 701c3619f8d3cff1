import { describe, expect, it } from '@jest/globals'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { stateDirectories } from '../../src/transfer/state-directories.ts'

const HOME = { journals: join(homedir(), '.local/state/imago/runs'), spoolDir: join(homedir(), '.cache/imago/spool') }

describe('stateDirectories', () => {
  it('returns the state and cache directories of the user', () => {
    expect(stateDirectories({}, undefined)).toEqual(HOME)
    expect(stateDirectories({ XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' }, undefined)).toEqual({
      journals: '/s/imago/runs',
      spoolDir: '/c/imago/spool',
    })
  })

  it.each(['', 'relative', './here'])('ignores a variable with the value %p', (value) =>
    expect(stateDirectories({ XDG_STATE_HOME: value, XDG_CACHE_HOME: value }, undefined)).toEqual(HOME),
  )

  it('uses --spool for staged images only', () =>
    expect(stateDirectories({ XDG_STATE_HOME: '/s' }, 'there')).toEqual({
      journals: '/s/imago/runs',
      spoolDir: resolve('there'),
    }))
})
