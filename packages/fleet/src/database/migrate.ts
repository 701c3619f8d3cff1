import type { Statements } from './database.ts'

/**
 * The versions of the schema `imago_fleet`, each as the statements that lead to it from the one before. A version that was released never changes. Workers
 * of the version before run beside a newer one: a new version only adds.
 */
const VERSIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE imago_fleet.transfer (
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
    )`,
    'CREATE INDEX transfer_state ON imago_fleet.transfer (state)',
    'CREATE INDEX transfer_finished ON imago_fleet.transfer (finished_at)',
    `CREATE TABLE imago_fleet.worker (
      worker uuid PRIMARY KEY,
      host text NOT NULL,
      process integer NOT NULL,
      version text NOT NULL,
      jobs integer NOT NULL,
      is_draining boolean NOT NULL DEFAULT false,
      started_at timestamptz NOT NULL DEFAULT now(),
      heartbeat_at timestamptz NOT NULL DEFAULT now()
    )`,
  ],
]

/** Brings the tables of the fleet to this version, in the transaction, beside those of the journals. Does nothing if it has it, or a newer one. */
export const migrate = async ({ rows }: Statements): Promise<void> => {
  await rows("SELECT pg_advisory_xact_lock(hashtext('imago_fleet'))")
  const found = await rows(
    "SELECT FROM information_schema.tables WHERE table_schema = 'imago_fleet' AND table_name = 'queue_version'",
  )
  if (found.length === 0) {
    await rows('CREATE SCHEMA IF NOT EXISTS imago_fleet')
    await rows('CREATE TABLE imago_fleet.queue_version (version integer NOT NULL)')
    await rows('INSERT INTO imago_fleet.queue_version VALUES (0)')
  }
  const [{ version } = { version: 0 }] = await rows<{ version: number }>(
    'SELECT version FROM imago_fleet.queue_version',
  )
  for (const statement of VERSIONS.slice(version).flat()) await rows(statement)
  if (version < VERSIONS.length) await rows('UPDATE imago_fleet.queue_version SET version = $1', [VERSIONS.length])
}
