import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { conflict, decodeFailed, notFound, type ImageError } from '@imago/core'
import {
  createFencedError,
  isRunId,
  JOURNAL_VERSION,
  parseEntries,
  type Entry,
  type JournalStore,
  type Line,
  type Plan,
  type RunLease,
  type StoredRun,
  type TakeOptions,
  type VisitRun,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import type { Pool, PoolClient } from 'pg'
import { FLEET_SITE } from '../database/database-error.ts'
import { getDatabaseTitle, withDatabaseErrors } from '../database/database.ts'
import { migrate, SCHEMA } from '../database/migrate.ts'
import { BEGIN, createPool } from '../database/pool.ts'

export interface PostgresJournalsOptions {
  /**
   * For how many seconds others wait for an owner that no longer answers, by the clock of the database. An owner extends this three times as often. Default: 30.
   */
  readonly leaseSeconds?: number | undefined
}

/** Journals in a PostgreSQL database, which many machines can use. */
export interface PostgresJournals extends JournalStore {
  readonly close: () => Promise<void>
}

const TABLES = { run: `${SCHEMA}.run`, entry: `${SCHEMA}.entry` } as const

/** The end of a lease of `$n` seconds. The time of the statement, not of the transaction, which may have waited for the lock of a row. */
const leaseEnd = (parameter: string): string => `clock_timestamp() + make_interval(secs => ${parameter})`

const IS_HELD = 'coalesce(held_until > clock_timestamp(), false)'

/** The entry of a plan has some ten kilobytes, and others some hundred bytes. */
const MAX_FETCHED_ROWS = 1000

const SQL = {
  create: `INSERT INTO ${TABLES.run} (id, plan, state, epoch, owner, held_until)
    VALUES ($1, $2, 'open', 1, $3, ${leaseEnd('$4')}) ON CONFLICT (id) DO NOTHING RETURNING epoch`,
  take: `UPDATE ${TABLES.run} SET epoch = epoch + 1, owner = $2, held_until = ${leaseEnd('$3')}, updated_at = now()
    WHERE id = $1 AND NOT ${IS_HELD} RETURNING epoch`,
  holder: `SELECT owner FROM ${TABLES.run} WHERE id = $1`,
  insert: `INSERT INTO ${TABLES.entry} (run, n, epoch, body)
    SELECT $1, (SELECT coalesce(max(n), 0) + 1 FROM ${TABLES.entry} WHERE run = $1), $2, $3`,
  // The locked row keeps its epoch until the entry is committed.
  append: `WITH held AS (SELECT id FROM ${TABLES.run} WHERE id = $1 AND epoch = $2 AND owner = $3 FOR UPDATE),
    written AS (INSERT INTO ${TABLES.entry} (run, n, epoch, body)
      SELECT id, (SELECT coalesce(max(n), 0) + 1 FROM ${TABLES.entry} WHERE run = $1), $2, $4 FROM held)
    UPDATE ${TABLES.run} AS run SET held_until = ${leaseEnd('$5')}, state = $6, updated_at = now() FROM held WHERE run.id = held.id`,
  extend: `UPDATE ${TABLES.run} SET held_until = ${leaseEnd('$4')} WHERE id = $1 AND epoch = $2 AND owner = $3`,
  release: `UPDATE ${TABLES.run} SET held_until = NULL WHERE id = $1 AND epoch = $2 AND owner = $3`,
  entries: `SELECT body::text AS body FROM ${TABLES.entry} WHERE run = $1 ORDER BY n`,
  read: `SELECT entry.body::text AS body, ${IS_HELD} AS held FROM ${TABLES.run} AS run
    JOIN ${TABLES.entry} AS entry ON entry.run = run.id WHERE run.id = $1 ORDER BY entry.n`,
  // In the order of the primary key of entries, which needs no sorting.
  declareEach: `DECLARE each_run NO SCROLL CURSOR FOR SELECT run.id AS run, entry.body::text AS body, ${IS_HELD} AS held
    FROM ${TABLES.run} AS run JOIN ${TABLES.entry} AS entry ON entry.run = run.id ORDER BY entry.run, entry.n`,
  fetchEach: `FETCH ${MAX_FETCHED_ROWS} FROM each_run`,
  list: `SELECT id FROM ${TABLES.run} ORDER BY id COLLATE "C"`,
  lock: `SELECT owner, ${IS_HELD} AS held FROM ${TABLES.run} WHERE id = $1 FOR UPDATE`,
  delete: `DELETE FROM ${TABLES.run} WHERE id = $1`,
} as const

/** An entry of a run, and whether the run is held. */
interface StoredRow {
  readonly body: string
  readonly held: boolean
}

interface EachRow extends StoredRow {
  readonly run: string
}

/** The state of a run after an entry, for queries. The journal itself is in the entries. */
const selectState = (entry: Entry): 'open' | 'failed' | 'refused' | 'done' => {
  if (entry.entry === 'done') return 'done'
  if (entry.entry !== 'failed') return 'open'
  return entry.isFinal === true ? 'refused' : 'failed'
}

const createLine = (entry: Entry, epoch: number, at: string): Line => ({ v: JOURNAL_VERSION, at, epoch, ...entry })

const runNotFound = (run: string): E.Either<ImageError, never> =>
  E.left(notFound(FLEET_SITE, { what: `run not found: ${run}`, hint: 'List the runs' }))

const runInUse = (run: string, owner: string): E.Either<ImageError, never> =>
  E.left(
    conflict(FLEET_SITE, {
      what: `run ${run} is in progress (${owner})`,
      reason: 'in_use',
      hint: 'Wait until it has finished, or stop it',
    }),
  )

/** Runs `work` in a transaction. A Left rolls it back. `begin` is its first statement. */
const inTransaction = async <A>(
  pool: Pool,
  work: (client: PoolClient) => Promise<E.Either<ImageError, A>>,
  begin = 'BEGIN',
): Promise<E.Either<ImageError, A>> => {
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query(E.isLeft(result) ? 'ROLLBACK' : 'COMMIT')
    return result
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => void (isBroken = true))
    throw thrown
  } finally {
    client.release(isBroken)
  }
}

