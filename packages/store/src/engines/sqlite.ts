import { toInstant } from '@imago/codec'
import type { Cell, Row } from '../rows/cell.ts'
import { dialects, quote } from '../sql/dialect.ts'
import { stageDefinition } from '../sql/stage.ts'
import type { Column } from '../tables/column.ts'
import type { Access, Database } from './database.ts'
import { nodeSqlite } from './node-sqlite.ts'
import { withReasons } from './sqlite-failure.ts'
import { toSqliteValues, type OpenSqlite, type SqliteStatement, type SqliteValue } from './sqlite-driver.ts'
import { toCell } from './to-cell.ts'
import { createWorkDirectory, type WorkDirectory } from '../work-directory.ts'

/** How long a writer waits for another, in milliseconds. */
const BUSY_MS = 10_000

const ROWS_AT_ONCE = 1000

/** Timestamps are RFC 3339 text. */
const toCells = (values: readonly SqliteValue[], columns: readonly Column[]): Row =>
  columns.map(({ type }, index) => {
    const value = values[index] ?? null
    return type === 'timestamp' && typeof value === 'string' ? (toInstant(value) ?? value) : toCell(value, type)
  })

/** The driver of this Node: its own SQLite, or the one in WebAssembly. */
const findDriver = async (): Promise<OpenSqlite> => nodeSqlite() ?? (await import('./wasm-sqlite.ts')).openWasmSqlite

/** Opens a SQLite file, or creates it. */
export const openSqlite = async (path: string, access: Access, open?: OpenSqlite): Promise<Database> => {
  const driver = withReasons((open ?? (await findDriver()))(path, access), path)
  let work: WorkDirectory | null = null
  const statements = new Map<string, SqliteStatement>()
  driver.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)

  const prepared = (sql: string): SqliteStatement => {
    const known = statements.get(sql) ?? driver.prepare(sql)
    statements.set(sql, known)
    return known
  }
  const once = <T>(sql: string, use: (statement: SqliteStatement) => T): T => {
    const statement = driver.prepare(sql)
    try {
      return use(statement)
    } finally {
      statement.close()
    }
  }
  const all = (sql: string, parameters: readonly Cell[] = []): readonly (readonly SqliteValue[])[] =>
    once(sql, (statement) => [...statement.rows(toSqliteValues(parameters))])
  const run = async (sql: string, parameters: readonly Cell[] = []): Promise<number> =>
    once(sql, (statement) => statement.run(toSqliteValues(parameters)))
  const closeStatements = (): void => {
    for (const statement of statements.values()) statement.close()
    statements.clear()
  }
  const attachStage = (): void => {
    work = createWorkDirectory(path)
    driver.exec(`ATTACH '${work.file('stage.db').replaceAll("'", "''")}' AS stage`)
    driver.exec('PRAGMA stage.journal_mode = OFF; PRAGMA stage.synchronous = OFF')
  }

  return {
    dialect: dialects.sqlite,
    title: path,
    begin: async () => {
      if (work === null) attachStage()
      driver.exec('BEGIN IMMEDIATE')
    },
    commit: async () => {
      closeStatements()
      driver.exec('COMMIT')
    },
    rollback: async () => {
      closeStatements()
      driver.exec('ROLLBACK')
    },
    run,
    insert: run,
    count: async (sql, parameters) => Number(all(sql, parameters)[0]?.[0] ?? 0),
    select: async function* ({ sql, columns }, parameters = []) {
      const statement = driver.prepare(sql)
      try {
        let rows: Row[] = []
        for (const values of statement.rows(toSqliteValues(parameters))) {
          rows.push(toCells(values, columns))
          if (rows.length < ROWS_AT_ONCE) continue
          yield rows
          rows = []
        }
        yield rows
      } finally {
        statement.close()
      }
    },
    tables: async () => all("SELECT name FROM main.sqlite_master WHERE type = 'table'").map(([name]) => String(name)),
    columns: async (table) =>
      all(`SELECT name FROM pragma_table_info(?1, 'main')`, [table]).map(([name]) => String(name)),
    // In the attached database, because node-sqlite3-wasm keeps temporary tables in memory.
    // The index is created before the rows, because indexing existing rows sorts them in memory.
    createStage: async (stage) => {
      driver.exec(`CREATE TABLE stage.${stageDefinition(dialects.sqlite, stage)} STRICT`)
      if (stage.key === null) return
      const index = quote(`${stage.name}_key`)
      driver.exec(`CREATE INDEX stage.${index} ON ${quote(stage.name)} (${quote(stage.key)}, "content_hash")`)
    },
    endLoad: async () => undefined,
    dropStage: async ({ name }) => {
      closeStatements()
      driver.exec(`DROP TABLE stage.${quote(name)}`)
    },
    load: async ({ name, columns }, rows) => {
      const places = columns.map((_, index) => `?${index + 1}`).join(', ')
      const statement = prepared(`INSERT INTO stage.${quote(name)} VALUES (${places})`)
      for (const row of rows) statement.run(toSqliteValues(row))
    },
    close: async () => {
      closeStatements()
      driver.close()
      work?.remove()
    },
  }
}
