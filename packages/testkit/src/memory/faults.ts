import { setTimeout } from 'node:timers/promises'
import {
  ABORTED,
  aborted,
  decodeFailed,
  forbidden,
  notFound,
  raceAbort,
  rateLimited,
  rejected,
  unauthorized,
  unavailable,
  type AbortSignalLike,
  type Drift,
  type ErrorSite,
  type ImageError,
  type Page,
} from '@imago/core/provider'
import type { ServerFault, FaultPort } from '../fault-port.ts'

/** The faults of a cloud in memory: the suite sets them, and they affect every source of a cloud with this option. */
export interface MemoryFaults extends FaultPort {
  /** Counts a request, and returns the fault that applies to it. */
  readonly meet: () => ServerFault | null
}

/**
 * Creates the server faults of a cloud in memory.
 *
 * @example createMemoryCloud({ images, faults: createMemoryFaults() })
 */
export const createMemoryFaults = (): MemoryFaults => {
  let standing: ServerFault | null = null
  let count = 0
  return {
    set: (fault) => void (standing = fault),
    requests: () => count,
    meet: () => {
      count++
      return standing
    },
  }
}

const errorOfStatus = (site: ErrorSite, status: number, retryAfterS: number | undefined): ImageError => {
  const what = `simulated: ${status}`
  switch (status) {
    case 401:
      return unauthorized(site, { what })
    case 403:
      return forbidden(site, { what, reason: 'forbidden' })
    case 404:
      return notFound(site, { what })
    case 429:
      return rateLimited(site, { what, retryAfterMs: retryAfterS === undefined ? null : retryAfterS * 1000 })
    default:
      return status >= 500 ? unavailable(site, { what }) : rejected(site, { what })
  }
}

/** Returns the error that `fault` causes; `null`: the request continues. */
export const failureBy = async (
  fault: ServerFault,
  site: ErrorSite,
  signal: AbortSignalLike | undefined,
): Promise<ImageError | null> => {
  switch (fault.kind) {
    case 'status':
      return errorOfStatus(site, fault.status, fault.retryAfterS)
    case 'cut':
      return unavailable(site, { what: 'simulated: the connection broke' })
    case 'garbled':
      return decodeFailed(site, { what: 'simulated: no JSON', issues: [] })
    case 'slow':
      return (await raceAbort(setTimeout(fault.ms), signal)) === ABORTED ? aborted(site) : null
    case 'silent':
      await raceAbort(new Promise(() => undefined), signal)
      return aborted(site)
    case 'odd-records':
      return null
  }
}

/** Adds odd records to a page. */
export const withOddRecords = (page: Page, provider: string): Page => {
  const unread = {
    provider,
    pointer: `/images/${page.items.length}`,
    issues: [{ pointer: `/images/${page.items.length}/id`, expected: 'string', got: 'nothing' }],
    raw: {},
  }
  const drift = page.items.slice(0, 1).map(({ ref }): Drift => ({
    kind: 'unknown-key',
    got: 'boolean',
    path: '/simulated',
    pointer: '/images/0/simulated',
    provider,
    id: ref.id,
  }))
  return { ...page, rejected: [...page.rejected, unread], drift: [...page.drift, ...drift] }
}
