import { describe, expect, it } from '@jest/globals'
import { parseStoreReference, parseStoreTarget } from '../src/index.ts'
import { left, right } from './stored.ts'

describe('parseStoreTarget', () => {
  it.each([
    ['images.parquet', 'parquet'],
    ['./a.b/inventory.db', 'sqlite'],
    ['INVENTORY.SQLITE3', 'sqlite'],
    ['inventory.duckdb', 'duckdb'],
    ['postgres://db.example.com/x', 'postgres'],
    ['postgresql:///x?host=/run/postgresql', 'postgres'],
  ])('reads %s as %s', (text, format) => {
    expect(right(parseStoreTarget(text)).format).toBe(format)
  })

  it.each(['images', 'images.csv', '.parquet/', 'mysql://host/x', ''])('refuses "%s"', (text) => {
    expect(left(parseStoreTarget(text))._tag).toBe('TargetInvalid')
  })

  it.each([
    ['postgres://me:hunter2@host/x', 'postgres://me:***@host/x'],
    ['postgres://me@host/x?password=hunter2', 'postgres://me@host/x?password=***'],
    ['postgres://me:hunter2@host:port/x', 'postgres://…'],
  ])('names %s without its password', (url, title) => {
    expect(right(parseStoreTarget(url)).title).toBe(title)
  })
})

describe('parseStoreReference', () => {
  it.each([
    ['inventory.db', 'inventory.db', null],
    ['inventory.db@2026-11-01', 'inventory.db', '2026-11-01T23:59:59.999999Z'],
    ['inventory.db@2026-11-01T03:00:00Z', 'inventory.db', '2026-11-01T03:00:00Z'],
    ['a@b.db', 'a@b.db', null],
    ['a@2026-11-01.db', 'a@2026-11-01.db', null],
  ])('reads %s', (text, path, at) => {
    expect(right(parseStoreReference(text))).toEqual({ target: { format: 'sqlite', path, title: path }, at })
  })

  it.each([
    ['inventory.db@foo', 'foo'],
    ['inventory.parquet@', ''],
    ['inventory.db@2026-13-01', '2026-13-01'],
    ['inventory.db@2026-11-01T25:00:00Z', '2026-11-01T25:00:00Z'],
  ])('refuses the time of %s', (text, time) => {
    expect(left(parseStoreReference(text))).toEqual({
      _tag: 'TimeInvalid',
      target: text,
      what: `invalid time ${JSON.stringify(time)}`,
    })
  })

  it.each(['prod@foo', 'images.json@2026'])('reads no time in %s, which is not a store', (text) => {
    expect(left(parseStoreReference(text))._tag).toBe('TargetInvalid')
  })

  it('reads a time after an address with a password', () => {
    const { target, at } = right(parseStoreReference('postgres://me:p@ss@host/x@2026-11-01T03:00:00Z'))
    expect(target).toMatchObject({ url: 'postgres://me:p@ss@host/x' })
    expect(at).toBe('2026-11-01T03:00:00Z')
  })
})
