import { refuse } from './refusal.ts'

export const MINIMUM = '2.1'
export const MAXIMUM = '2.95'

const parseMinor = (version: string): number => Number(version.split('.')[1])

/** Parses the requested minor version: `OpenStack-API-Version: compute 2.45`, or the older header with the number alone. */
export const parseMicroversion = (current: string | undefined, legacy: string | undefined): number => {
  const wanted = /(?:^|,)\s*compute\s+([\w.]+)/i.exec(current ?? '')?.[1] ?? legacy?.trim() ?? MINIMUM
  if (wanted === 'latest') return parseMinor(MAXIMUM)
  if (!/^\d+\.\d+$/.test(wanted))
    throw refuse(400, `API Version String ${wanted} is of invalid format. Must be of format MajorNum.MinorNum.`)
  if (
    !wanted.startsWith('2.') ||
    parseMinor(wanted) < parseMinor(MINIMUM) ||
    parseMinor(wanted) > parseMinor(MAXIMUM)
  ) {
    throw refuse(406, `Version ${wanted} is not supported by the API. Minimum is ${MINIMUM} and maximum is ${MAXIMUM}.`)
  }
  return parseMinor(wanted)
}
