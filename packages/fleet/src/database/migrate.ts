import type { Pool } from 'pg'
import { BEGIN } from './pool.ts'

/** The schema of all tables. */
export const SCHEMA = 'imago_fleet'

/**
 * The steps from an empty database to the current schema; a version is the number of steps. Workers of the version before run beside those of the next, so a step
 * only adds: tables, nullable columns, columns with a default, indexes. A released step never changes.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ${SCHEMA}.run (
     id text PRIMARY KEY,
     plan json NOT NULL,
     state text NOT NULL,
     epoch integer NOT NULL,
     owner text NOT NULL,
     held_until timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   );
   COMMENT ON COLUMN ${SCHEMA}.run.epoch IS 'How often the run was taken. Only the owner of the current epoch may append entries.';
   COMMENT ON COLUMN ${SCHEMA}.run.held_until IS 'Until when others wait for the owner, which extends it. NULL: released.';
   CREATE TABLE ${SCHEMA}.entry (
     run text NOT NULL REFERENCES ${SCHEMA}.run ON DELETE CASCADE,
     n integer NOT NULL,
     epoch integer NOT NULL,
     body json NOT NULL,
     PRIMARY KEY (run, n)
   )`,
  // An earlier layout counted these tables on its own, in queue_version. Its workers still read that table, so it is not dropped.
  `CREATE TABLE IF NOT EXISTS ${SCHEMA}.transfer (
     run uuid PRIMARY KEY,
     position bigint GENERATED ALWAYS AS IDENTITY,
     plan json NOT NULL,
     settings json NOT NULL,
     title text NOT NULL,
     source_cloud text,
     target_cloud text,
     bytes bigint,
     state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
     attempt integer NOT NULL DEFAULT 0,
     failures integer NOT NULL DEFAULT 0,
     lost integer NOT NULL DEFAULT 0,
     worker uuid,
     step text,
     step_bytes bigint,
     step_total bigint,
     reason text,
     message text,
     outcome json,
     submitted_at timestamptz NOT NULL DEFAULT now(),
     ready_at timestamptz,
     started_at timestamptz,
     heartbeat_at timestamptz,
     finished_at timestamptz
   );
   CREATE INDEX IF NOT EXISTS transfer_state ON ${SCHEMA}.transfer (state);
   CREATE INDEX IF NOT EXISTS transfer_finished ON ${SCHEMA}.transfer (finished_at);
   CREATE TABLE IF NOT EXISTS ${SCHEMA}.worker (
     worker uuid PRIMARY KEY,
     host text NOT NULL,
     process integer NOT NULL,
     version text NOT NULL,
     jobs integer NOT NULL,
     is_draining boolean NOT NULL DEFAULT false,
     started_at timestamptz NOT NULL DEFAULT now(),
     heartbeat_at timestamptz NOT NULL DEFAULT now()
   )`,
]

// A query of the catalog, because to_regclass() may not see a table that another connection has just created.
const FIND_TABLE = `SELECT FROM pg_catalog.pg_tables WHERE schemaname = '${SCHEMA}' AND tablename = 'migration'`
const READ_VERSION = `SELECT coalesce(max(version), 0) AS version FROM ${SCHEMA}.migration`

/** A statement that waits for a table in use makes all later ones wait behind it: better fail, and let the caller try again. */
const MAX_TABLE_WAIT_MS = 5000

type Client = Pick<Pool, 'query'>

const readVersion = async (client: Client): Promise<number> => {
  if ((await client.query(FIND_TABLE)).rows.length === 0) return 0
  return (await client.query<{ readonly version: number }>(READ_VERSION)).rows[0]?.version ?? 0
}

/**
 * Brings the schema up to date, in one transaction. Several workers may call it at a time; the schema of a later version stays as it is. A schema that is up to
 * date is only read, so its user needs no permission to create one.
 */
export const migrate = async (pool: Pool, steps: readonly string[] = MIGRATIONS): Promise<void> => {
  if ((await readVersion(pool)) >= steps.length) return
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query(BEGIN)
    // CREATE SCHEMA IF NOT EXISTS fails if two connections run it at a time.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('${SCHEMA}'))`)
    await client.query(`SET LOCAL lock_timeout = ${MAX_TABLE_WAIT_MS}`)
    const version = await readVersion(client)
    if (version === 0) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${SCHEMA}.migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
      )
    }
    for (const [index, step] of steps.entries()) {
      if (index < version) continue
      await client.query(step)
      await client.query(`INSERT INTO ${SCHEMA}.migration (version) VALUES ($1)`, [index + 1])
    }
    await client.query('COMMIT')
  } catch (thrown) {
    failure = thrown instanceof Error ? thrown : new Error(String(thrown))
    await client.query('ROLLBACK').catch(() => undefined)
    throw thrown
  } finally {
    // A connection that failed is closed instead of used again.
    client.release(failure)
  }
}
