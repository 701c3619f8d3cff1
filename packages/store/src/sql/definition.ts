import type { Column, Table } from '../tables/column.ts'
import { STORE_VERSION, TABLES } from '../tables/tables.ts'
import { quote, type Dialect } from './dialect.ts'

/** The table with `STORE_VERSION`. */
export const VERSION_TABLE = 'store_version'

export const tableName = ({ schema }: Dialect, name: string): string => `${schema}${quote(name)}`

/** `missing_since` and `superseded_at` are null in the last version of an existing row. */
export const OPEN = '"superseded_at" IS NULL AND "missing_since" IS NULL'

export const columnDefinition = ({ types }: Dialect, { name, type, isRequired }: Column): string =>
  `${quote(name)} ${types[type]}${isRequired ? ' NOT NULL' : ''}`

/** A column added to an existing table. Its rows have no value for it. */
export const addColumn = (dialect: Dialect, { name }: Table, column: Column): string =>
  `ALTER TABLE ${tableName(dialect, name)} ADD COLUMN ${columnDefinition(dialect, { ...column, isRequired: false })}`

const createTable = (dialect: Dialect, { name, columns, primaryKey }: Table): string => {
  const lines = columns.map((column) => columnDefinition(dialect, column))
  if (dialect.hasKeys && primaryKey.length > 0) lines.push(`PRIMARY KEY (${primaryKey.map(quote).join(', ')})`)
  return `CREATE TABLE IF NOT EXISTS ${tableName(dialect, name)} (\n  ${lines.join(',\n  ')}\n)${dialect.tableSuffix}`
}

const createIndexes = (dialect: Dialect, { name, columns, history }: Table): readonly string[] => {
  if (!dialect.hasKeys) return []
  const table = tableName(dialect, name)
  if (history !== null)
    return [
      `CREATE INDEX IF NOT EXISTS ${quote(`${name}_open`)} ON ${table} (${quote(history.key)})${dialect.hasPartialIndexes ? ` WHERE ${OPEN}` : ''}`,
    ]
  return columns[0]?.name === 'version'
    ? [`CREATE INDEX IF NOT EXISTS ${quote(`${name}_version`)} ON ${table} ("version")`]
    : []
}

const currentImages = (dialect: Dialect): string => {
  const create = dialect.name === 'sqlite' ? 'CREATE VIEW IF NOT EXISTS' : 'CREATE OR REPLACE VIEW'
  return `${create} ${tableName(dialect, 'current_images')} AS SELECT * FROM ${tableName(dialect, 'images')} WHERE ${OPEN}`
}

/** The statements that create missing tables and columns. */
export const definitions = (dialect: Dialect): readonly string[] => [
  ...(dialect.schema === '' ? [] : [`CREATE SCHEMA IF NOT EXISTS ${dialect.schema.slice(0, -1)}`]),
  `CREATE TABLE IF NOT EXISTS ${tableName(dialect, VERSION_TABLE)} ("version" ${dialect.types.integer} NOT NULL)${dialect.tableSuffix}`,
  `INSERT INTO ${tableName(dialect, VERSION_TABLE)} SELECT ${STORE_VERSION} WHERE NOT EXISTS (SELECT 1 FROM ${tableName(dialect, VERSION_TABLE)})`,
  ...TABLES.flatMap((table) => [createTable(dialect, table), ...createIndexes(dialect, table)]),
  currentImages(dialect),
]
