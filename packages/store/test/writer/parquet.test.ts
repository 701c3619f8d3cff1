import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { FILE_COLUMNS, openStoreWriter, readStore } from '../../src/index.ts'
import { createDirectory, image, left, right, createState, store, target } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

const AT = '2026-11-02T03:00:00Z'

/** Reads a file with DuckDB, as another implementation. */
const query = async (sql: string): Promise<readonly unknown[]> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson()
  connection.closeSync()
  instance.closeSync()
  return rows
}

describe('a Parquet file', () => {
  it('can be read by DuckDB', async () => {
    const file = directory.file('images.parquet')
    const one = image('1', {
      name: 'ä "quoted"',
      protected: true,
      size: { stored: 2 ** 53 - 1 },
      createdAt: '2026-01-01T00:00:00.123456Z',
      labels: { env: 'prod' },
      tags: ['a', 'b'],
    })
    const raw = '{"id":12345678901234567890}'
    right(await store(target(file), { at: AT, images: [one, image('2')], extra: { raw } }))
    expect(
      await query(
        `SELECT id, name, protected, size_stored, created_at, labels->>'env' AS env, tags->>1 AS tag, raw->>'id' AS raw, observed_at FROM '${file}' ORDER BY id`,
      ),
    ).toEqual([
      {
        id: '1',
        name: 'ä "quoted"',
        protected: true,
        size_stored: '9007199254740991',
        created_at: '2026-01-01 00:00:00.123456+00',
        env: 'prod',
        tag: 'b',
        raw: '12345678901234567890',
        observed_at: '2026-11-02 03:00:00+00',
      },
      {
        id: '2',
        name: null,
        protected: null,
        size_stored: null,
        created_at: null,
        env: null,
        tag: null,
        raw: '12345678901234567890',
        observed_at: '2026-11-02 03:00:00+00',
      },
    ])
  })

  it('has the columns and types of the tables', async () => {
    const file = directory.file('columns.parquet')
    right(await store(target(file), { at: AT, images: [] }))
    const types = {
      text: 'VARCHAR',
      integer: 'BIGINT',
      boolean: 'BOOLEAN',
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      decimal: 'VARCHAR',
      json: 'JSON',
      document: 'JSON',
    }
    expect(await query(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`)).toEqual(
      FILE_COLUMNS.map(({ name, type }) => ({ column_name: name, column_type: types[type] })),
    )
  })

  it('contains several row groups', async () => {
    const file = directory.file('many.parquet')
    const images = Array.from({ length: 20_001 }, (_, index) => image(String(index)))
    right(await store(target(file), { at: AT, images }))
    expect(await query(`SELECT count(*) AS rows, count(DISTINCT id) AS ids FROM '${file}'`)).toEqual([
      { rows: '20001', ids: '20001' },
    ])
  })

  it('does not exist until it is complete', async () => {
    const file = directory.file('whole.parquet')
    const run = { id: 'r', at: AT, origin: 'live', selection: null, version: '0' } as const
    const writer = right(await openStoreWriter(target(file), { run }))
    const batch = right(await writer.begin())
    batch.add(image('1'))
    right(await batch.flush())
    right(await batch.commit([createState()]))
    const named = () => readdirSync(dirname(file)).filter((name) => name === 'whole.parquet')
    expect(named()).toEqual([])
    right(await writer.close())
    expect(named()).toEqual(['whole.parquet'])
  })

  it('leaves nothing when it is discarded', async () => {
    const file = directory.file('discarded.parquet')
    const run = { id: 'r', at: AT, origin: 'live', selection: null, version: '0' } as const
    await right(await openStoreWriter(target(file), { run })).discard()
    expect(readdirSync(dirname(file)).filter((name) => name.includes('discarded'))).toEqual([])
  })

  it('has no history to read', async () => {
    expect(left(await readStore(target(directory.file('images.parquet'))))._tag).toBe('NotAStore')
  })
})
