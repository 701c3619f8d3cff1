import { afterAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openStoreWriter, readStore, type StoreTarget } from '../../src/index.ts'
import { openSqlite } from '../../src/engines/sqlite.ts'
import { openWasmSqlite } from '../../src/engines/wasm-sqlite.ts'
import { createDirectory, image, left, readImages, right, store, target } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const MONDAY = '2026-11-02T03:00:00Z'
const TUESDAY = '2026-11-03T03:00:00Z'

/** Runs statements on a file. */
const execute = async (file: string, ...statements: readonly string[]): Promise<void> => {
  const database = await openSqlite(file, 'write')
  for (const statement of statements) await database.run(statement)
  await database.close()
}

const open = (to: StoreTarget) =>
  openStoreWriter(to, { run: { id: 'r', at: TUESDAY, origin: 'live', selection: null, version: '0' } })

describe('a SQLite store', () => {
  it('gets columns that are newer than the store', async () => {
    const file = directory.file('earlier.db')
    right(await store(target(file), { at: MONDAY, images: [image('1', { name: 'a' })] }))
    await execute(file, 'DROP VIEW current_images', 'ALTER TABLE images DROP COLUMN boot_firmware')
    right(await store(target(file), { at: TUESDAY, images: [image('1', { name: 'b', boot: { firmware: 'uefi' } })] }))
    expect((await readImages(target(file), MONDAY)).map(({ boot }) => boot.firmware)).toEqual([null])
    expect((await readImages(target(file))).map(({ boot }) => boot.firmware)).toEqual(['uefi'])
  })

  it('refuses a store of a later version', async () => {
    const file = directory.file('later.db')
    right(await store(target(file), { at: MONDAY, images: [] }))
    await execute(file, 'UPDATE store_version SET version = 2')
    expect(left(await open(target(file)))).toMatchObject({ _tag: 'StoreTooNew', version: 2 })
    expect(left(await readStore(target(file)))._tag).toBe('StoreTooNew')
  })

  it('refuses a database of another program', async () => {
    const file = directory.file('other.db')
    await execute(file, 'CREATE TABLE images (id TEXT)')
    expect(left(await open(target(file)))._tag).toBe('NotAStore')
  })

  it('refuses a file that is not a database', async () => {
    const file = directory.file('text.db')
    writeFileSync(file, 'no database, but text that is long enough to have a header of its own\n'.repeat(20))
    expect(E.isLeft(await open(target(file)))).toBe(true)
  })

  it('is not created by reading', async () => {
    const file = directory.file('absent.db')
    expect(left(await readStore(target(file)))).toMatchObject({ _tag: 'NotAStore', what: 'no such file' })
    expect(existsSync(file)).toBe(false)
  })

  it('reports a directory that does not exist', async () => {
    const error = left(await open(target(directory.file('absent/inventory.db'))))
    expect(error).toMatchObject({ _tag: 'StoreFailed' })
  })

  it('is locked while a running process has it open', async () => {
    const file = directory.file('locked.db')
    writeFileSync(`${file}.owner`, `${process.ppid} ${(await import('node:os')).hostname()}`)
    expect(() => openWasmSqlite(file, 'write')).toThrow(/in use by process/)
  })

  it('is locked while another process takes over the lock of one that has ended', async () => {
    const file = directory.file('taken.db')
    const host = (await import('node:os')).hostname()
    writeFileSync(`${file}.owner`, `4194304 ${host}`)
    writeFileSync(`${file}.owner.takeover`, `${process.ppid} ${host}`)
    expect(() => openWasmSqlite(file, 'write')).toThrow(/in use by process/)
    expect(readFileSync(`${file}.owner`, 'utf8')).toBe(`4194304 ${host}`)
  })

  it('is unlocked if a process ended while it took over the lock', async () => {
    const file = directory.file('abandoned.db')
    const host = (await import('node:os')).hostname()
    writeFileSync(`${file}.owner`, `4194304 ${host}`)
    writeFileSync(`${file}.owner.takeover`, `4194304 ${host}`)
    openWasmSqlite(file, 'write').close()
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('abandoned.db.'))).toEqual([])
  })

  it('is unlocked if its process has ended', async () => {
    const file = directory.file('killed.db')
    // No Linux process can have this ID.
    writeFileSync(`${file}.owner`, `4194304 ${(await import('node:os')).hostname()}`)
    openWasmSqlite(file, 'write').close()
    expect(existsSync(`${file}.owner`)).toBe(false)
  })
})
