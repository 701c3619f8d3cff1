import type { Statements } from '../database/database.ts'
import { ROUND_QUEUE } from '../queue/queue.ts'

/** A time at which inventories are queued, again and again. */
export interface Schedule {
  readonly name: string
  readonly cron: string
  /** The IANA name of the time zone of `cron`. */
  readonly timezone: string
  /** The clouds as they were named; empty: all that the worker has configured. */
  readonly clouds: readonly string[]
}

const SCHEDULES = `
  SELECT key AS name, cron, timezone, data -> 'clouds' AS clouds FROM imago_queue.schedule WHERE name = $1 ORDER BY key`

export const readSchedules = ({ rows }: Statements): Promise<readonly Schedule[]> =>
  rows<Schedule>(SCHEDULES, [ROUND_QUEUE])
