import { describe, expect, it } from '@jest/globals'
import { FIELD_NAMES, FIELDS } from '@imago/core'
import { TABLES, tablesSql } from '../../src/index.ts'
import { FIELD_COLUMNS } from '../../src/tables/image-columns.ts'

const findColumn = (name: string) => FIELD_COLUMNS.find(({ column }) => column.name === name)?.column

describe('FIELD_COLUMNS', () => {
  it('contain all fields of the field table', () => {
    expect(FIELD_COLUMNS.map(({ field }) => field)).toEqual(FIELD_NAMES)
  })

  it('have the types of the fields', () => {
    expect(findColumn('size_min_disk')?.type).toBe('integer')
    expect(findColumn('created_at')?.type).toBe('timestamp')
    expect(findColumn('rapid_deploy')?.type).toBe('boolean')
    expect(findColumn('os_default_user')?.type).toBe('text')
    expect(findColumn('kind')?.type).toBe('text')
    expect(findColumn('labels')?.type).toBe('json')
  })

  it('are JSON only for lists and maps', () => {
    const json = FIELD_COLUMNS.filter(({ column }) => column.type === 'json').map(({ field }) => FIELDS[field].type)
    expect(json.filter((type) => !/^(?:list|map) of /.test(type))).toEqual([])
  })
})

describe('TABLES', () => {
  it('have each column once', () => {
    const repeated = TABLES.flatMap(({ name, columns }) => {
      const names = columns.map((column) => column.name)
      return new Set(names).size === names.length ? [] : [name]
    })
    expect(repeated).toEqual([])
  })

  it.each(['sqlite', 'postgres', 'duckdb'] as const)('are created by the SQL of %s', (dialect) => {
    const created = [...tablesSql(dialect).matchAll(/CREATE TABLE IF NOT EXISTS (?:imago\.)?"(\w+)"/g)].map(
      ([, name]) => name,
    )
    expect(created).toEqual(['store_version', ...TABLES.map(({ name }) => name)])
  })
})
