import { ImageException, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import type { Entry, Line } from './entry.ts'
import { isFenced, type JournalStore, type RunLease, type StoredRun, type TakeOptions } from './journal-store.ts'
import { applyEntry, replayEntries, type RunState } from './state.ts'

/** The journal of a run that this process has taken. */
export interface Journal {
  readonly epoch: number
  readonly state: () => RunState
  /** Writes an entry, and returns once it is durable. Throws an `ImageException` if it cannot be written, or another process has taken the run. */
  readonly note: (entry: Entry) => Promise<void>
  /** Throws an `ImageException` if another process has taken the run. */
  readonly confirm: () => Promise<void>
  /** The error if another process has taken the run, as far as this one knows; `null`: it has not. */
  readonly fenced: () => ImageError | null
  readonly close: () => Promise<void>
}

export interface JournalOptions extends Pick<TakeOptions, 'now'> {
  readonly journals: JournalStore
  /** Called at most once, when this process learns that another has taken the run. */
  readonly onFenced?: (() => void) | undefined
}

const replay = (lines: readonly Line[]): RunState => {
  const state = replayEntries(lines)
  if (state === null) throw new TypeError('bug in imago: a run has no entry')
  return state
}

/** `setFenced` marks it as taken by another process, whatever noticed it. */
const createJournal = (
  lease: RunLease,
  onFenced: () => void,
): { readonly journal: Journal; readonly setFenced: (error: ImageError) => void } => {
  let current = replay(lease.lines)
  let fenced: ImageError | null = null
  const setFenced = (error: ImageError): void => {
    if (fenced !== null) return
    fenced = error
    onFenced()
  }
  const check = <A>(result: E.Either<ImageError, A>): A => {
    if (E.isRight(result)) return result.right
    if (isFenced(result.left)) setFenced(result.left)
    throw new ImageException(result.left)
  }
  let last: Promise<void> = Promise.resolve()
  /** One call after another: bytes may be received and sent at the same time. */
  const queue = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const journal: Journal = {
    epoch: lease.epoch,
    state: () => current,
    note: (entry) => queue(async () => void (current = applyEntry(current, check(await lease.append(entry))))),
    confirm: () => queue(async () => check(await lease.confirm())),
    fenced: () => fenced,
    close: () => lease.release(),
  }
  return { journal, setFenced }
}

/** Takes the run of a plan, or the run with this ID. Errors: as `take` of the store. */
export const openJournal = async (
  which: Plan | string,
  { journals, now, onFenced = () => undefined }: JournalOptions,
): Promise<E.Either<ImageError, Journal>> => {
  let setFenced: (error: ImageError) => void = () => undefined
  const taken = await journals.take(which, { now, onFenced: (error) => setFenced(error) })
  return E.map((lease: RunLease) => {
    const created = createJournal(lease, onFenced)
    setFenced = created.setFenced
    return created.journal
  })(taken)
}

/** The state of a run, and whether its owner may be alive. */
export interface ReadRun {
  readonly state: RunState
  readonly isHeld: boolean
}

const toReadRun = E.map(({ lines, isHeld }: StoredRun): ReadRun => ({ state: replay(lines), isHeld }))

/** Reads a run without taking it. Errors: as `read` of the store. */
export const readRun = async (journals: JournalStore, run: string): Promise<E.Either<ImageError, ReadRun>> =>
  toReadRun(await journals.read(run))

/** Calls `visit` with each run of a store. Errors: as `readEach` of the store. */
export const readEachRun = (
  journals: JournalStore,
  visit: (run: string, read: E.Either<ImageError, ReadRun>) => void,
): Promise<E.Either<ImageError, void>> => journals.readEach((run, stored) => visit(run, toReadRun(stored)))
