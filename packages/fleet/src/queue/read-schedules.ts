import type { Statements } from '../database/database.ts'
import { ROUND_QUEUE, type Schedule } from './queue.ts'

const SCHEDULES = `
  SELECT key AS name, cron, timezone, data -> 'clouds' AS clouds FROM imago_queue.schedule WHERE name = $1 ORDER BY key`

/** Reads the schedules from the table of pg-boss, so that it can be done in a transaction with other statements. */
export const readSchedules = ({ rows }: Statements): Promise<readonly Schedule[]> =>
  rows<Schedule>(SCHEDULES, [ROUND_QUEUE])
