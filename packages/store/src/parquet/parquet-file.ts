import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { open } from 'node:fs/promises'
import type { Row } from '../rows/cell.ts'
import type { Column } from '../tables/column.ts'
import { hasStatistics, toParquetSchema, toParquetValue, withoutConvertedJson } from './schema.ts'

/** A Parquet file in progress. */
export interface ParquetFile {
  /** Writes a row group, which is in memory. */
  readonly write: (rows: readonly Row[]) => Promise<void>
  /** Completes the file with this metadata. */
  readonly finish: (metadata: Readonly<Record<string, string>>) => Promise<void>
  /** Closes the file, which is not complete. */
  readonly discard: () => Promise<void>
}

export interface ParquetFileOptions {
  /** The program that writes the file. */
  readonly createdBy: string
  /** Whether to write the minimum and maximum of each column per row group. They speed up queries, and stay in memory until the end. */
  readonly hasBounds: boolean
}

/** Creates a file, which must not exist. */
export const createParquetFile = async (
  path: string,
  columns: readonly Column[],
  { createdBy, hasBounds }: ParquetFileOptions,
): Promise<ParquetFile> => {
  const file = await open(path, 'wx')
  const bytes = new ByteWriter()
  const schema = toParquetSchema(columns)
  const parquet = new ParquetWriter({ writer: bytes, schema: withoutConvertedJson(schema), createdBy })

  const drain = async (): Promise<void> => {
    await file.writeFile(bytes.getBytes())
    bytes.index = 0
  }
  return {
    write: async (rows) => {
      await parquet.write({
        columnData: columns.map(({ name, type }, index) => ({
          name,
          // The values of one column at a time are in memory.
          get data() {
            return rows.map((row) => toParquetValue(row[index] ?? null, type))
          },
          statistics: hasBounds && hasStatistics(type),
          offsetIndex: false,
        })),
        rowGroupSize: rows.length,
      })
      await drain()
    },
    finish: async (metadata) => {
      // The schema is at the end of the file.
      parquet.schema = schema
      parquet.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }))
      await parquet.finish()
      await drain()
      await file.sync()
      await file.close()
    },
    discard: () => file.close(),
  }
}
