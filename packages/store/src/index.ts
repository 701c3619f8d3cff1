export type {
  NotAStore,
  PackageMissing,
  RunOutOfOrder,
  StoreError,
  StoreFailed,
  StoreLocked,
  StoreTooNew,
  TargetInvalid,
  TimeInvalid,
} from './error.ts'
export { readStore } from './reader/read-store.ts'
export type { ImageExtra, Mask } from './rows/image-row.ts'
export type { DialectName } from './sql/dialect.ts'
export { tablesSql } from './sql/tables-sql.ts'
export type { Column, ColumnType, History, Table } from './tables/column.ts'
export { tablesJsonSchema } from './tables/json-schema.ts'
export { FILE_COLUMNS, STORE_VERSION, TABLES } from './tables/tables.ts'
export {
  parseStoreReference,
  parseStoreTarget,
  type DatabaseFileTarget,
  type DatabaseTarget,
  type ParquetTarget,
  type PostgresTarget,
  type StoreReference,
  type StoreTarget,
} from './target.ts'
export { openStoreWriter } from './writer/open-writer.ts'
export type {
  CloudState,
  StoreBatch,
  StoreChanges,
  StoreRun,
  StoreWriter,
  StoreWriterOptions,
} from './writer/store-writer.ts'
