import type { Database } from '../engines/database.ts'
import { StoreFailure } from '../error.ts'
import { addColumn, definitions, tableName, VERSION_TABLE } from '../sql/definition.ts'
import { STORE_VERSION, TABLES } from '../tables/tables.ts'

/** The version of a store; `null`: the database has no tables. Another database than a store is refused. */
export const checkStore = async (database: Database): Promise<number | null> => {
  const { dialect, title } = database
  const tables = await database.tables()
  if (tables.length === 0) return null
  if (!tables.includes(VERSION_TABLE))
    throw new StoreFailure({ _tag: 'NotAStore', target: title, what: 'has tables that imago did not create' })
  const version = await database.count(`SELECT max("version") FROM ${tableName(dialect, VERSION_TABLE)}`)
  if (version > STORE_VERSION)
    throw new StoreFailure({
      _tag: 'StoreTooNew',
      target: title,
      what: `has version ${version} of the tables, and this imago writes version ${STORE_VERSION}`,
      version,
    })
  return version
}

const addColumns = async (database: Database): Promise<void> => {
  for (const table of TABLES) {
    const present = new Set(await database.columns(table.name))
    for (const column of table.columns)
      if (!present.has(column.name)) await database.run(addColumn(database.dialect, table, column))
  }
}

/** Creates the tables, or adds the columns that an earlier version did not have. */
export const prepareDatabase = async (database: Database): Promise<void> => {
  await database.begin()
  try {
    const version = await checkStore(database)
    if (version !== null) await addColumns(database)
    for (const statement of definitions(database.dialect)) await database.run(statement)
    await database.commit()
  } catch (thrown) {
    await database.rollback().catch(() => undefined)
    throw thrown
  }
}
