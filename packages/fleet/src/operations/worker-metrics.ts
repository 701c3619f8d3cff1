import type { ImageErrorTag } from '@imago/core'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { TransferState } from '../transfers/transfer-status.ts'
import type { WorkerEvent } from '../worker/worker.ts'

/** The number of transfers by state, over all workers. */
export type TransferCounts = Readonly<Record<TransferState, number>>

/** The metrics of a worker, for Prometheus. */
export interface WorkerMetrics {
  readonly record: (event: WorkerEvent) => void
  /** Returns all metrics in the text format of Prometheus. Without those of the database if it cannot be read. */
  readonly format: () => Promise<string>
  /** The media type of the text. */
  readonly contentType: string
}

/**
 * Creates the metrics of a worker. Their labels have few values: no metric names a run, an image or a cloud. Names and units as
 * https://prometheus.io/docs/practices/naming/ recommends.
 */
export const createWorkerMetrics = (readCounts: () => Promise<TransferCounts | null>): WorkerMetrics => {
  const register = new Registry()
  const registers = [register]
  collectDefaultMetrics({ register })
  const transfers = new Gauge({
    name: 'imago_fleet_transfers',
    help: 'Transfers of the fleet, over all workers.',
    labelNames: ['state'] as const,
    registers,
  })
  const running = new Gauge({ name: 'imago_worker_transfers_running', help: 'Transfers in progress.', registers })
  const attempts = new Counter({
    name: 'imago_worker_attempts_total',
    help: 'Attempts that ended, by result: done, failed, retry, handover, leave (another worker has it), lost (cancelled or taken).',
    labelNames: ['result'] as const,
    registers,
  })
  const errors = new Counter<'reason' | 'final'>({
    name: 'imago_worker_errors_total',
    help: 'Attempts that ended with an error, by kind of error, and whether it is final.',
    labelNames: ['reason', 'final'] as const,
    registers,
  })
  const continued = new Counter({
    name: 'imago_worker_continued_total',
    help: 'Attempts that were not the first of their transfer.',
    registers,
  })
  const bytes = new Counter({ name: 'imago_worker_bytes_total', help: 'Bytes of completed transfers.', registers })
  const troubles = new Counter({
    name: 'imago_worker_database_errors_total',
    help: 'Failed requests to the database of the fleet.',
    registers,
  })
  const fail = (reason: ImageErrorTag, isFinal: boolean): void => errors.inc({ reason, final: String(isFinal) })
  return {
    contentType: register.contentType,
    record: (event) => {
      switch (event.event) {
        case 'begun':
          running.inc()
          if (event.attempt > 1) continued.inc()
          return
        case 'lost':
          running.dec()
          return attempts.inc({ result: 'lost' })
        case 'settled': {
          const { settlement } = event
          running.dec()
          attempts.inc({ result: settlement.to })
          if (settlement.to === 'done') bytes.inc(settlement.outcome.size)
          if (settlement.to === 'failed' || settlement.to === 'retry')
            fail(settlement.error._tag, settlement.to === 'failed')
          return
        }
        case 'trouble':
          return troubles.inc()
        case 'listening':
        case 'started':
        case 'observed':
        case 'unobserved':
        case 'stopping':
          return
      }
    },
    format: async () => {
      const counts = await readCounts()
      transfers.reset()
      for (const [state, number] of Object.entries(counts ?? {})) transfers.set({ state }, number)
      return register.metrics()
    },
  }
}
