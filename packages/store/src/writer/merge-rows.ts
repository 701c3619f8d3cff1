import type { Database } from '../engines/database.ts'
import type { Cell } from '../rows/cell.ts'
import { createMerge } from '../sql/merge.ts'
import type { VersionedTable } from '../tables/column.ts'

/** The changes of a table by a merge. */
export interface Merged {
  /** The row with number n has this version plus n. */
  readonly lastVersion: number
  readonly added: number
  readonly changed: number
  readonly missing: number
}

/** Merges the rows of a stage. Rows of the clouds `complete` that are not in the stage are marked as missing. */
export const mergeRows = async (
  database: Database,
  table: VersionedTable,
  at: Cell,
  complete: readonly string[],
): Promise<Merged> => {
  const merge = createMerge(database.dialect, table)
  const lastVersion = await database.count(merge.lastVersion)
  if ((await database.count(merge.countDuplicates)) > 0) await database.run(merge.dropDuplicates)
  const changed = await database.run(merge.supersede, [at])
  let missing = 0
  for (const cloud of complete) missing += await database.run(merge.retire, [at, cloud])
  const keep = (): Promise<number> => database.run(merge.keep, [at, lastVersion])
  if (merge.dropKept !== null) {
    await keep()
    await database.run(merge.dropKept)
  }
  const inserted = await database.insert(merge.insert, [at, lastVersion])
  // DuckDB holds these changes in memory until the end of the transaction.
  if (merge.dropKept === null) await keep()
  return { lastVersion, added: inserted - changed, changed, missing }
}
