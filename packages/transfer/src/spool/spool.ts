import { mkdir, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { quotaExceeded, type ErrorSite, type ImageError } from '@imago/core'
import type { SpoolItem } from '../journal/entry.ts'
import { CONVERTING } from '../convert/convert.ts'
import { syncDirectory } from '../journal/journal.ts'

/**
 * A directory for bytes on their way: a folder for each run. A file is `NAME.part` until it was inspected and verified, and only then `NAME`.
 */
export interface Spool {
  readonly partPath: (run: string, item: SpoolItem) => string
  readonly readyPath: (run: string, item: SpoolItem) => string
  /** Makes the run's folder. */
  readonly prepare: (run: string) => Promise<void>
  /** Bytes that are here of an item; `null`: no such file. */
  readonly sizeOf: (run: string, item: SpoolItem, state: 'part' | 'ready') => Promise<number | null>
  /** Why `bytes` more do not fit, with what other runs of this process were promised; `null`: they do. */
  readonly refusal: (run: string, bytes: number) => Promise<ImageError | null>
  /** The part is inspected and verified. */
  readonly settle: (run: string, item: SpoolItem) => Promise<void>
  /** The item has to be looked at again. */
  readonly unsettle: (run: string, item: SpoolItem) => Promise<void>
  readonly discard: (run: string, item: SpoolItem) => Promise<void>
  /** The run has ended, for now: no more room is kept for it. */
  readonly release: (run: string) => void
  /** Removes all that the run has here. */
  readonly remove: (run: string) => Promise<void>
}

export interface SpoolOptions {
  readonly dir: string
  /** Bytes; `null`: as much as there is room. */
  readonly limit: number | null
  readonly site: ErrorSite
  /** Bytes that the file system of the directory still has for us. Default: asks it. */
  readonly freeBytes?: ((dir: string) => Promise<number>) | undefined
}

const realFreeBytes = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

const sizeAt = async (path: string): Promise<number | null> => {
  try {
    return (await stat(path)).size
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}

/** Bytes of all that stands in `dir`. */
const usedIn = async (dir: string): Promise<number> => {
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(files.filter((file) => file.isFile()).map((file) => sizeAt(join(file.parentPath, file.name))))
  return sizes.reduce<number>((all, size) => all + (size ?? 0), 0)
}

export const createSpool = ({ dir, limit, site, freeBytes = realFreeBytes }: SpoolOptions): Spool => {
  const folder = (run: string): string => join(dir, run)
  const readyPath = (run: string, item: SpoolItem): string => join(folder(run), item)
  const partPath = (run: string, item: SpoolItem): string => `${readyPath(run, item)}.part`
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
      await mkdir(folder(run), { recursive: true, mode: 0o700 })
    },
    sizeOf: (run, item, state) => sizeAt(state === 'part' ? partPath(run, item) : readyPath(run, item)),
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
      await rename(partPath(run, item), readyPath(run, item))
      await syncDirectory(folder(run))
    },
    unsettle: async (run, item) => {
      await rename(readyPath(run, item), partPath(run, item))
    },
    discard: async (run, item) => {
      await rm(partPath(run, item), { force: true })
      await rm(readyPath(run, item), { force: true })
      if (item === 'converted') await removeUnconverted(run)
    },
    release: (run) => void promised.delete(run),
    remove: async (run) => {
      promised.delete(run)
      for (const item of ['source', 'disk', 'converted'] as const) {
        await rm(partPath(run, item), { force: true })
        await rm(readyPath(run, item), { force: true })
      }
      await removeUnconverted(run)
      await rmdir(folder(run)).catch(() => undefined)
    },
  }
}
