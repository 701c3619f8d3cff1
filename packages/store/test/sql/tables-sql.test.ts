import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it } from '@jest/globals'
import sqlite from 'node-sqlite3-wasm'
import { tablesSql } from '../../src/index.ts'
import { TABLES } from '../../src/tables/tables.ts'
import { createDirectory, right, store, target } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const AT = '2026-11-02T03:00:00Z'

/** The number of tables with a primary key. */
const KEYED = TABLES.filter(({ primaryKey }) => primaryKey.length > 0).length

describe('tablesSql', () => {
  it('creates the tables, keys and indexes of an exported SQLite file', async () => {
    const exported = directory.file('exported.db')
    const created = directory.file('created.db')
    right(await store(target(exported), { at: AT, images: [] }))
    const read = (file: string, sql = '') => {
      const database = new sqlite.Database(file)
      try {
        if (sql !== '') database.exec(sql)
        const names = database
          .all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
          .map(({ name }) => name as string)
        return {
          tables: names.map((name) => ({ name, columns: database.all(`PRAGMA table_info("${name}")`) })),
          indexes: names.map((name) =>
            database
              .all(`SELECT name, "unique", origin, partial FROM pragma_index_list('${name}') ORDER BY name`)
              .map((index) => ({ ...index, columns: database.all(`PRAGMA index_info("${index['name'] as string}")`) })),
          ),
          views: database.all("SELECT name, sql FROM sqlite_master WHERE type = 'view'"),
          version: database.all('SELECT version FROM store_version'),
        }
      } finally {
        database.close()
      }
    }
    const result = read(created, tablesSql('sqlite'))
    expect(result).toEqual(read(exported))
    const columns = result.tables.map((table) => [table.name, table.columns.map((column) => column['name'])])
    expect(Object.fromEntries(columns)).toMatchObject(
      Object.fromEntries(TABLES.map((table) => [table.name, table.columns.map(({ name }) => name)])),
    )
    const keyed = result.tables.filter((table) => table.columns.some((column) => column['pk'] !== 0))
    expect(keyed).toHaveLength(KEYED)
  })

  it('creates the tables of an exported DuckDB file', async () => {
    const exported = directory.file('exported.duckdb')
    const created = directory.file('created.duckdb')
    right(await store(target(exported), { at: AT, images: [] }))
    const read = async (file: string, sql = '') => {
      const instance = await DuckDBInstance.create(file)
      const connection = await instance.connect()
      const select = async (query: string) => (await connection.runAndReadAll(query)).getRowObjectsJson()
      try {
        if (sql !== '') await connection.run(sql)
        return {
          columns: await select(
            'SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns ORDER BY table_name, ordinal_position',
          ),
          constraints: await select(
            'SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL',
          ),
          indexes: await select('SELECT index_name FROM duckdb_indexes() ORDER BY ALL'),
          views: await select('SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL'),
          version: await select('SELECT version FROM store_version'),
        }
      } finally {
        connection.closeSync()
        instance.closeSync()
      }
    }
    const result = await read(created, tablesSql('duckdb'))
    expect(result).toEqual(await read(exported))
    for (const table of TABLES)
      expect(
        result.columns.flatMap((column) => (column['table_name'] === table.name ? [column['column_name']] : [])),
      ).toEqual(table.columns.map(({ name }) => name))
  })
})
