import { microsToInstant } from '../rows/instant.ts'
import type { Cell, Row } from '../rows/cell.ts'
import type { Column, ColumnType } from '../tables/column.ts'

/** Converts a value of an engine to a cell. Timestamps are in microseconds, as an integer or text. */
export const toCell = (value: unknown, type: ColumnType): Cell => {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'boolean':
      return value === true || Number(value) === 1
    case 'integer':
      return Number(value)
    case 'timestamp':
      return microsToInstant(BigInt(value as string | bigint))
    default:
      return typeof value === 'string' ? value : JSON.stringify(value)
  }
}

export const toRow = (values: readonly unknown[], columns: readonly Column[]): Row =>
  columns.map(({ type }, index) => toCell(values[index], type))
