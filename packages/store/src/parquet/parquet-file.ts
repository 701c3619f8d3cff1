import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { open, rename, rm } from 'node:fs/promises'
import type { Row } from '../rows/cell.ts'
import type { Column } from '../tables/column.ts'
import { temporaryName } from '../temporary-file.ts'
import { hasStatistics, toParquetSchema, toParquetValue, withoutConvertedJson } from './schema.ts'

/** Rows of a row group: that many are in memory. */
export const ROW_GROUP = 10_000

/** A Parquet file that is being written. */
export interface ParquetFile {
  /** Writes a row group. */
  readonly write: (rows: readonly Row[]) => Promise<void>
  /** Ends the file, with this metadata, and gives it its name. */
  readonly finish: (metadata: Readonly<Record<string, string>>) => Promise<void>
  /** Deletes what was written. */
  readonly discard: () => Promise<void>
}

export interface ParquetFileOptions {
  /** The program that writes the file. */
  readonly createdBy: string
  /** Write the least and greatest value of each column of a row group. They help queries, and are in memory until the file ends. */
  readonly hasBounds: boolean
}

/** Creates a file under a temporary name beside `path`. */
export const createParquetFile = async (
  path: string,
  columns: readonly Column[],
  { createdBy, hasBounds }: ParquetFileOptions,
): Promise<ParquetFile> => {
  const temporary = temporaryName(path)
  const file = await open(temporary, 'wx')
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
          data: rows.map((row) => toParquetValue(row[index] ?? null, type)),
          statistics: hasBounds && hasStatistics(type),
          offsetIndex: false,
        })),
        rowGroupSize: ROW_GROUP,
      })
      await drain()
    },
    finish: async (metadata) => {
      // The schema stands at the end of the file.
      parquet.schema = schema
      parquet.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }))
      await parquet.finish()
      await drain()
      await file.sync()
      await file.close()
      await rename(temporary, path)
    },
    discard: async () => {
      await file.close()
      await rm(temporary, { force: true })
    },
  }
}
