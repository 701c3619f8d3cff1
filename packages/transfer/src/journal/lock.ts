import { createHash, randomUUID } from 'node:crypto'
import { link, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { conflict, isJsonObject, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { ProcessIdentity, Processes } from './process-identity.ts'

/** A lock that is held. */
export interface Lock {
  /** Whether it still has this lock: a user may have deleted the file of a process on another machine, which another then has taken. */
  readonly isHeld: () => Promise<boolean>
  readonly release: () => Promise<void>
}

const parseIdentity = (text: string): ProcessIdentity | null => {
  try {
    const value: unknown = JSON.parse(text)
    if (!isJsonObject(value)) return null
    const { host, pid, started } = value
    return typeof host === 'string' && typeof pid === 'number' && (started === null || typeof started === 'string')
      ? { host, pid, started }
      : null
  } catch {
    return null
  }
}

/** Only regular files are read: opening a pipe would wait. While a lock is taken, its file has two names. */
const isNotFile = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (info) => !info.isFile(),
    () => false,
  )

const readLock = async (path: string): Promise<string | null> =>
  (await isNotFile(path)) ? null : readFile(path, 'utf8').catch(() => null)

const isTaken = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'EEXIST'

/** The running process that holds the lock; `null`: none. */
export const findLockHolder = async (path: string, processes: Processes): Promise<ProcessIdentity | null> => {
  const holder = parseIdentity((await readLock(path)) ?? '')
  return holder !== null && processes.isRunning(holder) !== false ? holder : null
}

/** Links `from` as `to`; false: that exists. */
const tryLink = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown
    return false
  }
}

/** The file whose creation entitles a process to take over a stale lock. No two locks have the same text. */
export const getClaimPath = (path: string, text: string): string =>
  `${path}.over.${createHash('sha256').update(text).digest('hex').slice(0, 32)}`

/** The result of an attempt to lock: held by this process, held by another process that may be running, or changed meanwhile. */
type LockAttempt = 'held' | 'changed' | { readonly holder: ProcessIdentity; readonly runs: true | null }

const findHolder = (text: string, processes: Processes): Exclude<LockAttempt, string> | null => {
  const holder = parseIdentity(text)
  const runs = holder === null ? false : processes.isRunning(holder)
  return holder === null || runs === false ? null : { holder, runs }
}

/**
 * Replaces a lock whose process has ended by `fresh`. Only the process that has claimed the stale lock may do so; if that process ends, its claim is a stale
 * lock in turn. No other process changes `path` meanwhile, so one check that it is still the same suffices.
 */
const takeOver = async (path: string, fresh: string, stale: string, processes: Processes): Promise<LockAttempt> => {
  const dead = [stale]
  let claim = getClaimPath(path, stale)
  while (!(await tryLink(fresh, claim))) {
    const text = await readLock(claim)
    if (text === null || dead.includes(text)) return 'changed'
    const other = findHolder(text, processes)
    if (other !== null) return other
    dead.push(text)
    claim = getClaimPath(path, text)
  }
  let isHeld = false
  try {
    const now = await readLock(path)
    if (now === null || !dead.includes(now)) return 'changed'
    await rename(fresh, path)
    isHeld = true
    return 'held'
  } finally {
    if (!isHeld) await rm(claim, { force: true })
  }
}

/** One attempt to lock. */
const tryLock = async (path: string, fresh: string, processes: Processes): Promise<LockAttempt> => {
  if (await tryLink(fresh, path)) return 'held'
  const text = await readLock(path)
  if (text === null) return 'changed'
  return findHolder(text, processes) ?? takeOver(path, fresh, text, processes)
}

/** Deletes claims to earlier locks, which this process does not need once it holds the lock. */
const deleteClaims = async (path: string): Promise<void> => {
  const [dir, prefix] = [dirname(path), `${basename(path)}.over.`]
  for (const name of (await readdir(dir)).filter((one) => one.startsWith(prefix)))
    await rm(join(dir, name), { force: true })
}

/**
 * Takes the lock file `path`, which is created with its content in one step. A lock whose process has ended is taken over. `Conflict`: another process,
 * or a process on another machine, holds it.
 */
export const takeLock = async (
  path: string,
  site: ErrorSite,
  what: string,
  processes: Processes,
): Promise<E.Either<ImageError, Lock>> => {
  if (await isNotFile(path))
    return E.left(
      conflict(site, {
        what: `${path} is not a lock file: it is a symbolic link, a directory or a device`,
        hint: 'Inspect it, then delete it',
      }),
    )
  const mine = JSON.stringify({ ...processes.self(), lock: randomUUID() })
  const fresh = `${path}.${randomUUID()}`
  await writeFile(fresh, mine, { mode: 0o600, flag: 'wx' })
  try {
    for (let round = 0; round < 5; round++) {
      const tried = await tryLock(path, fresh, processes)
      if (tried === 'changed') continue
      if (tried === 'held') {
        await deleteClaims(path)
        return E.right({
          isHeld: async () => (await readLock(path)) === mine,
          release: async () => {
            if ((await readLock(path)) === mine) await rm(path, { force: true })
          },
        })
      }
      const { holder, runs } = tried
      const where = runs === null ? `on ${holder.host}, process ${holder.pid}` : `in process ${holder.pid}`
      return E.left(
        conflict(site, {
          what: `${what} is in progress ${where}`,
          reason: 'in_use',
          hint:
            runs === null
              ? `Wait until it has finished; if that machine no longer exists, delete ${path}`
              : 'Wait until it has finished, or stop it',
        }),
      )
    }
    return E.left(
      conflict(site, {
        what: `${what} is being taken over by other processes`,
        reason: 'in_use',
        hint: 'Retry',
      }),
    )
  } finally {
    await rm(fresh, { force: true })
  }
}
