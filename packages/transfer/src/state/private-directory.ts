import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, readlink, type FileHandle } from 'node:fs/promises'
import { join, parse, resolve, sep } from 'node:path'
import { ImageException, rejected, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toDiskError } from './disk-error.ts'
import { isOwnedBy, isOwnedByUserOrRoot, mayOthersWrite, whyNotOwnFile, type LocalUser } from './local-user.ts'

/** A directory that passed the checks. `path` has no symbolic links. */
export interface FoundDirectory {
  readonly path: string
  /** Directories to create, the outermost first; empty: the directory exists. */
  readonly missing: readonly string[]
}

/** How to check a private directory, and how errors name it. */
export interface DirectoryOptions {
  readonly site: ErrorSite
  readonly user: LocalUser
  /** Its purpose, for errors: `the spool`. */
  readonly what: string
  /** The name of a folder to create in a directory that others may write to; absent: such a directory is refused. */
  readonly ownFolder?: string | undefined
}

const MAX_LINKS = 40

/** What to do about a directory that is refused. */
type Remedy = 'chmod' | 'name-target' | 'choose-another'

const HINTS: Readonly<Record<Remedy, (path: string) => string>> = {
  chmod: (path) => `Run chmod 700 ${path}, or choose another directory`,
  'name-target': () => 'Use the directory that it points to',
  'choose-another': () => 'Choose another directory',
}

