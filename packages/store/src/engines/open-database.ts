import type { DatabaseTarget } from '../target.ts'
import type { Access, Database } from './database.ts'

/** Connects to a database. Loads only the library of its format. */
export const openDatabase = async (target: DatabaseTarget, access: Access): Promise<Database> => {
  switch (target.format) {
    case 'sqlite':
      return (await import('./sqlite.ts')).openSqlite(target.path, access)
    case 'duckdb':
      return (await import('./duckdb.ts')).openDuckDb(target.path, access)
    case 'postgres':
      return (await import('./postgres.ts')).openPostgres(target.url, target.title)
  }
}
