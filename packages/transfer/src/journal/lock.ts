import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
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
    return typeof host === 'string' && typeof pid === 'number' && (started === null || typeof started === 'string') ? { host, pid, started } : null
  } catch {
    return null
  }
}

const textIn = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

const isTaken = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'EEXIST'

/** Who holds the lock at `path`; `null`: nobody who still runs. */
export const holderOf = async (path: string, processes: Processes): Promise<ProcessIdentity | null> => {
  const holder = identityIn((await textIn(path)) ?? '')
  return holder !== null && processes.isRunning(holder) !== false ? holder : null
}

/** Whether nobody holds a lock of this content any more. */
const isStale = (text: string, processes: Processes): boolean => {
  const holder = identityIn(text)
  return holder === null || processes.isRunning(holder) === false
}

/**
 * Takes a lock of the content `stale`, which nobody holds any more, out of the way. Only one process at a time does so, the one that holds a second
 * lock: else a slow one would take away the lock of whoever was faster. `fresh`: a file that says whose that is.
 */
const clearAway = async (path: string, stale: string, fresh: string, processes: Processes): Promise<void> => {
  const takeover = `${path}.takeover`
  try {
    await link(fresh, takeover)
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown
    const other = await textIn(takeover)
    if (other !== null && isStale(other, processes)) await rm(takeover, { force: true })
    return
  }
  try {
    if ((await textIn(path)) === stale) await rm(path, { force: true })
  } finally {
    await rm(takeover, { force: true })
  }
}

/**
 * Takes the lock file `path`, which appears with all its content at once. A lock whose process has ended is taken over; one that is held,
 * or held on another machine, is `Conflict`.
 */
export const takeLock = async (path: string, site: ErrorSite, what: string, processes: Processes): Promise<E.Either<ImageError, Lock>> => {
  const mine = JSON.stringify(processes.self())
  const fresh = `${path}.${randomUUID()}`
  await writeFile(fresh, mine, { mode: 0o600, flag: 'wx' })
  try {
    for (let round = 0; round < 5; round++) {
      try {
        await link(fresh, path)
        return E.right({
          release: async () => {
            if ((await textIn(path)) === mine) await rm(path, { force: true })
          },
        })
      } catch (thrown) {
        if (!isTaken(thrown)) throw thrown
      }
      const text = await textIn(path)
      if (text === null) continue
      const holder = identityIn(text)
      const runs = holder === null ? false : processes.isRunning(holder)
      if (holder !== null && runs !== false) {
        const where = runs === null ? `on ${holder.host}, process ${holder.pid}` : `in process ${holder.pid}`
        return E.left(conflict(site, { what: `${what} is at work ${where}`, hint: runs === null ? `Wait for it; if that machine is gone, remove ${path}` : 'Wait for it, or stop it' }))
      }
      await clearAway(path, text, fresh, processes)
    }
    return E.left(conflict(site, { what: `${what} is being taken over by other processes`, hint: 'Try again' }))
  } finally {
    await rm(fresh, { force: true })
  }
}