const readStats = async (path: string): Promise<Stats | null> => {
  try {
    return await lstat(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}

const splitPath = (path: string): readonly string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((part) => part !== '')

/** Why a path must not lead through an entry of `parent`; `null`: it may. In a directory that everyone may write to, only entries of the user and root are trusted. */
const whyNoWay = (user: LocalUser, parent: Stats | null, info: Stats): string | null =>
  parent !== null && mayOthersWrite(user, { mode: parent.mode & 0o002 }) && !isOwnedByUserOrRoot(user, info)
    ? `it belongs to another user (uid ${info.uid}), in a directory that everyone may write to`
    : null

/** Why a directory must not be used; `null`: it may. */
const whyNotPrivate = (user: LocalUser, info: Stats): { readonly why: string; readonly remedy: Remedy } | null => {
  if (!isOwnedBy(user, info)) return { why: `it belongs to another user (uid ${info.uid})`, remedy: 'choose-another' }
  return mayOthersWrite(user, info)
    ? { why: `others may write to it (mode ${(info.mode & 0o7777).toString(8)})`, remedy: 'chmod' }
    : null
}

/**
 * Checks a directory and its path, and creates nothing. Follows symbolic links in the path that only the user or root can have created; the directory itself must
 * not be one. `Rejected`: another user owns it, others may write to it, or another user can replace it.
 */
export const findDirectory = async (
  dir: string,
  options: DirectoryOptions,
): Promise<E.Either<ImageError, FoundDirectory>> => {
  const { site, user, what, ownFolder } = options
  const full = resolve(dir)
  const refuse = (path: string, why: string, remedy: Remedy = 'choose-another'): E.Either<ImageError, never> =>
    E.left(rejected(site, { what: `${path} is not used for ${what}: ${why}`, hint: HINTS[remedy](path) }))
  if (full.includes('\0')) return refuse(JSON.stringify(dir), 'its path has a NUL character')
  try {
    let pending = [...splitPath(full)]
    let at = parse(full).root
    let parent = await readStats(at)
    let links = 0
    while (pending.length > 0) {
      const [name = '', ...rest] = pending
      const next = join(at, name)
      const info = await readStats(next)
      if (info === null)
        return E.right({
          path: join(at, ...pending),
          missing: pending.map((_, index) => join(at, ...pending.slice(0, index + 1))),
        })
      const noWay = whyNoWay(user, parent, info)
      if (noWay !== null) return refuse(next, noWay)
      if (info.isSymbolicLink()) {
        if (rest.length === 0) return refuse(next, 'it is a symbolic link', 'name-target')
        if (++links > MAX_LINKS) return refuse(full, 'its symbolic links form a loop')
        const target = resolve(at, await readlink(next))
        pending = [...splitPath(target), ...rest]
        at = parse(target).root
        parent = await readStats(at)
        continue
      }
      if (!info.isDirectory()) return refuse(next, 'it is not a directory')
      at = next
      parent = info
      pending = rest
    }
    if (parent === null) return refuse(full, 'it does not exist')
    const wrong = whyNotPrivate(user, parent)
    if (wrong === null) return E.right({ path: at, missing: [] })
    // A directory that everyone may write to, such as /tmp, may belong to root.
    if (ownFolder === undefined || !mayOthersWrite(user, parent) || !isOwnedByUserOrRoot(user, parent))
      return refuse(at, wrong.why, wrong.remedy)
    return await findDirectory(join(at, ownFolder), { site, user, what })
  } catch (thrown) {
    const error = toDiskError(site, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
}

/** Creates one directory for the owner only, unless something of that name exists: check it afterwards. */
export const makeOwnFolder = async (path: string): Promise<void> => {
  await mkdir(path, { mode: 0o700 }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EEXIST') throw thrown
  })
}

/** Creates the missing directories for the owner only, and checks again: another process may have created something else meanwhile. */
export const makeDirectory = async (
  { path, missing }: FoundDirectory,
  options: DirectoryOptions,
): Promise<E.Either<ImageError, string>> => {
  try {
    // One by one, because Node's recursive mkdir never ends in file systems such as /proc that refuse new entries.
    for (const one of missing) await makeOwnFolder(one)
  } catch (thrown) {
    const error = toDiskError(options.site, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
  const found = await findDirectory(path, { ...options, ownFolder: undefined })
  if (E.isLeft(found)) return found
  return found.right.missing.length === 0
    ? E.right(found.right.path)
    : E.left(rejected(options.site, { what: `${path} was deleted during its creation`, hint: 'Retry' }))
}

/** Checks the private directory `dir`, or creates it. Returns its path without symbolic links. */
export const privateDirectory = async (
  dir: string,
  options: DirectoryOptions,
): Promise<E.Either<ImageError, string>> => {
  const found = await findDirectory(dir, options)
  return E.isLeft(found) ? found : makeDirectory(found.right, options)
}

// Windows has neither O_NOFOLLOW nor O_NONBLOCK.
const {
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0,
} = constants as Partial<typeof constants> & Pick<typeof constants, 'O_CREAT' | 'O_EXCL' | 'O_RDONLY' | 'O_RDWR'>

/** How to open a file of a run. `read`, `write`: it must exist. `new`: it must not exist. */
export type OpenMode = 'read' | 'write' | 'new'

const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
  write: O_RDWR | O_NOFOLLOW | O_NONBLOCK,
  new: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
}

export const refusedFile = (site: ErrorSite, path: string, why: string): ImageException =>
  new ImageException(
    rejected(site, {
      what: `${path} is not used: ${why}`,
      hint: 'Check the permissions of its directory; delete the file if it is not needed',
    }),
  )

/**
 * Opens a file of a run. Throws `ImageException` (`Rejected`) for symbolic links, pipes, devices, hard links and files of other users, and the error of the
 * system otherwise.
 */
export const openOwn = async (path: string, mode: OpenMode, site: ErrorSite, user: LocalUser): Promise<FileHandle> => {
  let handle: FileHandle
  try {
    handle = await open(path, FLAGS[mode], 0o600)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ELOOP') throw refusedFile(site, path, 'it is a symbolic link')
    throw thrown
  }
  const info = await handle.stat()
  // Reading a directory fails with the error of the system.
  const why = info.isDirectory()
    ? null
    : (whyNotOwnFile(user, info) ?? (mayOthersWrite(user, info) ? 'others may write to it' : null))
  if (why === null) return handle
  await handle.close()
  throw refusedFile(site, path, why)
}
