import {
  createErrorSite,
  forbidden,
  rejected,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import pg from 'pg'

/** The site of errors of the fleet's database. */
export const FLEET_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'fleet')

/**
 * The classes of SQLSTATE after which the same statement may succeed later: connection, insufficient resources, operator intervention, system error,
 * rollback of a transaction; and locks that were not available. See https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const TEMPORARY = /^(?:08|53|57|58|40|55P03)/

/** Errors of Node's sockets and name resolution: `ECONNREFUSED`, `ENOTFOUND`, … */
const NETWORK = /^E(?!RR_)[A-Z_]+$/

/** node-postgres reports a lost connection as an error without code. */
const LOST = /connection terminated|connection ended|client has encountered a connection error|timeout/i

/** An error of the database as a value; `null`: it is a bug. */
export const toDatabaseError = (thrown: unknown): ImageError | null => {
  if (!(thrown instanceof Error)) return null
  const code = (thrown as { readonly code?: unknown }).code
  const what = `the database of the fleet: ${thrown.message}`
  if (thrown instanceof pg.DatabaseError) {
    const state = thrown.code ?? ''
    if (TEMPORARY.test(state)) return unavailable(FLEET_SITE, { what })
    if (state.startsWith('28'))
      return unauthorized(FLEET_SITE, { what, hint: 'Check user and password of the database' })
    if (state === '42501')
      return forbidden(FLEET_SITE, { what, reason: state, hint: 'Use a user that owns the schemas of the fleet' })
    return rejected(FLEET_SITE, { what })
  }
  if (typeof code === 'string' && NETWORK.test(code))
    return unavailable(FLEET_SITE, { what: thrown.message === '' ? `${what}${code}` : what })
  return LOST.test(thrown.message) ? unavailable(FLEET_SITE, { what }) : null
}
