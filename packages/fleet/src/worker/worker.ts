import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { linkSignals, type AbortSignalLike, type ImageError } from '@imago/core'
import type { Mask, StoreTarget } from '@imago/store'
import {
  applyPlan,
  readPlan,
  type JournalStore,
  type RunOptions,
  type TransferEvent,
  type TransferOutcome,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import type { Database } from '../database/database.ts'
import { toDatabaseError } from '../database/database-error.ts'
import { hasUnfinishedInventories } from '../inventory/inventory-status.ts'
import { observeCloud, type ObservableCloud } from '../inventory/observe-cloud.ts'
import type { InventoryOutcome, Queue } from '../queue/queue.ts'
import { begin, type Attempt, type CloudLimits } from '../transfers/begin.ts'
import { decideSettlement, settle, type Settlement } from '../transfers/settle.ts'
import { beat, unregister, type AttemptProgress, type WorkerDescription } from './heartbeat.ts'

/** An event of a worker. */
export type WorkerEvent =
  /** Serves `/healthz`, `/readyz` and `/metrics` there. */
  | { readonly event: 'listening'; readonly url: string }
  | { readonly event: 'started'; readonly worker: string }
  | { readonly event: 'begun'; readonly run: string; readonly attempt: number }
  | { readonly event: 'settled'; readonly run: string; readonly settlement: Settlement }
  /** Cancelled, or taken by another worker. */
  | { readonly event: 'lost'; readonly run: string }
  | { readonly event: 'observed'; readonly cloud: string; readonly outcome: InventoryOutcome }
  /** Nothing was stored. The cloud is tried again. */
  | { readonly event: 'unobserved'; readonly cloud: string; readonly message: string }
  | { readonly event: 'trouble'; readonly message: string }
  | { readonly event: 'stopping'; readonly running: number }

/** What a worker shares with others. */
export interface WorkerServices {
  readonly database: Database
  readonly queue: Queue
  readonly journals: JournalStore
}

/** How a worker makes inventories. */
export interface InventoryOptions {
  readonly store: StoreTarget
  readonly mask: Mask
  readonly clock: () => number
  readonly openCloud: (cloud: string) => Promise<ObservableCloud>
  /** Returns the clouds with these names, without names all that are configured. */
  readonly listClouds: (names: readonly string[]) => readonly string[]
}

export interface WorkerOptions {
  /** How to run transfers. */
  readonly run: Pick<RunOptions, 'openSource' | 'openUrl' | 'spoolDir' | 'spoolLimit' | 'timing'>
  readonly inventory: InventoryOptions
  /** The most transfers, and the most inventories, at a time. */
  readonly jobs: number
  readonly limits: CloudLimits
  readonly version: string
  /** Takes no more transfers, and ends when those in progress have. */
  readonly stop: AbortSignalLike
  /** Hands the transfers in progress over to other workers, and ends. */
  readonly handOver: AbortSignalLike
  /** Ends when no transfer or inventory is queued or running. */
  readonly untilEmpty: boolean
  readonly onEvent: (event: WorkerEvent) => void
}

/** An attempt in progress. */
interface Active {
  readonly attempt: Attempt
  readonly abort: () => void
  progress: AttemptProgress
  /** Whether it has been cancelled, or another worker has it. */
  isLost: boolean
}

const BEAT_MS = 2000
/** How long to wait before the database is tried again. */
const TRY_AGAIN_MS = 2000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

const whenAborted = (signal: AbortSignalLike, listener: () => void): void => {
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener)
}

const toProgress = (before: AttemptProgress, event: TransferEvent): AttemptProgress => {
  switch (event.event) {
    case 'step':
      return { ...before, step: event.step, bytes: event.from, total: event.total }
    case 'progress':
      return { ...before, step: event.step, bytes: event.bytes, total: event.total }
    default:
      return before
  }
}

