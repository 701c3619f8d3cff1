import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../postgres.sh', import.meta.url))

/** A PostgreSQL server for a test. */
export interface LabPostgres {
  /** Contains the password. */
  readonly url: string
  readonly password: string
  /** Stops the server and deletes its data. */
  readonly stop: () => Promise<void>
}

/** Starts a PostgreSQL server from Debian's package on loopback. */
export const startPostgres = async (): Promise<LabPostgres> => {
  const state = join(tmpdir(), `imago-postgres-${randomUUID()}`)
  const { stdout } = await run(script, ['up', state])
  const url = stdout.trim()
  return { url, password: new URL(url).password, stop: async () => void (await run(script, ['down', state])) }
}

/** Runs a statement with PostgreSQL's own client, in UTC. Returns its rows as lines, their columns separated by `|`. */
export const runPsql = (url: string, sql: string): string =>
  execFileSync('psql', ['--no-psqlrc', '--tuples-only', '--no-align', '--command', sql, url], {
    encoding: 'utf8',
    env: { ...process.env, PGTZ: 'UTC' },
  }).trim()
