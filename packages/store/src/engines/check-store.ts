import { StoreFailure } from '../error.ts'
import { tableName, VERSION_TABLE } from '../sql/definition.ts'
import { STORE_VERSION } from '../tables/tables.ts'
import type { Database } from './database.ts'

/** The version of a store; `null`: the database has no tables. Other databases are refused. */
export const checkStore = async (database: Database): Promise<number | null> => {
  const { dialect, title } = database
  const tables = await database.tables()
  if (tables.length === 0) return null
  if (!tables.includes(VERSION_TABLE))
    throw new StoreFailure({ _tag: 'NotAStore', target: title, what: 'it has tables that imago did not create' })
  const version = await database.count(`SELECT max("version") FROM ${tableName(dialect, VERSION_TABLE)}`)
  if (version > STORE_VERSION)
    throw new StoreFailure({
      _tag: 'StoreTooNew',
      target: title,
      what: `its tables have version ${version}, and this version of imago supports ${STORE_VERSION}`,
      version,
    })
  return version
}
