import { runPsql } from '@imago/lab'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createPlan } from '../../../transfer/test/journal/journal-store-suite.ts'
import { toDatabaseError } from '../../src/database/database-error.ts'
import { migrate, MIGRATIONS } from '../../src/database/migrate.ts'
import { setUpDatabases } from '../databases.ts'

const { create: createDatabase, openJournals: open, openPool: createPool } = setUpDatabases()

const OPTIONS = { now: () => '2026-01-01T00:00:00Z' }

const readVersions = (url: string): string => runPsql(url, 'SELECT version FROM imago_fleet.migration ORDER BY 1')

/** What workers of a released version run: these never change. */
const STATEMENTS = {
  create: `INSERT INTO imago_fleet.run (id, plan, state, epoch, owner, held_until) VALUES ('r', '{}', 'open', 1, 'me', now() + interval '1 minute')`,
  append: `WITH held AS (SELECT id FROM imago_fleet.run WHERE id = 'r' AND epoch = 1 AND owner = 'me' FOR UPDATE),
    written AS (INSERT INTO imago_fleet.entry (run, n, epoch, body) SELECT id, 1, 1, '{}' FROM held)
    UPDATE imago_fleet.run AS run SET held_until = now(), state = 'open', updated_at = now() FROM held WHERE run.id = held.id`,
  take: `UPDATE imago_fleet.run SET epoch = epoch + 1, owner = 'you', held_until = NULL, updated_at = now() WHERE id = 'r'`,
  delete: `DELETE FROM imago_fleet.run WHERE id = 'r'`,
  submit: `INSERT INTO imago_fleet.transfer (run, plan, settings, title, source_cloud, target_cloud, bytes)
    VALUES ('00000000-0000-4000-8000-000000000001', '{}', '{}', 'one to other', 'hetzner/lab', 'openstack/prod', 7)`,
  register: `INSERT INTO imago_fleet.worker (worker, host, process, version, jobs)
    VALUES ('00000000-0000-4000-8000-000000000002', 'host', 1, '0.1.0', 4)`,
  begin: `UPDATE imago_fleet.transfer SET state = 'running', attempt = attempt + 1, worker = '00000000-0000-4000-8000-000000000002',
    started_at = now(), heartbeat_at = now() WHERE state = 'queued'`,
  settle: `UPDATE imago_fleet.transfer SET state = 'done', outcome = '{}', finished_at = now() WHERE attempt = 1`,
} as const

/** What the layout before the common table of versions has besides the tables of journals. */
const EARLIER_QUEUE = `
  ${MIGRATIONS[1]};
  CREATE TABLE imago_fleet.queue_version (version integer NOT NULL);
  INSERT INTO imago_fleet.queue_version VALUES (1)`

describe('migrate', () => {
  const NEXT = [...MIGRATIONS, `ALTER TABLE imago_fleet.run ADD COLUMN note text`]

  it('is run once by several workers that start at a time', async () => {
    const url = createDatabase()
    await Promise.all(Array.from({ length: 6 }, () => open(url)))
    expect(readVersions(url)).toBe('1\n2')
  })

  it('adds a later step while a worker of the version before runs', async () => {
    const url = createDatabase()
    const journals = await open(url)
    const plan = createPlan()
    const lease = await journals.take(plan, OPTIONS)
    await migrate(createPool(url), NEXT)
    expect(readVersions(url)).toBe('1\n2\n3')
    if (E.isLeft(lease)) throw new Error(lease.left.what)
    expect(await lease.right.append({ entry: 'step', step: 'verify' })).toMatchObject({ _tag: 'Right' })
    await lease.right.release()
    // A worker of the version before also starts.
    const earlier = await open(url)
    expect(await earlier.take(createPlan(), OPTIONS)).toMatchObject({ right: { epoch: 1 } })
    expect(readVersions(url)).toBe('1\n2\n3')
  })

  it('keeps the statements of released versions working', async () => {
    const pool = createPool(createDatabase())
    await migrate(pool)
    for (const statement of Object.values(STATEMENTS)) expect((await pool.query(statement)).rowCount).toBe(1)
  })

  it('changes nothing if a step fails', async () => {
    const url = createDatabase()
    await expect(migrate(createPool(url), [...MIGRATIONS, 'SELECT nonsense'])).rejects.toThrow('nonsense')
    expect(runPsql(url, "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'imago_fleet'")).toBe('0')
  })

  it('takes over a database of the layout with two tables of versions, with its transfers', async () => {
    const url = createDatabase()
    const pool = createPool(url)
    await migrate(pool, MIGRATIONS.slice(0, 1))
    await pool.query(EARLIER_QUEUE)
    await pool.query(STATEMENTS.submit)
    await migrate(pool)
    expect(readVersions(url)).toBe('1\n2')
    expect(runPsql(url, 'SELECT state, title FROM imago_fleet.transfer')).toBe('queued|one to other')
    // Workers of that version look here when they start.
    expect(runPsql(url, 'SELECT version FROM imago_fleet.queue_version')).toBe('1')
  })

  it('leaves the schema of a later version as it is', async () => {
    const url = createDatabase()
    await migrate(createPool(url), NEXT)
    await migrate(createPool(url))
    expect(readVersions(url)).toBe('1\n2\n3')
  })

  it('needs no permission to create a schema if there is nothing to do', async () => {
    const url = new URL(createDatabase())
    await migrate(createPool(url.href))
    runPsql(
      url.href,
      `CREATE USER limited PASSWORD 'limited'; GRANT USAGE ON SCHEMA imago_fleet TO limited;
      GRANT SELECT ON ALL TABLES IN SCHEMA imago_fleet TO limited`,
    )
    url.username = 'limited'
    url.password = 'limited'
    const pool = createPool(url.href)
    await migrate(pool)
    await expect(migrate(pool, NEXT)).rejects.toThrow('must be owner of table run')
  })

  it('fails with Unavailable instead of blocking the workers behind a table in use', async () => {
    const url = createDatabase()
    await migrate(createPool(url))
    const busy = await createPool(url).connect()
    await busy.query('BEGIN')
    await busy.query('LOCK TABLE imago_fleet.run IN ROW EXCLUSIVE MODE')
    const failed = await migrate(createPool(url), NEXT).catch((thrown: unknown) => thrown)
    expect(toDatabaseError('postgres://…', failed)).toMatchObject({ _tag: 'Unavailable' })
    await busy.query('COMMIT')
    busy.release()
    await migrate(createPool(url), NEXT)
    expect(readVersions(url)).toBe('1\n2\n3')
  })
})
