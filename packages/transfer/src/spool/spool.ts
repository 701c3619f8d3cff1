import type { Stats } from 'node:fs'
import { chmod, lstat, readdir, rename, rm, rmdir, statfs, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSizes, ImageException, quotaExceeded, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { SpoolItem } from '../journal/entry.ts'
import { CONVERTING } from '../convert/convert.ts'
import { syncDirectory } from '../state/sync-directory.ts'
import { isOwnedBy, mayOthersWrite, currentUser, whyNotOwnFile, type LocalUser } from '../state/local-user.ts'
import {
  findDirectory,
  makeOwnFolder,
  openOwn,
  privateDirectory,
  refusedFile,
  type DirectoryOptions,
} from '../state/private-directory.ts'

/** A directory for the files of transfers, with a folder for each run. A file is `NAME.part` until it is inspected and verified, and then `NAME`. */
export interface Spool {
  readonly partPath: (run: string, item: SpoolItem) => string
  readonly readyPath: (run: string, item: SpoolItem) => string
  /** Creates the run's folder, or checks that the existing one is the run's own. */
  readonly prepare: (run: string) => Promise<void>
  /**
   * Size of an item in bytes; `null`: no such file. Throws if it is not a file of this run: a symbolic link, another user's file, or one with a second name.
   * @param twin a path that may be a second name (hard link) of the file.
   */
  readonly findSize: (run: string, item: SpoolItem, state: 'part' | 'ready', twin?: string) => Promise<number | null>
  /** Opens the part, either a new one or the existing one. Throws if it is not a file of this run. */
  readonly openPart: (run: string, item: SpoolItem, isNew: boolean) => Promise<FileHandle>
  /** Reserves `bytes` more. Returns why they do not fit beside the reservations of other runs of this process; `null`: reserved. */
  readonly refusal: (run: string, bytes: number) => Promise<ImageError | null>
  /** Renames the part, which was inspected and verified, to its final name. */
  readonly settle: (run: string, item: SpoolItem) => Promise<void>
  /** Renames the item back to a part, so that it is inspected again. */
  readonly unsettle: (run: string, item: SpoolItem) => Promise<void>
  readonly discard: (run: string, item: SpoolItem) => Promise<void>
  /** Releases the space that is reserved for the run. */
  readonly release: (run: string) => void
  /** Deletes all files of the run, unless the folder is not its own. */
  readonly remove: (run: string) => Promise<void>
}

export interface SpoolOptions {
  readonly dir: string
  /** The most bytes in the directory; `null`: as much as the disk has. */
  readonly limit: number | null
  readonly site: ErrorSite
  /** Free bytes of the file system of the directory. Default: by statfs. */
  readonly freeBytes?: ((dir: string) => Promise<number>) | undefined
  /** Default: the user of this process. */
  readonly user?: LocalUser | undefined
}

const directoryOptions = (site: ErrorSite, user: LocalUser): DirectoryOptions => ({
  site,
  user,
  what: 'the spool',
  ownFolder: user.uid === null ? undefined : `imago-${user.uid}`,
})

/** A spool that cannot be used. Only runs that need a spool fail. */
const createUnusableSpool = (dir: string, error: ImageError): Spool => {
  const refuse = (): Promise<never> => Promise.reject(new ImageException(error))
  const path = (run: string, item: SpoolItem): string => join(dir, run, item)
  return {
    partPath: path,
    readyPath: path,
    prepare: refuse,
    findSize: refuse,
    openPart: refuse,
    refusal: () => Promise.resolve(error),
    settle: refuse,
    unsettle: refuse,
    discard: refuse,
    release: () => undefined,
    remove: () => Promise.resolve(),
  }
}

/** Opens the spool in a directory, or in the user's own folder if others may write to the directory. Creates nothing yet: the first use of an untrusted directory fails with `Rejected`. */
export const openSpool = async ({ user = currentUser(), ...options }: SpoolOptions): Promise<Spool> => {
  const found = await findDirectory(options.dir, directoryOptions(options.site, user))
  return E.isLeft(found)
    ? createUnusableSpool(options.dir, found.left)
    : createSpool({ ...options, user, dir: found.right.path })
}

const realFreeBytes = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

const findStats = async (path: string): Promise<Stats | null> => {
  try {
    return await lstat(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}

const isSame = (one: Stats, other: Stats | null): boolean =>
  other !== null && one.dev === other.dev && one.ino === other.ino

/** Total size of the files in `dir`, in bytes. */
const usedIn = async (dir: string): Promise<number> => {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => findStats(join(file.parentPath, file.name))),
  )
  return sizes.reduce<number>((all, info) => all + (info?.size ?? 0), 0)
}

export const createSpool = ({
  dir,
  limit,
  site,
  freeBytes = realFreeBytes,
  user = currentUser(),
}: SpoolOptions): Spool => {
  const folder = (run: string): string => join(dir, run)
  const readyPath = (run: string, item: SpoolItem): string => join(folder(run), item)
  const partPath = (run: string, item: SpoolItem): string => `${readyPath(run, item)}.part`
  /** Device and inode of each run's folder when it was first seen: a replaced folder is refused. */
  const seen = new Map<string, string>()

  /** Checks that the folder of a run is its own; `false`: it does not exist. */
  const checkFolder = async (run: string): Promise<boolean> => {
    const path = folder(run)
    const info = await findStats(path)
    if (info === null) return false
    const why = info.isSymbolicLink()
      ? 'it is a symbolic link'
      : !info.isDirectory()
        ? 'it is not a directory'
        : !isOwnedBy(user, info)
          ? `it belongs to another user (uid ${info.uid})`
          : mayOthersWrite(user, info)
            ? 'others may write to it'
            : null
    if (why !== null) throw refusedFile(site, path, why)
    const identity = `${info.dev}:${info.ino}`
    if ((seen.get(run) ?? identity) !== identity) throw refusedFile(site, path, 'another directory has taken its place')
    seen.set(run, identity)
    return true
  }

  const sizeAt = async (path: string, twin: string | undefined): Promise<number | null> => {
    const info = await findStats(path)
    if (info === null) return null
    const hasTwin = twin !== undefined && info.nlink === 2 && isSame(info, await findStats(twin))
    const why = whyNotOwnFile(user, info, hasTwin ? 2 : 1)
    if (why !== null) throw refusedFile(site, path, why)
    return info.size
  }

  /** Reserved size of each run's folder, in bytes. */
  const reserved = new Map<string, number>()

  const sumReserved = async (except: string): Promise<number> => {
    let all = 0
    for (const [run, until] of reserved)
      if (run !== except) all += Math.max(0, until - (await usedIn(folder(run)).catch(() => 0)))
    return all
  }

  /** Deletes the temporary directory of a conversion whose process was killed. */
  const removeConversions = async (run: string): Promise<void> => {
    const names = await readdir(folder(run)).catch(() => [])
    for (const name of names)
      if (name.startsWith(CONVERTING)) await rm(join(folder(run), name), { recursive: true, force: true })
  }

  return {
    partPath,
    readyPath,
    prepare: async (run) => {
      const made = await privateDirectory(dir, { ...directoryOptions(site, user), ownFolder: undefined })
      if (E.isLeft(made)) throw new ImageException(made.left)
      if (await checkFolder(run)) return
      // Another process may have created it meanwhile; it is checked below.
      await makeOwnFolder(folder(run))
      await checkFolder(run)
    },
    findSize: async (run, item, state, twin) =>
      (await checkFolder(run)) ? sizeAt(state === 'part' ? partPath(run, item) : readyPath(run, item), twin) : null,
    openPart: async (run, item, isNew) => {
      await checkFolder(run)
      const path = partPath(run, item)
      if (isNew) await rm(path, { force: true })
      return openOwn(path, isNew ? 'new' : 'write', site, user)
    },
    refusal: async (run, bytes) => {
      const others = await sumReserved(run)
      const free = (await freeBytes(dir)) - others
      if (bytes > free) {
        const [needed = '', left = ''] = formatSizes(bytes, Math.max(0, free))
        return quotaExceeded(site, {
          what: `the spool ${dir} needs ${needed} more, and its disk has ${left} free`,
          hint: 'Free some space, or choose another directory for the spool',
        })
      }
      const used = limit === null ? 0 : (await usedIn(dir)) + others
      if (limit !== null && used + bytes > limit) {
        const [needed = '', allowed = '', taken = ''] = formatSizes(bytes, limit, used)
        return quotaExceeded(site, {
          what: `the spool ${dir} needs ${needed} more, and ${taken} of its limit of ${allowed} are used`,
          hint: 'Raise the limit of the spool, or finish or discard other runs',
          changes: [{ parameter: 'spoolLimit', values: [] }],
        })
      }
      reserved.set(run, (await usedIn(folder(run)).catch(() => 0)) + bytes)
      return null
    },
    settle: async (run, item) => {
      await checkFolder(run)
      // qemu-img creates files that others may read.
      await chmod(partPath(run, item), 0o600)
      await rename(partPath(run, item), readyPath(run, item))
      await syncDirectory(folder(run))
    },
    unsettle: async (run, item) => {
      await checkFolder(run)
      await rename(readyPath(run, item), partPath(run, item))
    },
    discard: async (run, item) => {
      if (!(await checkFolder(run))) return
      await rm(partPath(run, item), { force: true })
      await rm(readyPath(run, item), { force: true })
      if (item === 'converted') await removeConversions(run)
    },
    release: (run) => void reserved.delete(run),
    remove: async (run) => {
      reserved.delete(run)
      const isOwn = await checkFolder(run).catch((thrown: unknown) => {
        if (ImageException.is(thrown)) return false
        throw thrown
      })
      if (!isOwn) return
      for (const item of ['source', 'disk', 'converted'] as const) {
        await rm(partPath(run, item), { force: true })
        await rm(readyPath(run, item), { force: true })
      }
      await removeConversions(run)
      await rmdir(folder(run)).catch(() => undefined)
    },
  }
}
