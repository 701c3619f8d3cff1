/**
 * The type of a column's values.
 * - `integer`: 64 bits. - `timestamp`: with time zone, in microseconds. - `decimal`: decimal text, or an exact number if the engine has a type for it.
 * - `json`: a value of imago. - `document`: a record of a provider, stored unchanged.
 */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'timestamp' | 'decimal' | 'json' | 'document'

/** A column, in all databases and files. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** `false`: some rows have no value. */
  readonly isRequired: boolean
  readonly meaning: string
}

/** The columns for the history of a row. */
export interface History {
  /** The key column. Several rows with one key are versions. */
  readonly key: string
  /** The columns that imago compares to find changes. */
  readonly content: readonly Column[]
}

/** A table, in all databases. */
export interface Table {
  readonly name: string
  readonly meaning: string
  readonly columns: readonly Column[]
  /** The unique key; empty: none. */
  readonly primaryKey: readonly string[]
  /** `null`: rows never change. */
  readonly history: History | null
}

/** A table whose rows have a history. */
export interface VersionedTable extends Table {
  readonly history: History
}

const declare =
  (isRequired: boolean) =>
  (name: string, type: ColumnType, meaning: string): Column => ({
    name,
    type,
    isRequired,
    meaning,
  })

export const required = declare(true)
export const optional = declare(false)
