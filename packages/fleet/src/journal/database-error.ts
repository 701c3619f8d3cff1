import {
  conflict,
  createErrorSite,
  quotaExceeded,
  rejected,
  unauthorized,
  unavailable,
  type ErrorSite,
  type ImageError,
} from '@imago/core'

export const FLEET_SITE: ErrorSite = createErrorSite({ provider: 'imago', cloud: null }, 'transfer')

const readCode = (thrown: unknown): string => {
  const code: unknown = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return typeof code === 'string' ? code : ''
}

const readReason = (thrown: unknown): string => {
  // For a host with several addresses, Node returns an error without a message, which contains the errors of all addresses.
  if (thrown instanceof AggregateError) return readReason(thrown.errors[0])
  return (thrown instanceof Error ? thrown.message : String(thrown)).split('\n', 1)[0] ?? ''
}

/** SQLSTATE, five characters, the first two of which are its class. */
const SQLSTATE = /^[0-9A-Z]{5}$/

/** Converts an exception of pg to an error. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const toDatabaseError = (title: string, thrown: unknown): ImageError => {
  const code = readCode(thrown)
  const what = `the database ${title} failed: ${readReason(thrown)}`
  const hint = 'Check that it is running and reachable, then resume'
  // Errors of the network and of pg itself have no SQLSTATE.
  if (!SQLSTATE.test(code)) return unavailable(FLEET_SITE, { what, hint })
  switch (code.slice(0, 2)) {
    case '28':
      return unauthorized(FLEET_SITE, { what, hint: 'Check the user and password of the database' })
    case '40':
      return conflict(FLEET_SITE, { what, hint: 'Retry' })
    case '08':
    case '57':
    case '58':
      return unavailable(FLEET_SITE, { what, hint })
    case '53':
      return code === '53100'
        ? quotaExceeded(FLEET_SITE, { what, hint: 'Free some space on the disk of the database, then resume' })
        : unavailable(FLEET_SITE, { what, hint })
    default:
      return rejected(FLEET_SITE, {
        what: `${what} (${code})`,
        hint: 'Check the database and the permissions of its user',
      })
  }
}