/** Creates a store of journals in a database with the current schema. `title` names it in messages, without secrets. */
export const createPostgresJournals = (
  pool: Pool,
  title: string,
  { leaseSeconds = 30 }: PostgresJournalsOptions = {},
): JournalStore => {
  const describe = (run: string): string => `${run} in ${title}`

  const withErrors = async <A>(work: () => Promise<E.Either<ImageError, A>>): Promise<E.Either<ImageError, A>> =>
    E.flatten(await withDatabaseErrors(title, work))

  const parse = (run: string, rows: readonly { readonly body: string }[]): E.Either<ImageError, readonly Line[]> =>
    E.mapLeft((why: string) =>
      decodeFailed(FLEET_SITE, {
        what: `cannot resume from the journal ${describe(run)}: ${why}`,
        hint: 'Discard the run, then create a new plan',
        remedy: 'discard-run',
        issues: [],
      }),
    )(
      parseEntries(
        run,
        rows.map(({ body }) => body),
      ),
    )

  /** Takes the run in an open transaction. */
  const takeIn = async (
    client: PoolClient,
    which: Plan | string,
    owner: string,
    at: string,
  ): Promise<E.Either<ImageError, { readonly epoch: number; readonly lines: readonly Line[] }>> => {
    const run = typeof which === 'string' ? which : which.id
    if (typeof which !== 'string') {
      const { rowCount } = await client.query(SQL.create, [run, JSON.stringify(which), owner, leaseSeconds])
      if (rowCount === 1) {
        const line = createLine({ entry: 'started', plan: which }, 1, at)
        await client.query(SQL.insert, [run, 1, JSON.stringify(line)])
        return E.map((lines: readonly Line[]) => ({ epoch: 1, lines }))(parse(run, [{ body: JSON.stringify(line) }]))
      }
    }
    const taken = (await client.query<{ readonly epoch: number }>(SQL.take, [run, owner, leaseSeconds])).rows[0]
    if (taken === undefined) {
      const holder = (await client.query<{ readonly owner: string }>(SQL.holder, [run])).rows[0]
      return holder === undefined ? runNotFound(run) : runInUse(run, holder.owner)
    }
    const earlier = parse(run, (await client.query<{ readonly body: string }>(SQL.entries, [run])).rows)
    if (E.isLeft(earlier)) return earlier
    const line = createLine({ entry: 'taken' }, taken.epoch, at)
    await client.query(SQL.insert, [run, taken.epoch, JSON.stringify(line)])
    return E.right({ epoch: taken.epoch, lines: [...earlier.right, line] })
  }

  const take = async (
    which: Plan | string,
    { now, onFenced }: TakeOptions,
  ): Promise<E.Either<ImageError, RunLease>> => {
    const run = typeof which === 'string' ? which : which.id
    if (!isRunId(run)) return runNotFound(run)
    // Of this taking only: a deleted run that was created again has the same epochs.
    const owner = `${hostname()}:${process.pid}:${randomUUID()}`
    const taken = await inTransaction(pool, (client) => takeIn(client, which, owner, now()), BEGIN)
    if (E.isLeft(taken)) return taken
    const { epoch, lines } = taken.right
    const fenced = createFencedError(run, epoch)
    const extend = async (): Promise<boolean> =>
      (await pool.query(SQL.extend, [run, epoch, owner, leaseSeconds])).rowCount === 1
    const timer = setInterval(
      () => {
        void extend().then(
          (isMine) => {
            if (isMine) return
            clearInterval(timer)
            onFenced?.(fenced)
          },
          // The next entry reports it.
          () => undefined,
        )
      },
      (leaseSeconds * 1000) / 3,
    )
    timer.unref()
    return E.right({
      epoch,
      lines,
      append: (entry) =>
        withErrors(async () => {
          const line = createLine(entry, epoch, now())
          const parameters = [run, epoch, owner, JSON.stringify(line), leaseSeconds, selectState(entry)]
          const { rowCount } = await pool.query(SQL.append, parameters)
          return rowCount === 1 ? E.right(line) : E.left(fenced)
        }),
      confirm: () => withErrors(async () => ((await extend()) ? E.right(undefined) : E.left(fenced))),
      release: async () => {
        clearInterval(timer)
        // Without the database, the lease ends by itself.
        await pool.query(SQL.release, [run, epoch, owner]).catch(() => undefined)
      },
    })
  }

  /** The rows of one run. */
  const toStored = (run: string, rows: readonly StoredRow[]): E.Either<ImageError, StoredRun> =>
    E.map((lines: readonly Line[]): StoredRun => ({ lines, isHeld: rows[0]?.held === true }))(parse(run, rows))

  const read = async (run: string): Promise<E.Either<ImageError, StoredRun>> => {
    if (!isRunId(run)) return runNotFound(run)
    const { rows } = await pool.query<StoredRow>(SQL.read, [run])
    if (rows.length === 0) return runNotFound(run)
    return toStored(run, rows)
  }

  const readEach = async (visit: VisitRun): Promise<E.Either<ImageError, void>> => {
    let failure: { readonly thrown: unknown } | null = null
    const visited = await withErrors(() =>
      inTransaction(pool, async (client) => {
        await client.query(SQL.declareEach)
        let current: EachRow[] = []
        const flush = (): void => {
          const run = current[0]?.run
          if (run === undefined) return
          const stored = toStored(run, current)
          current = []
          try {
            visit(run, stored)
          } catch (thrown) {
            failure = { thrown }
            throw thrown
          }
        }
        for (let isMore = true; isMore;) {
          const { rows } = await client.query<EachRow>(SQL.fetchEach)
          for (const row of rows) {
            if (row.run !== current[0]?.run) flush()
            current.push(row)
          }
          isMore = rows.length === MAX_FETCHED_ROWS
        }
        flush()
        return E.right(undefined)
      }),
    )
    // Not an error of the database.
    const failed = failure as { readonly thrown: unknown } | null
    if (failed !== null) throw failed.thrown
    return visited
  }

  const list = async (): Promise<E.Either<ImageError, readonly string[]>> =>
    E.right((await pool.query<{ readonly id: string }>(SQL.list)).rows.map(({ id }) => id))

  const remove = async (run: string, before: () => Promise<void>): Promise<E.Either<ImageError, void>> => {
    if (!isRunId(run)) return runNotFound(run)
    let failure: { readonly thrown: unknown } | null = null
    const deleted = await withErrors(() =>
      inTransaction(pool, async (client) => {
        const found = (await client.query<{ readonly owner: string; readonly held: boolean }>(SQL.lock, [run])).rows[0]
        if (found === undefined) return runNotFound(run)
        if (found.held) return runInUse(run, found.owner)
        try {
          await before()
        } catch (thrown) {
          failure = { thrown }
          throw thrown
        }
        await client.query(SQL.delete, [run])
        return E.right(undefined)
      }),
    )
    const failed = failure as { readonly thrown: unknown } | null
    if (failed !== null) throw failed.thrown
    return deleted
  }

  return {
    take: (which, options) => withErrors(() => take(which, options)),
    read: (run) => withErrors(() => read(run)),
    readEach,
    list: () => withErrors(list),
    delete: (run, before = () => Promise.resolve()) => remove(run, before),
    describe,
  }
}

/** Opens the journals of the database at a `postgres://` URL, and brings its schema up to date. */
export const openPostgresJournals = async (
  url: string,
  options: PostgresJournalsOptions = {},
): Promise<E.Either<ImageError, PostgresJournals>> => {
  const title = getDatabaseTitle(url)
  const pool = createPool(url)
  let isOpen = false
  try {
    const migrated = await withDatabaseErrors(title, () => migrate(pool))
    if (E.isLeft(migrated)) return migrated
    isOpen = true
    return E.right({ ...createPostgresJournals(pool, title, options), close: () => pool.end() })
  } finally {
    if (!isOpen) await pool.end().catch(() => undefined)
  }
}
