import { conflict, createErrorSite, type ErrorSite, type ImageError } from '@imago/core'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import type { Entry, Line } from './entry.ts'

/**
 * A run that this process has taken. A run has an epoch, which each taking raises: entries are accepted only under the current one. So a process that was
 * paused for longer than others wait for it writes nothing more once another has taken its run.
 */
export interface RunLease {
  readonly epoch: number
  /** The entries so far, including that of this taking. */
  readonly lines: readonly Line[]
  /** Writes an entry, and returns once it is durable. Not called concurrently. `Conflict` (`fenced`): another owner has taken the run, and nothing was written. */
  readonly append: (entry: Entry) => Promise<Either<ImageError, Line>>
  /** `Conflict` (`fenced`): another owner has taken the run. */
  readonly confirm: () => Promise<Either<ImageError, void>>
  /** Lets others take the run. Does nothing if another already has. */
  readonly release: () => Promise<void>
}

/** A run as it is stored, perhaps while its owner writes. */
export interface StoredRun {
  readonly lines: readonly Line[]
  /** Whether an owner that may be alive holds it. */
  readonly isHeld: boolean
}

/** Receives a run of a store; `DecodeFailed`: it cannot be read. */
export type VisitRun = (run: string, read: Either<ImageError, StoredRun>) => void

export interface TakeOptions {
  /** RFC 3339, in UTC. */
  readonly now: () => string
  /** Called with `Conflict` (`fenced`) if the store notices between two entries that another owner has taken the run. */
  readonly onFenced?: ((error: ImageError) => void) | undefined
}

/**
 * Stores the journals of runs: for each run, its entries in the order in which they were written, and its epoch. File systems and databases fail in ways of their
 * own: `Unavailable`, `QuotaExceeded`, `Rejected`.
 */
export interface JournalStore {
  /**
   * Creates the run of a plan, or takes over an existing run, and raises its epoch. Of several takers at a time, one has the newest epoch.
   * `Conflict` (`in_use`): another owner holds it, which may be alive. `DecodeFailed`: it cannot be read, and is unchanged. `NotFound`: no such run.
   */
  readonly take: (which: Plan | string, options: TakeOptions) => Promise<Either<ImageError, RunLease>>
  /** Reads a run without taking it. `DecodeFailed`: it cannot be read. `NotFound`: no such run. */
  readonly read: (run: string) => Promise<Either<ImageError, StoredRun>>
  /**
   * Calls `visit` with each run once, in any order, as `read` would return it. Holds one run in memory at a time. A run that is created or deleted meanwhile may
   * be missing.
   */
  readonly readEach: (visit: VisitRun) => Promise<Either<ImageError, void>>
  /** The IDs of all runs, sorted. */
  readonly list: () => Promise<Either<ImageError, readonly string[]>>
  /**
   * Deletes a run after `before`, which deletes its other files. The run cannot be taken meanwhile.
   * `Conflict` (`in_use`): another owner holds it, which may be alive. `NotFound`: no such run.
   */
  readonly delete: (run: string, before?: () => Promise<void>) => Promise<Either<ImageError, void>>
  /** Where the journal of a run is, for messages: a path, or a database. */
  readonly describe: (run: string) => string
}

/** The largest epoch, so that databases can store it in 32 bits. */
export const MAX_EPOCH = 2 ** 31 - 1

/** The site of errors of journals. */
export const JOURNAL_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'transfer')

/** IDs of runs are UUIDs. */
export const isRunId = (run: string): boolean => /^[0-9a-f-]{36}$/.test(run)

/** The error of an owner whose run another has taken. */
export const createFencedError = (run: string, epoch: number): ImageError =>
  conflict(JOURNAL_SITE, {
    what: `run ${run} was taken over while this process had it (epoch ${epoch})`,
    reason: 'fenced',
    hint: 'Do nothing: the other process continues the run',
  })

/** Whether the error means that another owner has taken the run: this process must not change anything more for it. */
export const isFenced = (error: ImageError): boolean => error._tag === 'Conflict' && error.reason === 'fenced'
