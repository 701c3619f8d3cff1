import type { Statements } from '../database/database.ts'

/** A job: a reason to look at a run. Its state is that of the transfer, not of the job. */
export interface JobRequest {
  readonly run: string
  /** The job is not taken earlier. Default: 0. */
  readonly delaySeconds?: number | undefined
}

export interface WorkOptions {
  /** The most jobs at a time. */
  readonly jobs: number
  /**
   * Called with each job. The job is over when the promise settles; if the process ends before, another process gets the job. It may therefore be called more
   * than once for a job, also concurrently.
   */
  readonly handle: (run: string) => Promise<void>
  /** Called with errors of the queue, which continues. */
  readonly onError: (error: Error) => void
}

/** The jobs that each store the images of a cloud. */
export const INVENTORY_QUEUE = 'inventory'
/** The jobs that each queue inventories of clouds. */
export const ROUND_QUEUE = 'inventory-round'

/** A time at which inventories are queued, again and again. */
export interface Schedule {
  readonly name: string
  readonly cron: string
  /** The IANA name of the time zone of `cron`. */
  readonly timezone: string
  /** The clouds as they were named; empty: all that the worker has configured. */
  readonly clouds: readonly string[]
}

/** What an inventory of a cloud has stored. */
export interface InventoryOutcome {
  readonly images: number
  /** Why not all images were read; `null`: all were. */
  readonly reason: string | null
}

export interface InventoryWorkOptions {
  /** The most clouds at a time. */
  readonly jobs: number
  /** Called with a cloud. If it throws or the process ends, the cloud is delivered again. */
  readonly observe: (cloud: string) => Promise<InventoryOutcome>
  /** Returns the clouds with these names, without names all. */
  readonly listClouds: (names: readonly string[]) => readonly string[]
}

/** Delivers jobs to workers at least once. */
export interface Queue {
  /** Sends jobs in a transaction with other statements. */
  readonly send: (statements: Statements, jobs: readonly JobRequest[]) => Promise<void>
  /** Starts to take jobs. Returns a function that stops taking; jobs in progress continue. */
  readonly work: (options: WorkOptions) => Promise<() => Promise<void>>
  /** Queues inventories. A cloud whose inventory is queued or running is not queued again. */
  readonly sendInventories: (clouds: readonly string[]) => Promise<void>
  /** Starts to take inventories. Returns a function that stops taking, and waits for those in progress. */
  readonly workInventories: (options: InventoryWorkOptions) => Promise<() => Promise<void>>
  /** Adds or replaces a schedule. Returns why it is invalid; `null`: it was stored. */
  readonly schedule: (schedule: Schedule) => Promise<string | null>
  readonly unschedule: (name: string) => Promise<void>
  /** Jobs in progress are delivered again. */
  readonly close: () => Promise<void>
}

/** A process that is not heard of for this long has lost its jobs. */
export const HEARTBEAT_SECONDS = 10
