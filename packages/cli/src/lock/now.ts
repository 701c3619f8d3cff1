import type { LiveContext } from '../live.ts'

/** The current time of the command's clock, RFC 3339 in whole seconds. */
export const isoNow = ({ timing }: Pick<LiveContext, 'timing'>): string =>
  new Date(Math.floor(timing.clock() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
