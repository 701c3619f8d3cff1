import type { Statements } from '../database/database.ts'
import { ROUND_QUEUE, type Schedule } from '../queue/queue.ts'

const SCHEDULES = `
  SELECT key AS name, cron, timezone, data -> 'clouds' AS clouds FROM imago_queue.schedule WHERE name = $1 ORDER BY key`

export const readSchedules = ({ rows }: Statements): Promise<readonly Schedule[]> =>
  rows<Schedule>(SCHEDULES, [ROUND_QUEUE])
