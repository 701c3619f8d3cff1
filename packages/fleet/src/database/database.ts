import type { ImageError } from '@imago/core'
import { parseStoreTarget } from '@imago/store/target'
import * as E from 'fp-ts/lib/Either.js'
import type pg from 'pg'
import { toDatabaseError } from './database-error.ts'
import { BEGIN, createPool } from './pool.ts'

/** Runs statements, in a transaction or each on its own. */
export interface Statements {
  readonly rows: <R extends object>(sql: string, values?: readonly unknown[]) => Promise<readonly R[]>
}

/** A pool of connections to a PostgreSQL database. */
export interface Database extends Statements {
  /** Its URL without the password, for messages. */
  readonly title: string
  /** Commits when `work` resolves, and rolls back when it throws. */
  readonly transaction: <A>(work: (statements: Statements) => Promise<A>) => Promise<A>
  readonly close: () => Promise<void>
}

const createStatements = (client: pg.Pool | pg.PoolClient): Statements => ({
  rows: async <R extends object>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<R>(sql, [...values])).rows,
})

/** The URL of a database without its password, for messages. */
export const getDatabaseTitle = (url: string): string => {
  const target = parseStoreTarget(url)
  return E.isRight(target) ? target.right.title : 'postgres://…'
}

/** The most connections of a process, besides those of the queue. */
const MAX_CONNECTIONS = 4

/** Opens a database. Connects when the first statement runs. */
export const openDatabase = (url: string): Database => {
  const pool = createPool(url, { max: MAX_CONNECTIONS })
  return {
    ...createStatements(pool),
    title: getDatabaseTitle(url),
    transaction: async (work) => {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query(BEGIN)
        const result = await work(createStatements(client))
        await client.query('COMMIT')
        return result
      } catch (thrown) {
        await client.query('ROLLBACK').catch((failed: unknown) => {
          broken = failed instanceof Error ? failed : new Error(String(failed))
        })
        throw thrown
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

/** Errors of the database as values; other exceptions are thrown again. `title` names the database without secrets. */
export const withDatabaseErrors = async <A>(
  title: string,
  work: () => Promise<A>,
): Promise<E.Either<ImageError, A>> => {
  try {
    return E.right(await work())
  } catch (thrown) {
    const error = toDatabaseError(title, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
}
