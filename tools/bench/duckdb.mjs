// Reads NDJSON with DuckDB and writes it again: `node duckdb.mjs FILE json|parquet`.
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './measure.mjs'

const [file, format] = process.argv.slice(2)
const { DuckDBInstance } = await import(
  pathToFileURL(createRequire(join(root, 'packages/cli/package.json')).resolve('@duckdb/node-api'))
)
const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
try {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const target = format === 'json' ? '/dev/null' : join(folder, 'images.parquet')
  await connection.run(
    `COPY (SELECT * FROM read_json('${file}', format = 'newline_delimited')) TO '${target}' (FORMAT ${format})`,
  )
} finally {
  rmSync(folder, { recursive: true })
}
