import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import type { Cell, Row } from '../rows/cell.ts'
import { dialects, quote } from '../sql/dialect.ts'
import { stageDefinition } from '../sql/stage.ts'
import type { ColumnType } from '../tables/column.ts'
import type { Database } from './database.ts'
import { toRow } from './to-cell.ts'

const ROWS_AT_ONCE = 1000

/** The year 0 of an instant is 1 BC. */
const toTimestamp = (instant: string): string => (instant.startsWith('0000-') ? `0001-${instant.slice(5)} BC` : instant)

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const toCopyText = (cell: Cell, type: ColumnType): string => {
  if (cell === null) return '\\N'
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  if (typeof cell === 'number') return String(cell)
  return type === 'timestamp'
    ? toTimestamp(cell)
    : cell.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character)
}

/** Converts the parameters to those of PostgreSQL. */
const toPostgres = (sql: string): string => sql.replaceAll(/\?(\d+)/g, '$$$1')

/** Connects to a PostgreSQL server. */
export const openPostgres = async (url: string, title: string): Promise<Database> => {
  const client = new pg.Client({ connectionString: url, application_name: 'imago' })
  // A broken connection also fails the pending statement.
  client.on('error', () => undefined)
  await client.connect().catch(async (thrown: unknown) => {
    await client.end().catch(() => undefined)
    throw thrown
  })
  // Name resolution and time formats must not depend on the user's settings.
  await client.query("SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET datestyle = 'ISO'")

  /** Whether a transaction is open, which a cursor requires. */
  let isOpen = false
  const end = async (statement: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    isOpen = false
    await client.query(statement)
  }
  const run = async (sql: string, parameters: readonly Cell[] = []): Promise<number> =>
    (await client.query(toPostgres(sql), [...parameters])).rowCount ?? 0
  const rows = async (sql: string, parameters: readonly Cell[] = []): Promise<readonly (readonly unknown[])[]> =>
    (await client.query<unknown[]>({ text: toPostgres(sql), values: [...parameters], rowMode: 'array' })).rows
  const names = async (sql: string, parameters: readonly Cell[] = []): Promise<readonly string[]> =>
    (await rows(sql, parameters)).map(([name]) => String(name))

  return {
    dialect: dialects.postgres,
    title,
    begin: async () => {
      await client.query('BEGIN')
      isOpen = true
      await client.query("SELECT pg_advisory_xact_lock(hashtext('imago.store'))")
    },
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    run,
    insert: run,
    count: async (sql, parameters) => Number((await rows(sql, parameters))[0]?.[0] ?? 0),
    select: async function* ({ sql, columns }, parameters = []) {
      const isOwn = !isOpen
      if (isOwn) await client.query('BEGIN')
      try {
        await client.query(`DECLARE stored NO SCROLL CURSOR FOR ${toPostgres(sql)}`, [...parameters])
        for (;;) {
          const fetched = await rows(`FETCH ${ROWS_AT_ONCE} FROM stored`)
          if (fetched.length === 0) return
          yield fetched.map((values): Row => toRow(values, columns))
        }
      } finally {
        // It fails after an earlier failure, which is reported instead.
        await client.query(isOwn ? 'ROLLBACK' : 'CLOSE stored').catch(() => undefined)
      }
    },
    tables: () => names("SELECT table_name FROM information_schema.tables WHERE table_schema = 'imago'"),
    columns: (table) =>
      names(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'imago' AND table_name = ?1 ORDER BY ordinal_position",
        [table],
      ),
    createStage: async (stage) =>
      void (await client.query(`CREATE TEMPORARY TABLE ${stageDefinition(dialects.postgres, stage)} ON COMMIT DROP`)),
    // The planner has no statistics for a new table.
    endLoad: async ({ name }) => void (await client.query(`ANALYZE ${quote(name)}`)),
    dropStage: async ({ name }) => void (await client.query(`DROP TABLE ${quote(name)}`)),
    load: async ({ name, columns }, loaded) => {
      const lines = loaded.map(
        (row) => `${columns.map(({ type }, index) => toCopyText(row[index] ?? null, type)).join('\t')}\n`,
      )
      await pipeline(Readable.from([lines.join('')]), client.query(copyStreams.from(`COPY ${quote(name)} FROM STDIN`)))
    },
    close: () => client.end(),
  }
}
