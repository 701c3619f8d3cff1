import { describe, expect, it } from '@jest/globals'
import { existsSync, statSync, symlinkSync } from 'node:fs'
import { makeDirectories, makeDirectory } from '../src/make-directories.ts'
import { temporaryFolder } from './temporary.ts'

const folder = temporaryFolder()
/** Windows has no file modes and no /proc. */
const onPosix = process.platform === 'win32' ? it.skip : it
const onLinux = process.platform === 'linux' ? it : it.skip

describe('makeDirectory', () => {
  onPosix('creates a directory with the given mode', () => {
    makeDirectory(folder.path('own'), 0o700)
    expect(statSync(folder.path('own')).mode & 0o777).toBe(0o700)
  })

  it('leaves an existing directory as it is', () => {
    makeDirectory(folder.path('twice'))
    makeDirectory(folder.path('twice'))
    expect(statSync(folder.path('twice')).isDirectory()).toBe(true)
  })

  it('throws when the path is a file', () => {
    expect(() => makeDirectory(folder.file('file', ''))).toThrow('EEXIST')
  })

  it('creates no parent', () => {
    expect(() => makeDirectory(folder.path('no/parent'))).toThrow('ENOENT')
    expect(existsSync(folder.path('no'))).toBe(false)
  })
})

describe('makeDirectories', () => {
  it('creates the missing parents', () => {
    makeDirectories(folder.path('a/b/c'))
    expect(statSync(folder.path('a/b/c')).isDirectory()).toBe(true)
  })

  it('creates what is missing below an existing directory', () => {
    makeDirectories(folder.path('a/b'))
    makeDirectories(folder.path('a/b/d/e'))
    expect(statSync(folder.path('a/b/d/e')).isDirectory()).toBe(true)
  })

  it('throws when a parent is a file', () => {
    expect(() => makeDirectories(`${folder.file('parent', '')}/a/b`)).toThrow(/ENOTDIR|ENOENT|EEXIST/)
  })

  onPosix('throws when the path is a symbolic link without a target', () => {
    symlinkSync(folder.path('nowhere'), folder.path('link'))
    expect(() => makeDirectories(folder.path('link'))).toThrow('ENOENT')
  })

  // Node's own recursive mkdir never returns for a path below /proc/1.
  onLinux.each(['/proc/1/a', '/proc/1/a/b/c', '/proc/a/b'])(
    'throws when the file system refuses new entries: %s',
    (path) => {
      expect(() => makeDirectories(path)).toThrow(/ENOENT|EACCES|EPERM/)
    },
  )
})
