import type { OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { connectionOptions } from '../../../options/live.ts'

export const options = { ...databaseOption, ...connectionOptions }

export type InventoryCommandOptions = OptionsOf<typeof options>
