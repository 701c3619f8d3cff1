import type * as E from 'fp-ts/lib/Either.js'
import { attempt } from '../attempt.ts'
import type { StoreError } from '../error.ts'
import type { StoreTarget } from '../target.ts'
import type { StoreWriter, StoreWriterOptions } from './store-writer.ts'

/** Opens a file or database for the images of a run. Loads only the library of its format. */
export const openStoreWriter = (
  target: StoreTarget,
  options: StoreWriterOptions,
): Promise<E.Either<StoreError, StoreWriter>> =>
  attempt(target.title, async () =>
    target.format === 'parquet'
      ? (await import('./parquet-writer.ts')).openParquetWriter(target.path, options)
      : (await import('./database-writer.ts')).openDatabaseWriter(target, options),
  )
