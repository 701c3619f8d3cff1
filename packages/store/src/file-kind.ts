import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreFailure } from './error.ts'
import type { FileFormat } from './target.ts'

/** How a file of each format begins. DuckDB's mark follows a checksum of 8 bytes. */
const MARKS: Readonly<Record<FileFormat, { readonly offset: number; readonly text: string; readonly title: string }>> =
  {
    sqlite: { offset: 0, text: 'SQLite format 3\0', title: 'a SQLite database' },
    duckdb: { offset: 8, text: 'DUCK', title: 'a DuckDB database' },
    parquet: { offset: 0, text: 'PAR1', title: 'a Parquet file' },
  }

const LONGEST_MARK = 16

const readStart = (path: string): string => {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(LONGEST_MARK)
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, LONGEST_MARK, 0))
  } finally {
    closeSync(file)
  }
}

const findFormat = (start: string): FileFormat | undefined =>
  (Object.keys(MARKS) as FileFormat[]).find((format) => start.startsWith(MARKS[format].text, MARKS[format].offset))

const isAbsent = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) === undefined

/**
 * Returns the path of an existing file without links, which is the same under all its names; `null`: there is no file. Throws if it is not of the format:
 * otherwise Parquet would replace it, and DuckDB would try to download an extension that reads it. SQLite and Parquet also accept an empty file.
 */
export const findFile = (path: string, format: FileFormat): string | null => {
  const fail = (_tag: 'NotAStore' | 'StoreFailed', what: string): never => {
    throw new StoreFailure({ _tag, target: path, what })
  }
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined)
    return isAbsent(dirname(path)) ? fail('StoreFailed', `the directory ${dirname(path)} does not exist`) : null
  if (stats.isDirectory()) return fail('NotAStore', 'it is a directory')
  if (!stats.isFile()) return fail('NotAStore', 'it is not a regular file')
  const start = readStart(path)
  const found = findFormat(start)
  if (found === format || (start === '' && format !== 'duckdb')) return realpathSync(path)
  if (found !== undefined) return fail('NotAStore', `it is ${MARKS[found].title}`)
  return fail('NotAStore', start === '' ? 'it is empty' : `it is not ${MARKS[format].title}`)
}
