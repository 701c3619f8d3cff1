import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { open, rename, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createRandom } from '../seeded.ts'
import { diskBytes, SECTOR } from './options.ts'

/** The disk of a server, or its copy in an image. */
export type DiskKey = `server-${number}` | `image-${number}`

/** Disks as sparse files. Operations run one after another, in the order of the calls. */
export interface Disks {
  /** Returns the path of the disk's file, whether it exists or not. */
  readonly toPath: (key: DiskKey) => string
  /** Whether the file exists, or will exist after the pending operations. */
  readonly has: (key: DiskKey) => boolean
  /** Creates the file unless it exists: empty except for a mark derived from `seed`. Returns its path. */
  readonly make: (key: DiskKey, gb: number, seed: number) => Promise<string>
  /** Copies a disk with its holes; a larger copy ends in zeros. Returns the bytes that it occupies. */
  readonly copy: (from: DiskKey, to: DiskKey, gb: number) => Promise<number>
  readonly remove: (key: DiskKey) => Promise<void>
  /** Deletes all disks and the directory. */
  readonly close: () => Promise<void>
}

const run = promisify(execFile)

const MARK_BYTES = 65_536

/** Creates bytes that depend on the seed, for the middle of the disk: not a partition table or file system. */
const createMark = (seed: number, size: number): Buffer => {
  const random = createRandom(`disk ${seed}`)
  return Buffer.from(
    Array.from({ length: Math.min(MARK_BYTES, Math.max(SECTOR, size >> 2)) }, () => Math.floor(random() * 256)),
  )
}

export const createDisks = (bytesPerGb: number, parent = tmpdir()): Disks => {
  let directory: string | null = null
  let last: Promise<unknown> = Promise.resolve()
  const known = new Set<DiskKey>()

  const toPath = (key: DiskKey): string => join((directory ??= mkdtempSync(join(parent, 'imago-simulator-'))), key)
  const next = <A>(task: () => Promise<A>): Promise<A> => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }

  return {
    toPath,
    has: (key) => known.has(key),
    make: (key, gb, seed) => {
      const path = toPath(key)
      if (known.has(key)) return next(async () => path)
      known.add(key)
      return next(async () => {
        const size = diskBytes(gb, bytesPerGb)
        const file = await open(path, 'w', 0o600)
        try {
          await file.truncate(size)
          const bytes = createMark(seed, size)
          await file.write(bytes, 0, Math.min(bytes.length, size), Math.floor(size / 2 / SECTOR) * SECTOR)
        } finally {
          await file.close()
        }
        return path
      })
    },
    copy: (from, to, gb) => {
      known.add(to)
      return next(async () => {
        const [path, part] = [toPath(to), `${toPath(to)}.part`]
        await run('cp', ['--reflink=auto', '--sparse=always', toPath(from), part])
        await truncate(part, diskBytes(gb, bytesPerGb))
        await rename(part, path)
        return (await stat(path)).blocks * 512
      })
    },
    remove: (key) => {
      if (!known.delete(key)) return Promise.resolve()
      return next(() => rm(toPath(key), { force: true }))
    },
    close: () =>
      next(async () => {
        known.clear()
        if (directory !== null) await rm(directory, { recursive: true, force: true })
      }),
  }
}
