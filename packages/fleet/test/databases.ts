import { runPsql, startPostgres, type LabPostgres } from '@imago/lab'
import { afterAll, afterEach, beforeAll } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import pg from 'pg'
import { openPostgresJournals, type PostgresJournals, type PostgresJournalsOptions } from '../src/index.ts'

/** A PostgreSQL server for the tests of a file. What is opened is closed after each test, the last first. */
export interface Databases {
  /** The URL of the server’s own database. */
  readonly url: () => string
  /** Creates a database, and returns its URL. */
  readonly create: () => string
  readonly openJournals: (url: string, options?: PostgresJournalsOptions) => Promise<PostgresJournals>
  readonly openPool: (url: string) => pg.Pool
  readonly closeAfterTest: (close: () => Promise<unknown>) => void
}

/** Starts PostgreSQL before the tests of a file, and stops it after them. */
export const setUpDatabases = (): Databases => {
  let server: LabPostgres
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server.stop())

  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })
  const closeAfterTest = (close: () => Promise<unknown>): void => void closing.push(close)

  let count = 0
  return {
    url: () => server.url,
    create: () => {
      const name = `fleet_${++count}`
      runPsql(server.url, `CREATE DATABASE ${name}`)
      const url = new URL(server.url)
      url.pathname = name
      return url.href
    },
    openJournals: async (url, options) => {
      const journals = await openPostgresJournals(url, options)
      if (E.isLeft(journals)) throw new Error(journals.left.what)
      closeAfterTest(journals.right.close)
      return journals.right
    },
    openPool: (url) => {
      const pool = new pg.Pool({ connectionString: url })
      pool.on('error', () => undefined)
      closeAfterTest(() => pool.end())
      return pool
    },
    closeAfterTest,
  }
}
