import { eventually, runPsql, startPostgres, type LabPostgres } from '@imago/lab'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { assertBuilt } from './imago.ts'
import { startExport } from './running-export.ts'

const IMAGES = 6000

let server: LabPostgres

beforeAll(async () => {
  assertBuilt()
  server = await startPostgres()
})
afterAll(() => server.stop())

const createDatabase = (name: string): string => {
  runPsql(server.url, `CREATE DATABASE ${name}`)
  const url = new URL(server.url)
  url.pathname = name
  return url.href
}

/** What another client sees in the database. */
const countRows = (url: string) => ({
  runs: Number(runPsql(url, 'SELECT count(*) FROM imago.runs')),
  images: Number(runPsql(url, 'SELECT count(*) FROM imago.images')),
  labels: Number(runPsql(url, 'SELECT count(*) FROM imago.image_labels')),
})

/** The number of imago's connections for which `condition` is true in `pg_stat_activity`. */
const countConnections = (url: string, condition: string): number =>
  Number(
    runPsql(
      url,
      `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'imago' AND ${condition}`,
    ),
  )

const waitForConnections = (url: string, condition: string, wanted: number): Promise<true> =>
  eventually(`${wanted} connections with ${condition}`, async () => countConnections(url, condition) === wanted || null)

/** Starts a client that locks `imago.runs`, and returns a function that ends it. */
const lockRuns = async (url: string): Promise<() => Promise<void>> => {
  const client = spawn('psql', ['--no-psqlrc', '--quiet', url], { stdio: ['pipe', 'pipe', 'inherit'] })
  client.stdin.write('BEGIN;\nLOCK TABLE imago.runs IN SHARE MODE;\n\\echo locked\n')
  await once(client.stdout, 'data')
  return async () => {
    const closed = once(client, 'close')
    client.stdin.end()
    await closed
  }
}

/** Stores three images in a first run. */
const storeFew = async (url: string): Promise<void> => {
  const first = startExport(url, '2026-10-01')
  await first.write(1, 3)
  expect(await first.finish()).toMatchObject({ code: 0, stderr: '' })
}

describe('a killed export to PostgreSQL', () => {
  it('stores no part of the run when it is killed while loading', async () => {
    const url = createDatabase('loading')
    await storeFew(url)
    const before = countRows(url)
    const killed = startExport(url, '2026-10-02')
    await killed.write(1, IMAGES)
    await waitForConnections(url, "xact_start IS NOT NULL AND query LIKE 'COPY %'", 1)
    await killed.kill()
    await waitForConnections(url, 'true', 0)
    expect(countRows(url)).toEqual(before)
    const next = startExport(url, '2026-10-03')
    await next.write(1, IMAGES)
    expect(await next.finish()).toMatchObject({
      code: 0,
      stdout: `${IMAGES} images: ${IMAGES - 3} new, 0 changed, 0 missing\n`,
    })
    expect(countRows(url)).toMatchObject({ runs: 2, images: IMAGES })
  })

  it('stores no part of the run when it is killed after the images, before the run', async () => {
    const url = createDatabase('merging')
    await storeFew(url)
    const before = countRows(url)
    const unlock = await lockRuns(url)
    const killed = startExport(url, '2026-10-02')
    await killed.write(2, IMAGES)
    killed.endInput()
    await waitForConnections(url, "wait_event_type = 'Lock' AND query LIKE 'INSERT INTO imago.\"runs\"%'", 1)
    await killed.kill()
    await unlock()
    await waitForConnections(url, 'true', 0)
    expect(countRows(url)).toEqual(before)
    expect(runPsql(url, 'SELECT count(*) FROM imago.images WHERE missing_since IS NOT NULL')).toBe('0')
    const next = startExport(url, '2026-10-03')
    await next.write(2, IMAGES)
    expect(await next.finish()).toMatchObject({
      code: 0,
      stdout: `${IMAGES - 1} images: ${IMAGES - 3} new, 0 changed, 1 missing\n`,
    })
    expect(countRows(url)).toMatchObject({ runs: 2, images: IMAGES })
  })
})
