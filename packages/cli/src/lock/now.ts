import type { LiveContext } from '../live.ts'

/** The time of the command's clock, as an instant in whole seconds. */
export const isoNow = ({ timing }: Pick<LiveContext, 'timing'>): string =>
  new Date(Math.floor(timing.clock() / 1000) * 1000).toISOString().replace('.000Z', 'Z')
