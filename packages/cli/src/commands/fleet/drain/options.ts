import type { OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { waitOptions } from '../../../options/writing.ts'

export const options = { ...waitOptions, ...databaseOption }

export type DrainOptions = OptionsOf<typeof options>
