export type TransferState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** Times are RFC 3339, in UTC. */
export interface TransferStatus {
  readonly run: string
  readonly title: string
  readonly state: TransferState
  readonly bytes: number | null
  /** The step in progress, and its bytes. */
  readonly step: string | null
  readonly stepBytes: number | null
  readonly stepTotal: number | null
  readonly attempt: number
  readonly worker: string | null
  /** The kind of the last error; `null`: none. */
  readonly reason: string | null
  readonly message: string | null
  readonly submittedAt: string
  /** When a queued transfer is tried again; `null`: as soon as a worker is free. */
  readonly readyAt: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
}
