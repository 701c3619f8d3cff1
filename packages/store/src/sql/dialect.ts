import type { Column, ColumnType } from '../tables/column.ts'

export type DialectName = 'sqlite' | 'postgres' | 'duckdb'

/** Where the SQL of the engines differs. */
export interface Dialect {
  readonly name: DialectName
  readonly types: Readonly<Record<ColumnType, string>>
  /** What tables' names begin with: the schema and a point. */
  readonly schema: string
  /** After the columns of `create table`. */
  readonly tableSuffix: string
  /** DuckDB checks keys so eagerly that a row cannot be updated in the transaction that made it. */
  readonly hasKeys: boolean
  /** Indexes on some rows only. */
  readonly hasPartialIndexes: boolean
  /** A parameter that is an instant in text. */
  readonly timestamp: (parameter: string) => string
  /** An expression that gives a column as the engine reads it: timestamps as microseconds, JSON as text. */
  readonly read: (column: Column, expression: string) => string
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

const sqlite: Dialect = {
  name: 'sqlite',
  types: {
    text: 'TEXT',
    integer: 'INTEGER',
    boolean: 'INTEGER',
    timestamp: 'TEXT',
    decimal: 'TEXT',
    json: 'TEXT',
    document: 'TEXT',
  },
  schema: '',
  tableSuffix: ' STRICT',
  hasKeys: true,
  hasPartialIndexes: true,
  timestamp: (parameter) => parameter,
  read: (_column, expression) => expression,
}

const postgres: Dialect = {
  name: 'postgres',
  types: {
    text: 'text',
    integer: 'bigint',
    boolean: 'boolean',
    timestamp: 'timestamptz',
    decimal: 'numeric',
    json: 'jsonb',
    // jsonb refuses numbers and characters that a record may have.
    document: 'json',
  },
  schema: 'imago.',
  tableSuffix: '',
  hasKeys: true,
  hasPartialIndexes: true,
  timestamp: (parameter) => `${parameter}::timestamptz`,
  read: ({ type }, expression) => {
    if (type === 'timestamp') return `(extract(epoch FROM ${expression}) * 1000000)::bigint`
    return type === 'json' || type === 'document' || type === 'decimal' ? `${expression}::text` : expression
  },
}

const duckdb: Dialect = {
  name: 'duckdb',
  types: {
    text: 'VARCHAR',
    integer: 'BIGINT',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMPTZ',
    decimal: 'VARCHAR',
    json: 'JSON',
    document: 'JSON',
  },
  schema: '',
  tableSuffix: '',
  hasKeys: false,
  hasPartialIndexes: false,
  timestamp: (parameter) => `CAST(${parameter} AS TIMESTAMPTZ)`,
  read: ({ type }, expression) => (type === 'timestamp' ? `epoch_us(${expression})` : expression),
}

export const dialects: Readonly<Record<DialectName, Dialect>> = { sqlite, postgres, duckdb }
