import { expect, test } from '@jest/globals'
import { readDump } from '../src/index.ts'
import { toyReader } from './toy.ts'

const DEPTH = 50_000

/** JSON.parse reads documents of any depth; walking their envelopes must not end in `Maximum call stack size exceeded`. */
test.each([
  ['lists in lists', '[', ']'],
  ['images in images', '{"image":', '}'],
  ['pages in pages', '{"images":[', ']}'],
])('%s, %#', (_, open, close) => {
  const document: unknown = JSON.parse(`${open.repeat(DEPTH)}{"id":"a","title":"t"}${close.repeat(DEPTH)}`)
  const { items, rejected } = readDump(document, { readers: [toyReader()] })
  expect(items.length + rejected.length).toBe(1)
})
