import { beforeAll, describe, expect, it } from '@jest/globals'
import { DuckDBInstance } from '@duckdb/node-api'
import { parseStoreTarget, readStore } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, imago } from './imago.ts'

beforeAll(assertBuilt)

const ATTEMPTS = 5

const folder = temporaryFolder()

const save = (name: string, count: number): string =>
  folder.file(
    name,
    Array.from({ length: count }, (_, index) => `${JSON.stringify(hetzner({ id: index + 1 }))}\n`).join(''),
  )

const few = save('few.ndjson', 3)
const many = save('many.ndjson', 30_000)

const createDirectory = (name: string): string => {
  const directory = folder.path(name)
  mkdirSync(directory)
  return directory
}

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

/** In bytes. */
const findSize = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The size of a file that is being written beside the target. */
const findTemporarySize = (directory: string, name: string): number =>
  Math.max(
    0,
    ...readdirSync(directory)
      .filter((entry) => entry.endsWith('.tmp'))
      .map((entry) => findSize(join(directory, entry, name))),
  )

const startExport = (target: string, nodeOptions = ''): ChildProcess =>
  spawn(process.execPath, [BIN, ...parameters(target, many, '2026-10-02')], {
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
    stdio: 'ignore',
  })

/** Returns whether the condition became true while the process ran. Then the process is killed. */
const killWhen = async (child: ChildProcess, isReached: () => boolean): Promise<boolean> => {
  const timer = setInterval(() => {
    if (isReached()) child.kill('SIGKILL')
  }, 1)
  const [, signal] = await once(child, 'close')
  clearInterval(timer)
  return signal === 'SIGKILL'
}

/** Exports many images, and kills the process as soon as a condition is true. Tries again if a busy machine polls too late. */
const exportAndKill = async (target: string, isReached: () => boolean): Promise<void> => {
  const before = readFileSync(target)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await killWhen(startExport(target), isReached)) return
    writeFileSync(target, before)
  }
  throw new Error(`the export ended ${ATTEMPTS} times before the condition was seen`)
}

/** Exports many images, and kills the process when it would give a new file its name. */
const exportUntilNamed = async (target: string): Promise<void> => {
  const preload = folder.file(
    'die-before-link.cjs',
    "require('node:fs').linkSync = () => process.kill(process.pid, 'SIGKILL')\n",
  )
  const [, signal] = await once(startExport(target, `--require=${JSON.stringify(preload)}`), 'close')
  expect(signal).toBe('SIGKILL')
}

const countStored = async (file: string): Promise<number> => {
  const target = parseStoreTarget(file)
  if (E.isLeft(target)) throw new Error(target.left.what)
  const observation = await readStore(target.right)
  if (E.isLeft(observation)) throw new Error(observation.left.what)
  return observation.right.clouds.flatMap(({ images }) => images.items).length
}

/** Counts the images in a Parquet file with DuckDB. */
const countRows = async (file: string): Promise<unknown> => {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM '${file}'`)).getRows()
  connection.closeSync()
  instance.closeSync()
  return rows[0]?.[0]
}

/** Whether an export is in the phase in which it is killed. `before`: the size of the target before. */
type Phase = (directory: string, target: string, before: number) => boolean

describe('a killed export', () => {
  it.each<[string, string, Phase]>([
    ['SQLite, while loading', 'loading.db', (directory) => findTemporarySize(directory, 'stage.db') > 100_000],
    ['SQLite, while changing the database', 'merging.db', (_, target) => findSize(`${target}-journal`) > 0],
    [
      'DuckDB, while loading',
      'loading.duckdb',
      (directory) => findTemporarySize(directory, 'stage_images-1.parquet') > 100_000,
    ],
    ['DuckDB, while changing the database', 'merging.duckdb', (_, target, before) => findSize(target) > before],
  ])('stores no part of the run: %s', async (_, name, isReached) => {
    const directory = createDirectory(name)
    const target = join(directory, name)
    expect((await imago(parameters(target, few, '2026-10-01'))).code).toBe(0)
    const before = findSize(target)
    await exportAndKill(target, () => isReached(directory, target, before))
    expect(await countStored(target)).toBe(3)
    const next = await imago(parameters(target, many, '2026-10-03'))
    expect(next).toMatchObject({ code: 0, stdout: '30000 images: 29997 new, 0 changed, 0 missing\n' })
    expect(readdirSync(directory)).toEqual([name])
  })

  it('keeps the Parquet file of the previous run', async () => {
    const directory = createDirectory('parquet')
    const target = join(directory, 'images.parquet')
    expect((await imago(parameters(target, few, '2026-10-01'))).code).toBe(0)
    await exportAndKill(target, () => findTemporarySize(directory, 'images.parquet') > 100_000)
    expect(await countRows(target)).toBe(3)
    expect(await imago(parameters(target, many, '2026-10-03'))).toMatchObject({ code: 0 })
    expect(await countRows(target)).toBe(30_000)
    expect(readdirSync(directory)).toEqual(['images.parquet'])
  })

  it('creates no incomplete file', async () => {
    const directory = createDirectory('new')
    const target = join(directory, 'new.db')
    await exportUntilNamed(target)
    expect(findTemporarySize(directory, 'new')).toBeGreaterThan(0)
    expect(readdirSync(directory)).not.toContain('new.db')
    expect((await imago(parameters(target, few, '2026-10-03'))).code).toBe(0)
    expect(await countStored(target)).toBe(3)
    expect(readdirSync(directory)).toEqual(['new.db'])
  })
})
