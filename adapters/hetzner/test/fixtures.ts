import { readdirSync, readFileSync } from 'node:fs'
import { findRecords } from '@imago/core'
import { type JsonObject } from '@imago/core/provider'

const folder = new URL('../../../schemas/hetzner/fixtures/dumps/', import.meta.url)

/** The dumps that are JSON or NDJSON. */
export const dumps: readonly string[] = readdirSync(folder).filter((file) => /\.(nd)?json$/.test(file))

/** Other files. */
export const others: readonly string[] = readdirSync(folder).filter((file) => !dumps.includes(file))

/** Reads a dump as a document; the lines of NDJSON as an array. */
export const readDocument = (file: string): unknown => {
  const text = readFileSync(new URL(file, folder), 'utf8')
  return file.endsWith('.ndjson')
    ? text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    : JSON.parse(text)
}

/** The records in a dump. */
export const recordsIn = (file: string): readonly JsonObject[] =>
  findRecords(readDocument(file)).map(({ record }) => record as JsonObject)
