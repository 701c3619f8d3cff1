export {
  createPostgresJournals,
  openPostgresJournals,
  type PostgresJournals,
  type PostgresJournalsOptions,
} from './journal/postgres-journals.ts'
export { migrate } from './database/migrate.ts'
export { openFleet, type Fleet, type WorkOptions } from './fleet.ts'
export { toCloudKey, toEntry, type RunSettings, type TransferEntry } from './transfers/to-entry.ts'
export type { CloudLimits } from './transfers/begin.ts'
export type { Chosen } from './transfers/change.ts'
export type { Progress } from './transfers/progress.ts'
export type { Settlement } from './transfers/settle.ts'
export type { FleetStatus, WorkerStatus } from './transfers/status.ts'
export type { TransferState, TransferStatus } from './transfers/transfer-status.ts'
export type { Submitted } from './transfers/submit.ts'
export type { ListenAddress } from './operations/endpoint.ts'
export { openOwnSpool, type OwnSpool } from './worker/own-spool.ts'
export type { InventoryOptions, WorkerEvent, WorkerOptions } from './worker/worker.ts'
export type { InventoryStatus } from './inventory/inventory-status.ts'
export type { ObservableCloud } from './inventory/observe-cloud.ts'
export type { InventoryOutcome, Schedule } from './queue/queue.ts'
export type { QueueOptions } from './queue/pg-boss.ts'
