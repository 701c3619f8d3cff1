import { isNativeError } from 'node:util/types'
import {
  createErrorSite,
  forbidden,
  quotaExceeded,
  rejected,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core'

/** The site of errors of the fleet's database. */
export const FLEET_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'fleet')

/** SQLSTATE, five characters, the first two of which are its class. No class starts like the errors of Node: `EPIPE` is none. */
const SQLSTATE = /^[0-9FHPX][0-9A-Z]{4}$/

/**
 * The states after which the same statement may succeed later: connection, insufficient resources, operator intervention, system error, rollback of a
 * transaction; transactions that did nothing for too long; and locks that were not available. See https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const TEMPORARY = /^(?:08|40|53|57|58|25P03|55P03)/

/** Errors of Node's sockets and name resolution: `ECONNREFUSED`, `ENOTFOUND`, … */
const NETWORK = /^E(?!RR_)[A-Z_]+$/

/** node-postgres reports a lost connection as an error without code. */
const LOST = /connection terminated|connection ended|client has encountered a connection error|timeout/i

/** node-postgres reports a password that it needs and was not given like this. */
const PASSWORD = /^SASL: /

const readCode = (thrown: Error): string => {
  const { code } = thrown as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}

const readReason = (thrown: Error): string => {
  // For a host with several addresses, Node returns an error without a message, which contains the errors of all addresses.
  const [first]: readonly unknown[] = 'errors' in thrown && Array.isArray(thrown.errors) ? thrown.errors : []
  return (isNativeError(first) ? first : thrown).message.split('\n', 1)[0] ?? ''
}

const CHECK_SERVER = 'Check that it is running and reachable, then retry'
const CHECK_USER = 'Check the user and password of the database'

/** Converts an exception to an error of the database that `title` names without secrets. `null`: it is a bug. */
export const toDatabaseError = (title: string, thrown: unknown): ImageError | null => {
  if (!isNativeError(thrown)) return null
  const code = readCode(thrown)
  const what = `the database ${title} failed: ${readReason(thrown)}`
  if (!SQLSTATE.test(code)) {
    if (PASSWORD.test(thrown.message)) return unauthorized(FLEET_SITE, { what, hint: CHECK_USER })
    return NETWORK.test(code) || LOST.test(thrown.message)
      ? unavailable(FLEET_SITE, { what, hint: CHECK_SERVER })
      : null
  }
  // A full disk does not become empty by itself.
  if (code === '53100')
    return quotaExceeded(FLEET_SITE, { what, hint: 'Free some space on the disk of the database, then retry' })
  if (TEMPORARY.test(code)) return unavailable(FLEET_SITE, { what, hint: CHECK_SERVER })
  if (code.startsWith('28')) return unauthorized(FLEET_SITE, { what, hint: CHECK_USER })
  if (code === '42501')
    return forbidden(FLEET_SITE, { what, reason: code, hint: 'Use a user that owns the schemas of the fleet' })
  return rejected(FLEET_SITE, {
    what: `${what} (${code})`,
    hint: 'Check the database and the permissions of its user',
  })
}
