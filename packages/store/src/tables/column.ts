/**
 * The type of a column's values.
 * - `integer`: 64 bits. - `timestamp`: with time zone, in microseconds. - `decimal`: decimal text, or an exact number where the engine has one.
 * - `json`: a value that imago made. - `document`: a record of a provider, kept as it came.
 */
export type ColumnType = 'text' | 'integer' | 'boolean' | 'timestamp' | 'decimal' | 'json' | 'document'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** `false`: it has no value in some rows. */
  readonly isRequired: boolean
  readonly meaning: string
}

/** The columns that tell the history of a row. */
export interface History {
  /** The column that identifies what the row is about: several rows of one key are its versions. */
  readonly key: string
  /** The columns that imago compares to find changes. */
  readonly content: readonly Column[]
}

export interface Table {
  readonly name: string
  readonly meaning: string
  readonly columns: readonly Column[]
  /** Columns whose values are unique together; empty: none. */
  readonly primaryKey: readonly string[]
  /** `null`: its rows never change. */
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
