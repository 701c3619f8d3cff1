import { checkStore } from '../engines/check-store.ts'
import type { Database } from '../engines/database.ts'
import { addColumn, definitions } from '../sql/definition.ts'
import { TABLES } from '../tables/tables.ts'

const addColumns = async (database: Database): Promise<void> => {
  for (const table of TABLES) {
    const present = new Set(await database.columns(table.name))
    for (const column of table.columns)
      if (!present.has(column.name)) await database.run(addColumn(database.dialect, table, column))
  }
}

/** Creates the tables, or adds columns that are newer than the store. */
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
