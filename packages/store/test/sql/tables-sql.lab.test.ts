import { runPsql, startPostgres, type LabPostgres } from '@imago/lab'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { tablesSql } from '../../src/index.ts'
import { TABLES } from '../../src/tables/tables.ts'
import { right, store, target } from '../stored.ts'

let server: LabPostgres

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const createDatabase = (name: string): string => {
  runPsql(server.url, `CREATE DATABASE ${name}`)
  const url = new URL(server.url)
  url.pathname = name
  return url.href
}

const readLines = (url: string, sql: string): readonly string[] => runPsql(url, sql).split('\n')

const readTables = (url: string) => ({
  columns: readLines(
    url,
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'imago' ORDER BY table_name, ordinal_position",
  ),
  keys: readLines(
    url,
    "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'imago'::regnamespace ORDER BY conname",
  ),
  indexes: readLines(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'imago' ORDER BY indexname"),
  views: readLines(url, "SELECT viewname, definition FROM pg_views WHERE schemaname = 'imago'"),
  version: readLines(url, 'SELECT version FROM imago.store_version'),
})

describe('tablesSql', () => {
  it('creates the tables, keys and indexes of an export to PostgreSQL', async () => {
    const exported = createDatabase('exported')
    const created = createDatabase('created')
    right(await store(target(exported), { at: '2026-11-02T03:00:00Z', images: [] }))
    runPsql(created, tablesSql('postgres'))
    const result = readTables(created)
    expect(result).toEqual(readTables(exported))
    for (const table of TABLES)
      expect(
        result.columns
          .map((line) => line.split('|'))
          .flatMap(([name, column]) => (name === table.name ? [column] : [])),
      ).toEqual(table.columns.map(({ name }) => name))
    expect(result.keys).toContain('images|PRIMARY KEY (version)')
    expect(result.keys).toContain('runs|PRIMARY KEY (cloud_key, observed_at)')
  })
})
