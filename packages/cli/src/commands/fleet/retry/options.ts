import { flag, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { rowOptions } from '../../../options/output.ts'

export const options = {
  all: flag('retry all transfers that failed or were cancelled'),
  ...databaseOption,
  ...rowOptions,
}

export type RetryOptions = OptionsOf<typeof options>
