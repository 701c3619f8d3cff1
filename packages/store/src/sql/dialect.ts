import type { Column, ColumnType } from '../tables/column.ts'

/** The databases that `tablesSql` writes SQL for. */
export type DialectName = 'sqlite' | 'postgres' | 'duckdb'

/** The differences in SQL between the engines. */
export interface Dialect {
  readonly name: DialectName
  readonly types: Readonly<Record<ColumnType, string>>
  /** Prefix of table names: the schema and a dot. */
  readonly schema: string
  /** Text after the columns of `create table`. */
  readonly tableSuffix: string
  /** Whether tables have keys. DuckDB checks keys so early that a row cannot be updated in the transaction that inserted it. */
  readonly hasKeys: boolean
  /** Whether partial indexes are supported. */
  readonly hasPartialIndexes: boolean
  /** A parameter with an instant as text. */
  readonly timestamp: (parameter: string) => string
  /** An expression that reads a column: timestamps as microseconds, JSON as text. */
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
    // jsonb refuses some numbers and characters that a record may contain.
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
