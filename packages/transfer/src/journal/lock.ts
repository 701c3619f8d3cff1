import { createHash, randomUUID } from 'node:crypto'
import { link, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { conflict, isJsonObject, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { ProcessIdentity, Processes } from './process-identity.ts'

/** A lock that is held. */
export interface Lock {
  readonly release: () => Promise<void>
}

const identityIn = (text: string): ProcessIdentity | null => {
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

/** A lock is a file, which its process made: nothing else is read, let alone waited for, as a pipe would be. It may have two names for a moment. */
const isStrange = async (path: string): Promise<boolean> =>
  lstat(path).then(
    (info) => !info.isFile(),
    () => false,
  )

const textIn = async (path: string): Promise<string | null> =>
  (await isStrange(path)) ? null : readFile(path, 'utf8').catch(() => null)

const isTaken = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'EEXIST'

/** Who holds the lock at `path`; `null`: nobody who still runs. */
export const findLockHolder = async (path: string, processes: Processes): Promise<ProcessIdentity | null> => {
  const holder = identityIn((await textIn(path)) ?? '')
  return holder !== null && processes.isRunning(holder) !== false ? holder : null
}

/** Links `from` as `to` unless that is there. */
const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown
    return false
  }
}

/** The right to whatever a process left that has ended: the first to make this file has it. No two locks have the same text. */
export const rightTo = (path: string, text: string): string =>
  `${path}.over.${createHash('sha256').update(text).digest('hex').slice(0, 32)}`

/** What came of a try to take a lock: it is held; another has it, who runs, or may; or things have changed meanwhile. */
type Tried = 'held' | 'changed' | { readonly holder: ProcessIdentity; readonly runs: true | null }

const othersIn = (text: string, processes: Processes): Exclude<Tried, string> | null => {
  const holder = identityIn(text)
  const runs = holder === null ? false : processes.isRunning(holder)
  return holder === null || runs === false ? null : { holder, runs }
}

/**
 * Puts `fresh` in the place of a lock whose process has ended. That may only who has the right to it; who ends with that right leaves it
 * to the next one, as its lock. Nobody else changes what is at `path` meanwhile: that it is still the same need be looked at once.
 */
const takeOver = async (path: string, fresh: string, stale: string, processes: Processes): Promise<Tried> => {
  const dead = [stale]
  let right = rightTo(path, stale)
  while (!(await linked(fresh, right))) {
    const text = await textIn(right)
    if (text === null || dead.includes(text)) return 'changed'
    const other = othersIn(text, processes)
    if (other !== null) return other
    dead.push(text)
    right = rightTo(path, text)
  }
  let isHeld = false
  try {
    const now = await textIn(path)
    if (now === null || !dead.includes(now)) return 'changed'
    await rename(fresh, path)
    isHeld = true
    return 'held'
  } finally {
    if (!isHeld) await rm(right, { force: true })
  }
}

/** Once. */
const tryLock = async (path: string, fresh: string, processes: Processes): Promise<Tried> => {
  if (await linked(fresh, path)) return 'held'
  const text = await textIn(path)
  if (text === null) return 'changed'
  return othersIn(text, processes) ?? takeOver(path, fresh, text, processes)
}

/** Where the lock is held, rights to earlier ones are worth nothing. */
const tidy = async (path: string): Promise<void> => {
  const [dir, prefix] = [dirname(path), `${basename(path)}.over.`]
  for (const name of (await readdir(dir)).filter((one) => one.startsWith(prefix)))
    await rm(join(dir, name), { force: true })
}

/**
 * Takes the lock file `path`, which appears with all its content at once. A lock whose process has ended is taken over; one that is held,
 * or held on another machine, is `Conflict`.
 */
export const takeLock = async (
  path: string,
  site: ErrorSite,
  what: string,
  processes: Processes,
): Promise<E.Either<ImageError, Lock>> => {
  if (await isStrange(path))
    return E.left(
      conflict(site, {
        what: `${path} is not a lock file: it is a symbolic link, a directory or a device`,
        hint: 'Look at it, and remove it',
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
        await tidy(path)
        return E.right({
          release: async () => {
            if ((await textIn(path)) === mine) await rm(path, { force: true })
          },
        })
      }
      const { holder, runs } = tried
      const where = runs === null ? `on ${holder.host}, process ${holder.pid}` : `in process ${holder.pid}`
      return E.left(
        conflict(site, {
          what: `${what} is at work ${where}`,
          hint: runs === null ? `Wait for it; if that machine is gone, remove ${path}` : 'Wait for it, or stop it',
        }),
      )
    }
    return E.left(conflict(site, { what: `${what} is being taken over by other processes`, hint: 'Try again' }))
  } finally {
    await rm(fresh, { force: true })
  }
}
