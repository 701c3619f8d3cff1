import { afterAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { findFile } from '../src/file-kind.ts'
import { openStoreWriter } from '../src/index.ts'
import { createDirectory, image, left, right, store, target } from './stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const RUN = { id: 'r', at: '2026-11-02T03:00:00Z', origin: 'live', selection: null, version: '0' } as const
const open = (file: string) => openStoreWriter(target(file), { run: RUN })

describe('findFile', () => {
  it.each(['text.db', 'text.duckdb', 'text.parquet'])('refuses text as %s, and leaves it unchanged', async (name) => {
    const file = directory.file(name)
    writeFileSync(file, 'not a database\n')
    expect(left(await open(file))).toMatchObject({ _tag: 'NotAStore', what: expect.stringMatching(/^it is not a/) })
    expect(readFileSync(file, 'utf8')).toBe('not a database\n')
  })

  it('names the format of a file with another suffix', async () => {
    const sqlite = directory.file('store.db')
    right(await store(target(sqlite), { at: RUN.at, images: [image('1')] }))
    for (const suffix of ['duckdb', 'parquet']) {
      const file = directory.file(`sqlite.${suffix}`)
      writeFileSync(file, readFileSync(sqlite))
      expect(left(await open(file))).toMatchObject({ _tag: 'NotAStore', what: 'it is a SQLite database' })
    }
  })

  it.each(['folder.db', 'folder.duckdb', 'folder.parquet'])('refuses the directory %s', async (name) => {
    mkdirSync(directory.file(name))
    expect(left(await open(directory.file(name))).what).toBe('it is a directory')
  })

  it.each(['a.db', 'a.duckdb', 'a.parquet'])('reports the missing directory of %s', async (name) => {
    const error = left(await open(directory.file(`absent/${name}`)))
    expect(error.what).toBe(`the directory ${directory.file('absent')} does not exist`)
  })

  it.each(['a.db', 'a.duckdb', 'a.parquet'])('refuses a device as %s', async (name) => {
    const file = directory.file(`device-${name}`)
    symlinkSync('/dev/full', file)
    expect(left(await open(file)).what).toBe('it is not a regular file')
  })

  it.each(['db', 'parquet'])('accepts an empty file with the suffix %s', async (suffix) => {
    const file = directory.file(`empty.${suffix}`)
    writeFileSync(file, '')
    right(await store(target(file), { at: RUN.at, images: [image('1')] }))
    expect(readFileSync(file).length).toBeGreaterThan(0)
  })

  it('returns the path without links, so that a store has one lock', () => {
    const file = directory.file('linked.db')
    writeFileSync(file, '')
    symlinkSync(file, directory.file('link.db'))
    expect(findFile(directory.file('link.db'), 'sqlite')).toBe(realpathSync(file))
  })

  it('keeps a link to a Parquet file', async () => {
    const file = directory.file('2026.parquet')
    symlinkSync(file, directory.file('latest.parquet'))
    writeFileSync(file, '')
    right(await store(target(directory.file('latest.parquet')), { at: RUN.at, images: [image('1')] }))
    expect(readFileSync(file).length).toBeGreaterThan(0)
  })
})
