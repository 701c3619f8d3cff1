import { beforeAll, describe, expect, it } from '@jest/globals'
import { DuckDBInstance } from '@duckdb/node-api'
import { parseStoreTarget, readStore } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { EXIT } from '../../src/exit-code.ts'
import { hetzner } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, imago } from './imago.ts'
import { startExport } from './running-export.ts'

beforeAll(assertBuilt)

const folder = temporaryFolder()

const createTarget = (name: string): string => {
  const directory = folder.path(`${name}-directory`)
  mkdirSync(directory)
  return join(directory, name)
}

/** Waits until a process has a temporary file with content beside the target. */
const waitForTemporary = async (target: string, name: string): Promise<void> => {
  const directory = join(target, '..')
  const isThere = (): boolean =>
    readdirSync(directory).some((entry) => entry.endsWith('.tmp') && readdirSync(join(directory, entry)).includes(name))
  while (!isThere()) await setTimeout(20)
}

/** The IDs of the stored images of each cloud. */
const readIds = async (file: string): Promise<Readonly<Record<string, readonly string[]>>> => {
  const target = parseStoreTarget(file)
  if (E.isLeft(target)) throw new Error(target.left.what)
  const observation = await readStore(target.right)
  if (E.isLeft(observation)) throw new Error(observation.left.what)
  return Object.fromEntries(
    observation.right.clouds.map(({ cloud, images }) => [
      cloud.cloud,
      images.items.map(({ ref }) => ref.id).toSorted(),
    ]),
  )
}

const saveImages = (...ids: readonly number[]): string =>
  folder.file(`${ids.join('-')}.ndjson`, ids.map((id) => `${JSON.stringify(hetzner({ id }))}\n`).join(''))

const exportFile = (target: string, cloud: string, file: string) =>
  imago(['export', target, '--from', file, '--cloud', cloud, '--at', '2026-10-02'])

describe('an export to a file that another process exports to', () => {
  it.each([
    ['inventory.db', 'stage.db'],
    ['inventory.duckdb', 'stage_images-1.parquet'],
  ])('fails, and does not disturb the other one: %s', async (name, temporary) => {
    const target = createTarget(name)
    const first = startExport(target, '2026-10-01')
    await first.write(1, 3)
    await waitForTemporary(target, temporary)
    const second = await exportFile(target, 'staging', saveImages(4))
    expect(second).toMatchObject({ code: EXIT.temporary, stdout: '' })
    expect(second.stderr).toMatch(
      new RegExp(
        `^imago: cannot export to .*${name}: it is in use by (?:another )?process.*\\. Retry when it has finished\\n$`,
      ),
    )
    expect(await first.finish()).toMatchObject({ code: 0, stderr: '' })
    expect(await readIds(target)).toEqual({ production: ['1', '2', '3'] })
    expect(await exportFile(target, 'staging', saveImages(4))).toMatchObject({ code: 0 })
    expect(await readIds(target)).toEqual({ production: ['1', '2', '3'], staging: ['4'] })
    expect(readdirSync(join(target, '..'))).toEqual([name])
  })

  it('replaces a Parquet file by a complete one, and so does the other one', async () => {
    const target = createTarget('images.parquet')
    const readRows = async (): Promise<unknown> => {
      const instance = await DuckDBInstance.create()
      const connection = await instance.connect()
      const rows = (await connection.runAndReadAll(`SELECT id FROM '${target}' ORDER BY id`)).getRows()
      connection.closeSync()
      instance.closeSync()
      return rows.flat()
    }
    const first = startExport(target, '2026-10-01')
    await first.write(1, 3)
    await waitForTemporary(target, 'images.parquet')
    expect(await exportFile(target, 'staging', saveImages(4))).toMatchObject({ code: 0 })
    expect(await readRows()).toEqual(['4'])
    expect(await first.finish()).toMatchObject({ code: 0, stderr: '' })
    expect(await readRows()).toEqual(['1', '2', '3'])
    expect(readdirSync(join(target, '..'))).toEqual(['images.parquet'])
  })
})

describe('exports to one new file, started at once', () => {
  it.each(['new.db', 'new.duckdb'])('store all images of those that succeed: %s', async (name) => {
    const target = createTarget(name)
    const clouds = ['a', 'b', 'c', 'd']
    const file = saveImages(5, 6)
    const results = await Promise.all(clouds.map((cloud) => exportFile(target, cloud, file)))
    const stored = clouds.filter((_, index) => results[index]?.code === 0)
    expect(stored).not.toEqual([])
    for (const { code, stderr } of results.filter((result) => result.code !== 0)) {
      expect(stderr).toContain('in use by')
      expect(code).toBe(EXIT.temporary)
    }
    expect(await readIds(target)).toEqual(Object.fromEntries(stored.map((cloud) => [cloud, ['5', '6']])))
    expect(readdirSync(join(target, '..'))).toEqual([name])
  })
})
