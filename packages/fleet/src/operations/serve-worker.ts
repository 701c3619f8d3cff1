import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Database } from '../database/database.ts'
import { toDatabaseError } from '../database/database-error.ts'
import type { TransferState } from '../transfers/transfer-status.ts'
import type { WorkerEvent } from '../worker/worker.ts'
import { openEndpoint, textPage, type ListenAddress, type Pages } from './endpoint.ts'
import { createWorkerMetrics, type TransferCounts } from './worker-metrics.ts'

const NONE: TransferCounts = { queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 }

const COUNTS = 'SELECT state, count(*)::integer AS transfers FROM imago_fleet.transfer GROUP BY state'

/** Counts the transfers by state. `null`: the database cannot be read now. */
const readCounts = async (database: Database): Promise<TransferCounts | null> => {
  try {
    const rows = await database.rows<{ readonly state: TransferState; readonly transfers: number }>(COUNTS)
    return { ...NONE, ...Object.fromEntries(rows.map(({ state, transfers }) => [state, transfers])) }
  } catch (thrown) {
    if (toDatabaseError(database.title, thrown) === null) throw thrown
    return null
  }
}

type Phase = 'starting' | 'working' | 'stopping'

/** The pages of a worker: whether it is alive, whether it takes transfers, and its metrics. */
export interface WorkerPages {
  readonly pages: Pages
  readonly record: (event: WorkerEvent) => void
}

export const createWorkerPages = (database: Database): WorkerPages => {
  let phase: Phase = 'starting'
  const metrics = createWorkerMetrics(() => readCounts(database))
  return {
    record: (event) => {
      if (event.event === 'started') phase = 'working'
      if (event.event === 'stopping') phase = 'stopping'
      metrics.record(event)
    },
    pages: new Map([
      ['/healthz', () => Promise.resolve(textPage(200, 'alive'))],
      [
        '/readyz',
        async () => {
          if (phase !== 'working') return textPage(503, phase)
          return (await readCounts(database)) === null
            ? textPage(503, 'database not reachable')
            : textPage(200, 'ready')
        },
      ],
      ['/metrics', async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.format() })],
    ]),
  }
}

/** Runs a worker with its pages at an address. */
export const serveWorker = async (
  address: ListenAddress,
  database: Database,
  {
    onEvent,
    work,
  }: {
    readonly onEvent: (event: WorkerEvent) => void
    readonly work: (onEvent: (event: WorkerEvent) => void) => Promise<void>
  },
): Promise<E.Either<ImageError, void>> => {
  const { pages, record } = createWorkerPages(database)
  const endpoint = await openEndpoint(address, pages)
  if (E.isLeft(endpoint)) return endpoint
  onEvent({ event: 'listening', url: endpoint.right.url })
  try {
    await work((event) => {
      record(event)
      onEvent(event)
    })
    return E.right(undefined)
  } finally {
    await endpoint.right.close()
  }
}
