import type { SchemaElement } from 'hyparquet-writer'
import { instantToMicros } from '../rows/instant.ts'
import type { Cell } from '../rows/cell.ts'
import type { Column, ColumnType } from '../tables/column.ts'

const TIMESTAMP = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const

/** Parquet types by column type. */
const TYPES: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: TIMESTAMP },
  decimal: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
  document: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
}

/** Without a converted type, hyparquet-writer writes bytes unchanged; with it, it would encode JSON text again. */
export const withoutConvertedJson = (schema: readonly SchemaElement[]): SchemaElement[] =>
  schema.map((element) => {
    if (element.converted_type !== 'JSON') return element
    const { converted_type: _, ...others } = element
    return others
  })

/** The schema of a file with these columns. */
export const toParquetSchema = (columns: readonly Column[]): SchemaElement[] => [
  { name: 'imago', num_children: columns.length },
  ...columns.map(({ name, type, isRequired }): SchemaElement => ({
    name,
    ...TYPES[type],
    repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL',
  })),
]

/** Converts a cell for hyparquet-writer. */
export const toParquetValue = (cell: Cell, type: ColumnType): unknown => {
  if (cell === null) return undefined
  switch (type) {
    case 'integer':
      return BigInt(cell)
    case 'timestamp':
      return instantToMicros(String(cell))
    case 'json':
    case 'document':
      return Buffer.from(String(cell))
    default:
      return cell
  }
}

/** JSON has no statistics, because its bounds are stored in full and do not help queries. */
export const hasStatistics = (type: ColumnType): boolean => type !== 'json' && type !== 'document'
