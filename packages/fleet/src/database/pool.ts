import pg from 'pg'

/**
 * Begins a transaction that the server rolls back when its client has sent nothing for 10 s. A paused or unreachable process would otherwise keep its locks, and
 * block all other workers, for as long as its connection seems to be open.
 */
export const BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'"

/** Creates a pool of connections to the database at a `postgres://` URL. Connects when the first statement runs. */
export const createPool = (url: string, options: Pick<pg.PoolConfig, 'max'> = {}): pg.Pool => {
  const pool = new pg.Pool({
    ...options,
    connectionString: url,
    application_name: 'imago fleet',
    connectionTimeoutMillis: 10_000,
    // A server that no longer answers, such as one behind a broken network, would otherwise block a worker.
    query_timeout: 30_000,
    keepAlive: true,
  })
  // An idle connection that breaks is replaced at its next use.
  pool.on('error', () => undefined)
  // One that breaks during a transaction also fails its statement. The pool does not listen meanwhile, and an event without a listener would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return pool
}
