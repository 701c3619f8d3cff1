import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, readdir, rename, rm, rmdir, statfs, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { ImageException, quotaExceeded, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { SpoolItem } from '../journal/entry.ts'
import { CONVERTING } from '../convert/convert.ts'
import { syncDirectory } from '../state/sync-directory.ts'
import { isOwnedBy, mayOthersWrite, thisUser, whyNotOwnFile, type LocalUser } from '../state/local-user.ts'
import { findDirectory, openOwn, privateDirectory, refusedFile, type DirectoryOptions } from '../state/private-directory.ts'

/**
 * A directory for bytes on their way: a folder for each run. A file is `NAME.part` until it was inspected and verified, and only then `NAME`.
 */
export interface Spool {
  readonly partPath: (run: string, item: SpoolItem) => string
  readonly readyPath: (run: string, item: SpoolItem) => string
  /** Makes the run's folder, or sees that the one that is there is the run's own. */
  readonly prepare: (run: string) => Promise<void>
  /**
   * Bytes that are here of an item; `null`: no such file. `twin`: a path at which the file may have its second name.
   * Throws where it is not a file of this run: a symbolic link, another user's, one with a second name.
   */
  readonly sizeOf: (run: string, item: SpoolItem, state: 'part' | 'ready', twin?: string) => Promise<number | null>
  /** Opens the part, made anew or to be gone on with. Throws where it is not a file of this run. */
  readonly openPart: (run: string, item: SpoolItem, isNew: boolean) => Promise<FileHandle>
  /** Why `bytes` more do not fit, with what other runs of this process were promised; `null`: they do. */
  readonly refusal: (run: string, bytes: number) => Promise<ImageError | null>
  /** The part is inspected and verified. */
  readonly settle: (run: string, item: SpoolItem) => Promise<void>
  /** The item has to be looked at again. */
  readonly unsettle: (run: string, item: SpoolItem) => Promise<void>
  readonly discard: (run: string, item: SpoolItem) => Promise<void>
  /** The run has ended, for now: no more room is kept for it. */
  readonly release: (run: string) => void
  /** Removes all that the run has here; from a folder that is not its own, nothing. */
  readonly remove: (run: string) => Promise<void>
}

export interface SpoolOptions {
  readonly dir: string
  /** Bytes; `null`: as much as there is room. */
  readonly limit: number | null
  readonly site: ErrorSite
  /** Bytes that the file system of the directory still has for us. Default: asks it. */
  readonly freeBytes?: ((dir: string) => Promise<number>) | undefined
  /** Default: the user of this process. */
  readonly user?: LocalUser | undefined
}

const directoryOptions = (site: ErrorSite, user: LocalUser): DirectoryOptions => ({ site, user, what: 'the spool', ownFolder: user.uid === null ? undefined : `imago-${user.uid}` })

/** A spool that cannot be used: whoever needs it learns why. A run that needs none goes on. */
const refusedSpool = (dir: string, error: ImageError): Spool => {
  const refuse = (): Promise<never> => Promise.reject(new ImageException(error))
  const path = (run: string, item: SpoolItem): string => join(dir, run, item)
  return {
    partPath: path,
    readyPath: path,
    prepare: refuse,
    sizeOf: refuse,
    openPart: refuse,
    refusal: () => Promise.resolve(error),
    settle: refuse,
    unsettle: refuse,
    discard: refuse,
    release: () => undefined,
    remove: () => Promise.resolve(),
  }
}

/** The spool in a directory; where others may write to that, in a folder of the user's own there. Makes nothing yet. A directory that cannot be trusted is `Rejected` by what first needs it. */
export const openSpool = async ({ user = thisUser(), ...options }: SpoolOptions): Promise<Spool> => {
  const found = await findDirectory(options.dir, directoryOptions(options.site, user))
  return E.isLeft(found) ? refusedSpool(options.dir, found.left) : createSpool({ ...options, user, dir: found.right.path })
}

const realFreeBytes = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

const infoOf = async (path: string): Promise<Stats | null> => {
  try {
    return await lstat(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}

const isSame = (one: Stats, other: Stats | null): boolean => other !== null && one.dev === other.dev && one.ino === other.ino

/** Bytes of all that stands in `dir`. */
const usedIn = async (dir: string): Promise<number> => {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(files.filter((file) => file.isFile()).map((file) => infoOf(join(file.parentPath, file.name))))
  return sizes.reduce<number>((all, info) => all + (info?.size ?? 0), 0)
}

export const createSpool = ({ dir, limit, site, freeBytes = realFreeBytes, user = thisUser() }: SpoolOptions): Spool => {
  const folder = (run: string): string => join(dir, run)
  const readyPath = (run: string, item: SpoolItem): string => join(folder(run), item)
  const partPath = (run: string, item: SpoolItem): string => `${readyPath(run, item)}.part`
  /** The device and inode of each run's folder, as it was first seen: nobody may put another in its place. */
  const seen = new Map<string, string>()

  /** Sees that the folder of a run is its own. False: there is none. */
  const isThere = async (run: string): Promise<boolean> => {
    const path = folder(run)
    const info = await infoOf(path)
    if (info === null) return false
    const why = info.isSymbolicLink() ? 'it is a symbolic link' : !info.isDirectory() ? 'it is not a directory' : !isOwnedBy(user, info) ? `it belongs to another user (uid ${info.uid})` : mayOthersWrite(user, info) ? 'others may write to it' : null
    if (why !== null) throw refusedFile(site, path, why)
    const identity = `${info.dev}:${info.ino}`
    if ((seen.get(run) ?? identity) !== identity) throw refusedFile(site, path, 'another directory has taken its place')
    seen.set(run, identity)
    return true
  }

  const sizeAt = async (path: string, twin: string | undefined): Promise<number | null> => {
    const info = await infoOf(path)
    if (info === null) return null
    const hasTwin = twin !== undefined && info.nlink === 2 && isSame(info, await infoOf(twin))
    const why = whyNotOwnFile(user, info, hasTwin ? 2 : 1)
    if (why !== null) throw refusedFile(site, path, why)
    return info.size
  }

  /** What runs may come to need: bytes at the time, and as many more. */
  const promised = new Map<string, number>()

  const outstanding = async (but: string): Promise<number> => {
    let all = 0
    for (const [run, until] of promised) if (run !== but) all += Math.max(0, until - (await usedIn(folder(run)).catch(() => 0)))
    return all
  }

  /** Where a conversion was under way when its process was killed. */
  const removeUnconverted = async (run: string): Promise<void> => {
    const names = await readdir(folder(run)).catch(() => [])
    for (const name of names) if (name.startsWith(CONVERTING)) await rm(join(folder(run), name), { recursive: true, force: true })
  }

  return {
    partPath,
    readyPath,
    prepare: async (run) => {
      const made = await privateDirectory(dir, { ...directoryOptions(site, user), ownFolder: undefined })
      if (E.isLeft(made)) throw new ImageException(made.left)
      if (await isThere(run)) return
      // Whoever made it meanwhile: it is looked at.
      await mkdir(folder(run), { mode: 0o700 }).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== 'EEXIST') throw thrown
      })
      await isThere(run)
    },
    sizeOf: async (run, item, state, twin) => ((await isThere(run)) ? sizeAt(state === 'part' ? partPath(run, item) : readyPath(run, item), twin) : null),
    openPart: async (run, item, isNew) => {
      await isThere(run)
      const path = partPath(run, item)
      if (isNew) await rm(path, { force: true })
      return openOwn(path, isNew ? 'new' : 'write', site, user)
    },
    refusal: async (run, bytes) => {
      const others = await outstanding(run)
      const free = (await freeBytes(dir)) - others
      if (bytes > free) {
        return quotaExceeded(site, { what: `the spool needs ${bytes} bytes more, and its disk has ${Math.max(0, free)} left`, hint: 'Free some space, or give another directory for the spool' })
      }
      const used = limit === null ? 0 : (await usedIn(dir)) + others
      if (limit !== null && used + bytes > limit) {
        return quotaExceeded(site, { what: `the spool needs ${bytes} bytes more, and may hold ${limit}, of which ${used} are taken`, hint: 'Raise its limit, or finish or remove other runs' })
      }
      promised.set(run, (await usedIn(folder(run)).catch(() => 0)) + bytes)
      return null
    },
    settle: async (run, item) => {
      await isThere(run)
      // qemu-img makes files for everyone.
      await chmod(partPath(run, item), 0o600)
      await rename(partPath(run, item), readyPath(run, item))
      await syncDirectory(folder(run))
    },
    unsettle: async (run, item) => {
      await isThere(run)
      await rename(readyPath(run, item), partPath(run, item))
    },
    discard: async (run, item) => {
      if (!(await isThere(run))) return
      await rm(partPath(run, item), { force: true })
      await rm(readyPath(run, item), { force: true })
      if (item === 'converted') await removeUnconverted(run)
    },
    release: (run) => void promised.delete(run),
    remove: async (run) => {
      promised.delete(run)
      const isOwn = await isThere(run).catch((thrown: unknown) => {
        if (ImageException.is(thrown)) return false
        throw thrown
      })
      if (!isOwn) return
      for (const item of ['source', 'disk', 'converted'] as const) {
        await rm(partPath(run, item), { force: true })
        await rm(readyPath(run, item), { force: true })
      }
      await removeUnconverted(run)
      await rmdir(folder(run)).catch(() => undefined)
    },
  }
}
