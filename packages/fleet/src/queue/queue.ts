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

/** Delivers jobs to workers at least once. */
export interface Queue {
  /** Sends jobs in a transaction with other statements. */
  readonly send: (statements: Statements, jobs: readonly JobRequest[]) => Promise<void>
  /** Starts to take jobs. Returns a function that stops taking; jobs in progress continue. */
  readonly work: (options: WorkOptions) => Promise<() => Promise<void>>
  /** Jobs in progress are delivered again. */
  readonly close: () => Promise<void>
}

/** A process that is not heard of for this long has lost its jobs. */
export const HEARTBEAT_SECONDS = 10
