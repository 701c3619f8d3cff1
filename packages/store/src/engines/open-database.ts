import type { DatabaseTarget } from '../target.ts'
import type { Database } from './database.ts'

/** Connects to a database. Loads only the library of its format. */
export const openDatabase = async (target: DatabaseTarget): Promise<Database> => {
  switch (target.format) {
    case 'sqlite':
      return (await import('./sqlite.ts')).openSqlite(target.path)
    case 'duckdb':
      return (await import('./duckdb.ts')).openDuckDb(target.path)
    case 'postgres':
      return (await import('./postgres.ts')).openPostgres(target.url, target.title)
  }
}
