import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { localUser, currentUser, type LocalUser } from '../../src/state/local-user.ts'
import { openOwn, privateDirectory } from '../../src/state/private-directory.ts'

const site = createErrorSite({ provider: 'imago', cloud: null }, 'move')

let dir = ''
// The path of the temporary directory may contain a symbolic link, as on macOS.
beforeEach(() => void (dir = mkdtempSync(join(realpathSync(tmpdir()), 'imago-private-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A user who owns none of these files, and is not root. */
const STRANGER: LocalUser = localUser(54_321, {})

const made = (
  path: string,
  { user = currentUser(), ownFolder }: { readonly user?: LocalUser; readonly ownFolder?: string } = {},
): Promise<E.Either<{ readonly what: string; readonly hint: string }, string>> =>
  privateDirectory(path, { site, user, what: 'the spool', ownFolder })

/** The error for a refused directory. */
const refusal = async (path: string, options: Parameters<typeof made>[1] = {}): Promise<string> => {
  const answer = await made(path, options)
  if (E.isRight(answer)) throw new Error(`${answer.right} was accepted`)
  return `${answer.left.what}. ${answer.left.hint}`
}

const directory = (name: string, mode: number): string => {
  const path = join(dir, name)
  mkdirSync(path)
  chmodSync(path, mode)
  return path
}

/** Windows has no directory modes, and other symbolic links. */
const onUnix = process.platform === 'win32' ? describe.skip : describe

onUnix('privateDirectory', () => {
  it('creates the directory and its parents for the owner only', async () => {
    const path = join(dir, 'a', 'b', 'c')
    expect(await made(path)).toEqual(E.right(path))
    for (const one of [join(dir, 'a'), join(dir, 'a', 'b'), path]) expect(statSync(one).mode & 0o777).toBe(0o700)
    expect(await made(path)).toEqual(E.right(path))
  })

  it.each([0o770, 0o702, 0o777])('refuses a directory that others may write to (%o)', async (mode) => {
    const path = directory('open', mode)
    expect(await refusal(path)).toBe(
      `${path} is not used for the spool: others may write to it (mode ${mode.toString(8)}). Run chmod 700 ${path}, or choose another directory`,
    )
    chmodSync(path, 0o700)
    expect(await made(path)).toEqual(E.right(path))
  })

  it.each([0o1777, 0o777, 0o770])(
    'creates an own folder in a directory that others may write to (%o), if requested',
    async (mode) => {
      const path = directory('open', mode)
      expect(await made(path, { ownFolder: 'imago-1' })).toEqual(E.right(join(path, 'imago-1')))
      expect(statSync(join(path, 'imago-1')).mode & 0o777).toBe(0o700)
      chmodSync(join(path, 'imago-1'), 0o777)
      expect(await refusal(path, { ownFolder: 'imago-1' })).toContain('others may write to it')
    },
  )

  it('refuses an own folder that is a symbolic link', async () => {
    const path = directory('open', 0o1777)
    symlinkSync(directory('mine', 0o700), join(path, 'imago-1'))
    expect(await refusal(path, { ownFolder: 'imago-1' })).toContain(
      `${join(path, 'imago-1')} is not used for the spool: it is a symbolic link`,
    )
  })

  it('refuses a directory of another user', async () => {
    const path = directory('theirs', 0o700)
    expect(await refusal(path, { user: STRANGER })).toContain('it belongs to another user')
  })

  it('refuses a path through entries of another user in a directory that everyone may write to', async () => {
    const path = directory('open', 0o1777)
    mkdirSync(join(path, 'trap'))
    symlinkSync(join(dir, 'mine'), join(path, 'link'))
    mkdirSync(join(dir, 'mine'), { mode: 0o700 })
    // Only root can change owners. Other users check as a stranger, who does not own these files.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) {
      chownSync(join(path, 'trap'), 54_321, 54_321)
      lchownSync(join(path, 'link'), 54_321, 54_321)
    }
    const user = isRoot ? currentUser() : STRANGER
    for (const name of ['trap', 'link'])
      expect(await refusal(join(path, name, 'spool'), { user })).toContain(
        `${join(path, name)} is not used for the spool: it belongs to another user`,
      )
  })

  it('refuses a symbolic link, but follows links in the path', async () => {
    const target = directory('target', 0o700)
    symlinkSync(target, join(dir, 'link'))
    expect(await refusal(join(dir, 'link'))).toBe(
      `${join(dir, 'link')} is not used for the spool: it is a symbolic link. Use the directory that it points to`,
    )
    expect(await made(join(dir, 'link', 'spool'))).toEqual(E.right(join(target, 'spool')))
    symlinkSync('target', join(dir, 'relative'))
    expect(await made(join(dir, 'relative', 'other'))).toEqual(E.right(join(target, 'other')))
    symlinkSync('circle', join(dir, 'circle'))
    expect(await refusal(join(dir, 'circle', 'spool'))).toContain('form a loop')
    symlinkSync('nowhere', join(dir, 'dangling'))
    expect(await refusal(join(dir, 'dangling'))).toContain('it is a symbolic link')
    expect(E.isRight(await made(join(dir, 'dangling', 'spool')))).toBe(true)
  })

  it('refuses a file and a path with NUL', async () => {
    writeFileSync(join(dir, 'file'), 'x')
    expect(await refusal(join(dir, 'file'))).toContain('it is not a directory')
    expect(await refusal(join(dir, 'file', 'spool'))).toContain('it is not a directory')
    expect(await refusal(join(dir, 'a\0b'))).toContain('NUL')
  })

  it('reports a directory that cannot be created in /proc', async () => {
    if (process.platform !== 'linux') return
    expect(await refusal('/proc/imago-spool/x')).toMatch(/\/proc\/imago-spool/)
    expect(await refusal('/proc/self/imago-spool')).toMatch(/imago-spool/)
  })
})

describe('privateDirectory without user IDs', () => {
  it('does not compare owners and modes without user IDs, as on Windows', async () => {
    const path = directory('open', 0o777)
    expect(await made(path, { user: localUser(null, {}) })).toEqual(E.right(path))
  })
})

describe('localUser', () => {
  it('trusts the files of the user who called sudo only as root', () => {
    expect([...localUser(0, { SUDO_UID: '1000' }).own]).toEqual([0, 1000])
    expect([...localUser(0, { SUDO_UID: 'x' }).own]).toEqual([0])
    expect([...localUser(1000, { SUDO_UID: '0' }).own]).toEqual([1000])
  })
})

onUnix('openOwn', () => {
  const opening = async (
    path: string,
    mode: 'read' | 'write' | 'new',
    user = currentUser(),
  ): Promise<string | null> => {
    try {
      await (await openOwn(path, mode, site, user)).close()
      return null
    } catch (thrown) {
      return (thrown as Error).message
    }
  }

  it('creates a file for its owner only', async () => {
    const path = join(dir, 'file')
    expect(await opening(path, 'new')).toBeNull()
    expect(lstatSync(path).mode & 0o777).toBe(0o600)
    expect(await opening(path, 'write')).toBeNull()
    expect(await opening(path, 'new')).toContain('EEXIST')
  })

  it('refuses a symbolic link, even a dangling one', async () => {
    const [target, link] = [join(dir, 'target'), join(dir, 'link')]
    symlinkSync(target, link)
    expect(await opening(link, 'new')).toContain('EEXIST')
    for (const mode of ['read', 'write'] as const) expect(await opening(link, mode)).toContain('it is a symbolic link')
    writeFileSync(target, 'x', { mode: 0o600 })
    for (const mode of ['read', 'write'] as const) expect(await opening(link, mode)).toContain('it is a symbolic link')
  })

  it('refuses a hard link, a file that others may write to, and a file of another user', async () => {
    const path = join(dir, 'file')
    writeFileSync(path, 'x', { mode: 0o600 })
    expect(await opening(path, 'read', STRANGER)).toContain('it belongs to another user')
    chmodSync(path, 0o620)
    expect(await opening(path, 'write')).toContain('others may write to it')
    chmodSync(path, 0o600)
    linkSync(path, join(dir, 'second'))
    expect(await opening(path, 'write')).toContain('it is a hard link')
  })
})
