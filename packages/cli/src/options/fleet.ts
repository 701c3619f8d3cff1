import { text } from '../command-line/option.ts'

/** The option of every command of the fleet. */
export const databaseOption = {
  database: text('<url>', 'use this PostgreSQL database: postgres://… (default: IMAGO_FLEET_DATABASE)'),
}
