import type { Column, ColumnType } from './column.ts'
import { FILE_COLUMNS, STORE_VERSION, TABLES } from './tables.ts'

type Schema = Readonly<Record<string, unknown>>

const ofImage = (part: string): Schema => ({ $ref: `urn:imago:schema:image:1#/$defs/${part}` })

interface Types {
  readonly required: Schema
  readonly optional: Schema
}

const ANY: Types = { required: {}, optional: {} }
const TEXT: Types = { required: { type: 'string' }, optional: ofImage('text') }

const TYPES: Readonly<Record<ColumnType, Types>> = {
  text: TEXT,
  decimal: TEXT,
  integer: { required: { type: 'integer' }, optional: ofImage('bytes') },
  boolean: { required: { type: 'boolean' }, optional: ofImage('flag') },
  timestamp: { required: { $ref: '#/$defs/timestamp' }, optional: { $ref: '#/$defs/timestampOrNull' } },
  json: ANY,
  document: ANY,
}

const columnSchema = ({ type, isRequired, meaning }: Column): Schema => ({
  description: meaning,
  ...TYPES[type][isRequired ? 'required' : 'optional'],
})

/** Optional columns may be missing in a store of an earlier version. */
const rowSchema = (meaning: string, columns: readonly Column[]): Schema => ({
  description: meaning,
  type: 'object',
  required: columns.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
})

const rowsSchema = (meaning: string, columns: readonly Column[]): Schema => ({
  description: meaning,
  type: 'array',
  items: rowSchema(meaning, columns),
})

/** The rows of all tables as JSON Schema. Its parts are those of the schema `image`. */
export const tablesJsonSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:imago:schema:tables:${STORE_VERSION}`,
  title: 'imago tables',
  description:
    'The rows of the tables that imago export writes: a database has every table but file, and a Parquet file has the rows of file. null means: no value. Sizes are whole bytes, instants RFC 3339 in UTC. Later versions may add columns.',
  type: 'object',
  required: [],
  properties: Object.fromEntries([
    ...TABLES.map(({ name, meaning, columns }) => [name, rowsSchema(meaning, columns)]),
    ['file', rowsSchema('One row for each image of a Parquet file.', FILE_COLUMNS)],
  ]),
  $defs: {
    timestamp: {
      description:
        'RFC 3339 in UTC, with Z. In SQLite, times of runs always have milliseconds, so that they can be compared as text.',
      type: 'string',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$',
    },
    timestampOrNull: { anyOf: [{ $ref: '#/$defs/timestamp' }, { type: 'null' }] },
  },
})
