import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreFailure } from '../error.ts'
import type { SqliteDriver, SqliteStatement } from './sqlite-driver.ts'

/** In bytes. A transaction fails before a full file system has no byte left. */
const MIN_FREE_BYTES = 1 << 18

const isFull = (path: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < MIN_FREE_BYTES
  } catch {
    return false
  }
}

const toFailure = (path: string, thrown: unknown): unknown => {
  const message = thrown instanceof Error ? thrown.message : ''
  if (/database is locked/.test(message))
    return new StoreFailure({ _tag: 'StoreLocked', target: path, what: 'it is in use by another process' })
  // SQLite in WebAssembly reports every failure of the file system as an I/O error.
  return /disk I\/O error|disk is full/.test(message) && isFull(path)
    ? new StoreFailure({ _tag: 'StoreFailed', target: path, what: 'no space left on device' })
    : thrown
}

/** A driver whose failures have the reason, where SQLite does not report it. */
export const withReasons = (driver: SqliteDriver, path: string): SqliteDriver => {
  const explained = <A>(work: () => A): A => {
    try {
      return work()
    } catch (thrown) {
      throw toFailure(path, thrown)
    }
  }
  const withStatement = ({ run, rows, close }: SqliteStatement): SqliteStatement => ({
    run: (values) => explained(() => run(values)),
    rows: (values) => explained(() => rows(values)),
    close,
  })
  return {
    exec: (sql) => explained(() => driver.exec(sql)),
    prepare: (sql) => withStatement(explained(() => driver.prepare(sql))),
    close: driver.close,
  }
}
