import { describe, expect, it } from '@jest/globals'
import { toDecoder, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import { readdirSync, readFileSync } from 'node:fs'
import { HetznerImage, HetznerImageEnvelope, HetznerImagePage } from '../src/index.ts'

const folder = new URL('../fixtures/dumps/', import.meta.url)
const readText = (file: string): string => readFileSync(new URL(file, folder), 'utf8')
const parse = (file: string): unknown => JSON.parse(readText(file))
const files = readdirSync(folder).filter((file) => /\.(nd)?json$/.test(file))

/** The records of a dump. hcloud prints arrays and objects without an envelope, `hcloud all list` an object of arrays. */
const findRecords = (file: string): readonly unknown[] => {
  if (file.endsWith('.ndjson'))
    return readText(file)
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
  const dump = parse(file)
  if (Array.isArray(dump)) return dump
  if (HetznerImagePage.is(dump)) return dump.images
  return [HetznerImageEnvelope.is(dump) ? dump.image : dump]
}

/** The notes of decoding the records of a dump, as `id pointer: kind value`. */
const findNotes = (file: string): readonly string[] =>
  findRecords(file).flatMap((record) => {
    const notes = new Notes()
    const decoded = toDecoder(HetznerImage)(record, notes)
    if (E.isLeft(decoded)) return [`${JSON.stringify(record)} is rejected`]
    return notes.list.map(
      (note) =>
        `${decoded.right.id} ${note.pointer}: ${note.kind} ${note.kind === 'unknown-word' ? note.word : note.got}`,
    )
  })

describe('dumps of Hetzner clients', () => {
  it('every dump has records', () => {
    expect(files.length).toBeGreaterThanOrEqual(19)
    expect(Object.keys(known).filter((file) => !files.includes(file))).toEqual([])
    expect(files.filter((file) => findRecords(file).length === 0)).toEqual([])
  })

  describe('a response of the API', () => {
    it.each(['api-images.json', 'api-images-page-2.json'])('%s is a page with pagination', (file) => {
      const page = HetznerImagePage.decode(parse(file))
      expect(E.isRight(page) ? Object.keys(page.right.meta?.pagination ?? {}).sort() : page).toEqual([
        'last_page',
        'next_page',
        'page',
        'per_page',
        'previous_page',
        'total_entries',
      ])
    })

    it.each(['api-image.json', 'api-image-no-seconds.json'])('%s is an envelope', (file) => {
      expect(E.isRight(HetznerImageEnvelope.decode(parse(file)))).toBe(true)
    })
  })

  // hcloud prints '' for an absent architecture. hcloud-python replaces the ID of a server by an object, which scripts print in different ways.
  const known: Readonly<Record<string, readonly string[]>> = {
    'hcloud-cli-1.39.0-image-list.json': ['5924233 /architecture: unknown-word '],
    'hcloud-python-1.18.2-images-iso.json': ['330017712 /bound_to: wrong-type object'],
    'hcloud-python-2.17.0-images-iso.json': ['330017712 /bound_to: wrong-type object'],
    'hcloud-python-1.18.2-images-iso.ndjson': ['330017712 /bound_to: wrong-type object'],
    'hcloud-python-2.17.0-images-iso.ndjson': ['330017712 /bound_to: wrong-type object'],
    'hcloud-python-1.18.2-images-str.json': [
      '322189934 /created_from: wrong-type string',
      '330017712 /bound_to: wrong-type string',
      '330017712 /created_from: wrong-type string',
      '330450101 /created_from: wrong-type string',
      '331200555 /created_from: wrong-type string',
    ],
    'hcloud-python-2.17.0-images-str.json': [
      '322189934 /created_from: wrong-type string',
      '330017712 /bound_to: wrong-type string',
      '330017712 /created_from: wrong-type string',
      '330450101 /created_from: wrong-type string',
      '331200555 /created_from: wrong-type string',
    ],
  }

  describe('HetznerImage', () => {
    it.each(files)('decodes every record of %s, with known notes', (file) => {
      expect(new Set(findNotes(file))).toEqual(new Set(known[file]))
    })
  })
})
