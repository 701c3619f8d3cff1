import { beforeAll, describe, expect, it } from '@jest/globals'
import { DuckDBInstance } from '@duckdb/node-api'
import { parseStoreTarget, readStore } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, watch } from 'node:fs'
import { hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago } from './imago.ts'

beforeAll(assertBuilt)

const folder = temporaryFolder()

const save = (name: string, count: number): string =>
  folder.file(
    name,
    Array.from({ length: count }, (_, index) => `${JSON.stringify(hetzner({ id: index + 1 }))}\n`).join(''),
  )

const few = save('few.ndjson', 3)
const many = save('many.ndjson', 30_000)

/** A directory for the target, and one for temporary files. */
const createPlace = (name: string) => {
  const directory = folder.path(name)
  const temporary = folder.path(`${name}-tmp`)
  mkdirSync(directory)
  mkdirSync(temporary)
  return { directory, temporary }
}
type Place = ReturnType<typeof createPlace>

const parameters = (target: string, file: string, at: string) => [
  'export',
  target,
  '--from',
  file,
  '--cloud',
  'production',
  '--at',
  at,
]

/** Exports many images, and kills the process when a file with this name is created or changed. */
const exportAndKill = async (target: string, { temporary }: Place, directory: string, name: RegExp): Promise<void> => {
  const child = spawn(process.execPath, [BIN, ...parameters(target, many, '2026-10-02')], {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: temporary },
    stdio: 'ignore',
  })
  const watcher = watch(directory, (_, file) => {
    if (file !== null && name.test(file)) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'close')
  watcher.close()
  expect(signal).toBe('SIGKILL')
}

const countStored = async (file: string): Promise<number> => {
  const target = parseStoreTarget(file)
  if (E.isLeft(target)) throw new Error(target.left.what)
  const observation = await readStore(target.right)
  if (E.isLeft(observation)) throw new Error(observation.left.what)
  return observation.right.clouds.flatMap(({ images }) => images.items).length
}

describe('a killed export', () => {
  it.each([
    ['SQLite, while loading', 'loading.db', 'temporary', /^imago-stage-/],
    ['SQLite, while changing the database', 'merging.db', 'directory', /\.db-journal$/],
    ['DuckDB, while loading', 'loading.duckdb', 'temporary', /^imago-stage-/],
  ] as const)('stores no part of the run: %s', async (_, name, watched, file) => {
    const place = createPlace(name)
    const target = `${place.directory}/${name}`
    expect((await imago(parameters(target, few, '2026-10-01'))).code).toBe(0)
    await exportAndKill(target, place, place[watched], file)
    expect(await countStored(target)).toBe(3)
    const next = await imago(parameters(target, many, '2026-10-03'))
    expect(next).toMatchObject({ code: 0, stdout: '30000 images: 29997 new, 0 changed, 0 missing\n' })
  })

  it('keeps the Parquet file of the previous run', async () => {
    const place = createPlace('parquet')
    const target = `${place.directory}/images.parquet`
    expect((await imago(parameters(target, few, '2026-10-01'))).code).toBe(0)
    await exportAndKill(target, place, place.directory, /^\.images\.parquet\..*\.tmp$/)
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    const rows = (await connection.runAndReadAll(`SELECT count(*) FROM '${target}'`)).getRowsJson()
    connection.closeSync()
    instance.closeSync()
    expect(rows).toEqual([['3']])
  })

  it('creates no incomplete file', async () => {
    const place = createPlace('new')
    const target = `${place.directory}/new.db`
    await exportAndKill(target, place, place.directory, /^\.new\.db\..*\.tmp$/)
    expect((await imago(parameters(target, few, '2026-10-03'))).code).toBe(0)
    expect(await countStored(target)).toBe(3)
  })
})
