import { readdirSync, readFileSync } from 'node:fs'
import { findRecords } from '@imago/core'
import { isJsonObject, type JsonObject } from '@imago/core/provider'

const folder = new URL('../../../schemas/openstack/fixtures/dumps/', import.meta.url)

/** The dumps that are JSON or NDJSON. */
export const dumps: readonly string[] = readdirSync(folder).filter((file) => /\.(nd)?json$/.test(file))

/** The other dumps. */
export const others: readonly string[] = readdirSync(folder).filter((file) => !dumps.includes(file))

/** Parses a dump; NDJSON becomes an array of its lines. */
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

const recordingFolder = new URL('../../../schemas/openstack/fixtures/recordings/', import.meta.url)

const isImage = (body: JsonObject): boolean => typeof body['id'] === 'string' && 'container_format' in body

/** Recorded Glance responses with an image or a list of images. */
export const recordings: readonly { readonly name: string; readonly body: JsonObject }[] = readdirSync(recordingFolder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const { response } = JSON.parse(readFileSync(new URL(file, recordingFolder), 'utf8')) as {
      readonly response: { readonly body: unknown }
    }
    return isJsonObject(response.body) && (isImage(response.body) || Array.isArray(response.body['images']))
      ? [{ name: file, body: response.body }]
      : []
  })