/** Runs transfers of the fleet until it is stopped. Other workers may do so at the same time. */
export const runWorker = async (
  options: WorkerOptions,
  { database, queue, journals }: WorkerServices,
): Promise<void> => {
  const { onEvent } = options
  const self: WorkerDescription = {
    worker: randomUUID(),
    host: hostname(),
    process: process.pid,
    version: options.version,
    jobs: options.jobs,
  }
  const active = new Set<Active>()
  const handling = new Set<Promise<void>>()
  let isStopping = false

  const reportTrouble = (thrown: unknown): void => {
    const error = toDatabaseError(database.title, thrown)
    if (error === null) throw thrown
    onEvent({ event: 'trouble', message: error.what })
  }

  const execute = async (one: Active, signal: AbortSignalLike): Promise<E.Either<ImageError, TransferOutcome>> => {
    const plan = readPlan(one.attempt.plan)
    if (E.isLeft(plan)) return plan
    const { accept, allow, keepFailed } = one.attempt.settings
    return applyPlan(plan.right, {
      ...options.run,
      journals,
      accept,
      allow,
      keepFailed,
      signal,
      onEvent: (event) => {
        one.progress = toProgress(one.progress, event)
      },
    })()
  }

  /** Stores the settlement, however long the database is away, unless another worker has the transfer meanwhile. */
  const store = async (one: Active, settlement: Settlement): Promise<void> => {
    while (!one.isLost || settlement.to === 'done') {
      try {
        await database.transaction((statements) => settle(statements, queue, one.attempt, settlement))
        onEvent({ event: 'settled', run: one.attempt.run, settlement })
        return
      } catch (thrown) {
        reportTrouble(thrown)
        // The queue delivers the job again, to another worker.
        if (options.handOver.aborted) return
        await sleep(TRY_AGAIN_MS)
      }
    }
    onEvent({ event: 'lost', run: one.attempt.run })
  }

  const work = async (attempt: Attempt): Promise<void> => {
    const { run } = attempt
    const { signal, abort, release } = linkSignals(options.handOver)
    const one: Active = {
      attempt,
      abort,
      progress: { run, attempt: attempt.attempt, step: null, bytes: null, total: null },
      isLost: false,
    }
    active.add(one)
    onEvent({ event: 'begun', run, attempt: attempt.attempt })
    try {
      const result = await execute(one, signal)
      await store(one, decideSettlement(result, attempt.failures))
    } finally {
      active.delete(one)
      release()
    }
  }

  const handle = async (run: string): Promise<void> => {
    const begun = await database.transaction((statements) =>
      isStopping
        ? queue.send(statements, [{ run }]).then(() => null)
        : begin(statements, queue, run, self.worker, options.limits),
    )
    if (begun?.result === 'begun') await work(begun.attempt)
  }

  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const stop = (): void => {
    if (isStopping) return
    isStopping = true
    onEvent({ event: 'stopping', running: active.size })
    end()
  }
  whenAborted(options.stop, stop)
  whenAborted(options.handOver, stop)

  const isEmpty = async (): Promise<boolean> =>
    (await database.rows("SELECT FROM imago_fleet.transfer WHERE state IN ('queued', 'running') LIMIT 1")).length ===
      0 && !(await hasUnfinishedInventories(database))

  const beatOnce = async (): Promise<void> => {
    const known = [...active]
    try {
      const { isDraining, own } = await beat(
        database,
        self,
        known.map(({ progress }) => progress),
      )
      for (const one of known)
        if (active.has(one) && !own.has(one.attempt.run)) {
          one.isLost = true
          one.abort()
        }
      if (isDraining || (options.untilEmpty && (await isEmpty()))) stop()
    } catch (thrown) {
      reportTrouble(thrown)
    }
  }

  await beat(database, self, [])
  onEvent({ event: 'started', worker: self.worker })
  const stopTaking = await queue.work({
    jobs: options.jobs,
    handle: (run) => {
      const handled = handle(run)
      const settled = handled.then(
        () => undefined,
        () => undefined,
      )
      handling.add(settled)
      void settled.then(() => handling.delete(settled))
      return handled
    },
    onError: (error) => onEvent({ event: 'trouble', message: error.message }),
  })
  const stopInventories = await queue.workInventories({
    jobs: options.jobs,
    listClouds: options.inventory.listClouds,
    observe: async (cloud) => {
      const { store: target, mask, clock, openCloud } = options.inventory
      const { version, handOver: signal } = options
      try {
        const outcome = await observeCloud(await openCloud(cloud), { store: target, mask, clock, version, signal })
        onEvent({ event: 'observed', cloud, outcome })
        return outcome
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown)
        if (!signal.aborted) onEvent({ event: 'unobserved', cloud, message })
        throw thrown
      }
    },
  })
  let isOver = false
  const beats = (async () => {
    while (!isOver) {
      await beatOnce()
      await Promise.race([sleep(BEAT_MS), isStopping ? sleep(BEAT_MS) : ended])
    }
  })()
  await ended
  await stopTaking()
  await stopInventories()
  while (handling.size > 0) await Promise.all(handling)
  isOver = true
  await beats
  await unregister(database, self.worker).catch(reportTrouble)
}
