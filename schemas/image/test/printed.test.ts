import { describe, expect, it } from '@jest/globals'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import { explainRecord, Image, readDump, findRecords, type DumpOptions } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { readdirSync, readFileSync } from 'node:fs'
import { findFaults } from './validators.ts'

const readers = [hetznerReader, openstackReader]
const folder = (family: string): URL => new URL(`../../${family}/fixtures/dumps/`, import.meta.url)

/** The JSON documents of a dump: one, or one per line. */
const documentsIn = (text: string, name: string): readonly unknown[] =>
  (name.endsWith('.ndjson') ? text.split('\n').filter((line) => line !== '') : [text]).map((json): unknown =>
    JSON.parse(json),
  )

const dumps = ['hetzner', 'openstack'].flatMap((family) =>
  readdirSync(folder(family))
    .filter((name) => /\.(?:nd)?json$/.test(name))
    .map((name) => ({
      family,
      name,
      documents: documentsIn(readFileSync(new URL(name, folder(family)), 'utf8'), name),
    })),
)
const options: DumpOptions = { readers, cloud: 'lab' }
const asPrinted = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe.each(dumps)('$family: $name', ({ documents }) => {
  const images = documents.flatMap((document) => readDump(document, options).items)

  it('its images are valid for the schema and the codec', () => {
    expect(findFaults('images', { $schema: 'urn:imago:schema:images:1', images: asPrinted(images) })).toEqual([])
    expect(images.filter((image) => !Image.is(image))).toEqual([])
  })

  it('its explanations and their evidence are valid for the schema', () => {
    const explained = documents
      .flatMap((document) =>
        findRecords(document).map(({ record, pointer }) => explainRecord(record, pointer, options)),
      )
      .flatMap((result) => (E.isRight(result) ? [result.right] : []))
    expect(
      findFaults('explanation', { $schema: 'urn:imago:schema:explanation:1', explanations: asPrinted(explained) }),
    ).toEqual([])
    expect(explained.map(({ ref }) => ref)).toEqual(images.map(({ ref }) => ref))
    const withEvidence = images.map((image, index) => ({
      ...image,
      evidence: Object.fromEntries((explained[index]?.fields ?? []).map(({ field, evidence }) => [field, evidence])),
    }))
    for (const image of withEvidence) expect(findFaults('image', asPrinted(image))).toEqual([])
  })
})

describe('printed JSON', () => {
  it('the dumps contain images of both providers', () => {
    const providers = dumps.flatMap(({ documents }) =>
      documents.flatMap((document) => readDump(document, options).items.map(({ ref }) => ref.provider)),
    )
    for (const { provider } of readers) expect(providers.filter((one) => one === provider).length).toBeGreaterThan(20)
  })

  it('the field references of both providers are valid for the schema', () => {
    const fields = readers.flatMap((reader) => reader.fields)
    expect(findFaults('fields', { $schema: 'urn:imago:schema:fields:1', fields: asPrinted(fields) })).toEqual([])
    expect(fields.length).toBeGreaterThan(60)
  })
})
