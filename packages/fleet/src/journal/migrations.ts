import type { Pool } from 'pg'

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
]

const readVersion = `SELECT coalesce(max(version), 0) AS version FROM ${SCHEMA}.migration`

/** Brings the schema up to date, in one transaction. Several workers may call it at a time; the schema of a later version stays as it is. */
export const migrate = async (pool: Pool, steps: readonly string[] = MIGRATIONS): Promise<void> => {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    // CREATE SCHEMA IF NOT EXISTS fails if two connections run it at a time.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('${SCHEMA}'))`)
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${SCHEMA}.migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
    const version = (await client.query<{ readonly version: number }>(readVersion)).rows[0]?.version ?? 0
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
