import { flag, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { rowOptions } from '../../../options/output.ts'

export const options = {
  all: flag('cancel all transfers that are queued or running'),
  ...databaseOption,
  ...rowOptions,
}

export type CancelOptions = OptionsOf<typeof options>
