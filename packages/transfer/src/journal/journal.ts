import { readdir, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { decodeFailed, notFound, createErrorSite, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import { findIncoherence } from './coherence.ts'
import { JOURNAL_VERSION, type Entry, type Line } from './entry.ts'
import { parseLines, formatLine, type ParsedJournal } from './lines.ts'
import { takeLock } from './lock.ts'
import { REAL_PROCESSES, type Processes } from './process-identity.ts'
import { toDiskError } from '../state/disk-error.ts'
import { currentUser, type LocalUser } from '../state/local-user.ts'
import { findDirectory, openOwn, privateDirectory, type DirectoryOptions } from '../state/private-directory.ts'
import { syncDirectory } from '../state/sync-directory.ts'
import { applyEntry, replayEntries, type RunState } from './state.ts'

/** The journal of a run, locked by this process. */
export interface Journal {
  readonly state: () => RunState
  /** Writes an entry, and returns once it is synced to disk. */
  readonly note: (entry: Entry) => Promise<void>
  readonly close: () => Promise<void>
}

export interface JournalOptions {
  readonly dir: string
  readonly site: ErrorSite
  /** RFC 3339, in UTC. */
  readonly now: () => string
  readonly processes?: Processes | undefined
  /** Default: the user of this process. */
  readonly user?: LocalUser | undefined
}

const directoryOptions = ({ site, user = currentUser() }: Pick<JournalOptions, 'site' | 'user'>): DirectoryOptions => ({
  site,
  user,
  what: 'journals',
})

const FILE = /^([0-9a-f-]{36})\.ndjson$/

/** IDs of runs are UUIDs, which contain no path. */
const isRunId = (run: string): boolean => FILE.test(`${run}.ndjson`)

const journalPath = (dir: string, run: string): string => join(dir, `${run}.ndjson`)
export const lockPath = (dir: string, run: string): string => join(dir, `${run}.lock`)

/** `Rejected`: the directory belongs to another user, or others may write to it. A missing directory is accepted. */
export const checkJournals = async (
  options: Pick<JournalOptions, 'dir' | 'site' | 'user'>,
): Promise<E.Either<ImageError, void>> =>
  E.map(() => undefined)(await findDirectory(options.dir, directoryOptions(options)))

/** The IDs of the runs with a journal in `dir`, sorted. */
export const listJournals = async (dir: string): Promise<readonly string[]> => {
  const files = await readdir(dir).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })
  return files.flatMap((file) => FILE.exec(file)?.[1] ?? []).sort()
}

/** The journal of a run of a terabyte has some megabytes. */
const MAX_JOURNAL_BYTES = 256 * 2 ** 20

const readAll = async (handle: FileHandle): Promise<E.Either<string, Buffer>> => {
  const { size } = await handle.stat()
  return size > MAX_JOURNAL_BYTES
    ? E.left(`it has ${size} bytes, more than a run writes`)
    : E.right(await handle.readFile())
}

const READING: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'read journal')

const readBytes = async (path: string): Promise<E.Either<string, Buffer>> => {
  let handle: FileHandle | null = null
  try {
    handle = await openOwn(path, 'read', READING, currentUser())
    return await readAll(handle)
  } catch (thrown) {
    const error = toDiskError(READING, thrown)
    if (error === null) throw thrown
    return E.left(error.what)
  } finally {
    await handle?.close()
  }
}

/** Parses the journal of `run`. All lines must be of that run. */
const parseJournal = (bytes: Buffer, run: string): E.Either<string, ParsedJournal> => {
  const read = parseLines(bytes)
  const wrong = E.isRight(read) ? findIncoherence(run, read.right.lines) : null
  return wrong === null ? read : E.left(wrong)
}

/** Reads the state of a run without locking its journal. Left: why it cannot be read. */
export const readRun = async (dir: string, run: string): Promise<E.Either<string, RunState>> => {
  const path = journalPath(dir, run)
  const bytes = await readBytes(path)
  if (E.isLeft(bytes)) return bytes
  const read = parseJournal(bytes.right, run)
  if (E.isLeft(read)) return E.left(`${path}: ${read.left}`)
  const state = replayEntries(read.right.lines)
  return state === null ? E.left('the run has not started') : E.right(state)
}

/**
 * Deletes the journal of a run that is not in progress, after `before`, which deletes its other files.
 * `Conflict`: a process runs it. `NotFound`: no such run.
 */
