import { formatInstant } from '@imago/core'
import type { LiveContext } from '../live.ts'

/** The current time of the command's clock, RFC 3339 in whole seconds. */
export const isoNow = ({ timing }: Pick<LiveContext, 'timing'>): string => formatInstant(timing.clock())
