import type { Column, ColumnType, Table } from './column.ts'
import { FILE_COLUMNS, STORE_VERSION, TABLES } from './tables.ts'

type Schema = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<ColumnType, Schema>> = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  timestamp: { type: 'string', format: 'date-time' },
  decimal: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' },
  json: {},
  document: {},
}

const columnSchema = ({ type, isRequired, meaning }: Column): Schema => {
  const schema = TYPES[type]
  const nullable = isRequired || schema['type'] === undefined ? schema : { ...schema, type: [schema['type'], 'null'] }
  return { description: meaning, ...nullable }
}

const rowSchema = (meaning: string, columns: readonly Column[]): Schema => ({
  description: meaning,
  type: 'object',
  required: columns.map(({ name }) => name),
  properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
})

/** The rows of the tables as JSON Schema. Timestamps are RFC 3339 in UTC. */
export const tablesJsonSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:imago:schema:tables:${STORE_VERSION}`,
  title: 'imago tables',
  description:
    'The rows of the tables that imago export writes. A database has every table but file; a Parquet file has the rows of file. null means: no value. Open: later versions add columns.',
  type: 'object',
  properties: Object.fromEntries([
    ...TABLES.map(({ name, meaning, columns }: Table) => [name, { type: 'array', items: rowSchema(meaning, columns) }]),
    ['file', { type: 'array', items: rowSchema('One row for each image of a Parquet file.', FILE_COLUMNS) }],
  ]),
})