export const deleteJournal = async (
  run: string,
  options: Omit<JournalOptions, 'now'>,
  before: () => Promise<void>,
): Promise<E.Either<ImageError, void>> => {
  const { dir, site, processes = REAL_PROCESSES } = options
  const checked = await checkJournals(options)
  if (E.isLeft(checked)) return checked
  if (!(await listJournals(dir)).includes(run))
    return E.left(notFound(site, { what: `run not found: ${run}`, hint: 'List the runs' }))
  const lock = await takeLock(lockPath(dir, run), site, `run ${run}`, processes)
  if (E.isLeft(lock)) return lock
  try {
    await before()
    await rm(journalPath(dir, run), { force: true })
    await syncDirectory(dir)
  } finally {
    await lock.right.release()
  }
  return E.right(undefined)
}

const openFile = async (
  path: string,
  { site, user = currentUser() }: Pick<JournalOptions, 'site' | 'user'>,
): Promise<FileHandle> => {
  try {
    return await openOwn(path, 'write', site, user)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    return openOwn(path, 'new', site, user)
  }
}

/** The journal in an open file. `close` releases it. */
const loadJournal = async (
  handle: FileHandle,
  path: string,
  which: Plan | string,
  { site, now }: Pick<JournalOptions, 'site' | 'now'>,
  close: Journal['close'],
): Promise<E.Either<ImageError, Journal>> => {
  const run = typeof which === 'string' ? which : which.id
  const bytes = await readAll(handle)
  const read = E.isLeft(bytes) ? bytes : parseJournal(bytes.right, run)
  if (E.isLeft(read))
    return E.left(
      decodeFailed(site, {
        what: `cannot resume from the journal ${path}: ${read.left}`,
        hint: 'Discard the run, then create a new plan',
        remedy: 'discard-run',
        issues: [],
      }),
    )
  await handle.truncate(read.right.whole)
  let at = read.right.whole
  let isTorn = false
  let state = replayEntries(read.right.lines)

  const append = async (entry: Entry): Promise<Line> => {
    const line: Line = { v: JOURNAL_VERSION, at: now(), ...entry }
    const bytes = Buffer.from(formatLine(line))
    // A line that was written only in part is removed before the next one.
    if (isTorn) await handle.truncate(at)
    isTorn = true
    for (let from = 0; from < bytes.length;)
      from += (await handle.write(bytes, from, bytes.length - from, at + from)).bytesWritten
    await handle.datasync()
    isTorn = false
    at += bytes.length
    return line
  }
  if (state === null) {
    if (typeof which === 'string')
      return E.left(notFound(site, { what: `run ${which} has not started`, hint: 'List the runs' }))
    const line = await append({ entry: 'started', plan: which })
    await syncDirectory(dirname(path))
    state = replayEntries([line]) as RunState
  }
  let current: RunState = state
  let last: Promise<void> = Promise.resolve()
  const write = async (entry: Entry): Promise<void> => {
    current = applyEntry(current, await append(entry))
  }
  return E.right({
    state: () => current,
    // One line after another: bytes may be received and sent at the same time.
    note: (entry) => {
      const noted = last.then(() => write(entry))
      last = noted.catch(() => undefined)
      return noted
    },
    close,
  })
}

/**
 * Opens and locks the journal of a plan, or of the run with this ID. A torn last line is removed.
 * `Conflict`: another process has it. `DecodeFailed`: it cannot be read. `NotFound`: no such run.
 */
export const openJournal = async (
  which: Plan | string,
  options: JournalOptions,
): Promise<E.Either<ImageError, Journal>> => {
  const { site, now, processes = REAL_PROCESSES } = options
  const run = typeof which === 'string' ? which : which.id
  if (!isRunId(run)) return E.left(notFound(site, { what: `not the ID of a run: ${run}`, hint: 'List the runs' }))
  const directory = await privateDirectory(options.dir, directoryOptions(options))
  if (E.isLeft(directory)) return directory
  const dir = directory.right
  const lock = await takeLock(lockPath(dir, run), site, `run ${run}`, processes)
  if (E.isLeft(lock)) return lock
  let handle: FileHandle | null = null
  const release = async (): Promise<void> => {
    try {
      await handle?.close()
    } finally {
      await lock.right.release()
    }
  }
  try {
    const path = journalPath(dir, run)
    handle = await openFile(path, options)
    const journal = await loadJournal(handle, path, which, { site, now }, release)
    if (E.isLeft(journal)) await release()
    return journal
  } catch (thrown) {
    await release().catch(() => undefined)
    throw thrown
  }
}
