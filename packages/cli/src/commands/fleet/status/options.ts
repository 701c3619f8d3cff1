import { choices, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { rowOptions } from '../../../options/output.ts'

export const options = {
  state: choices('<state>', 'list the transfers in this state (default: running, failed) (repeatable)', [
    'queued',
    'running',
    'done',
    'failed',
    'cancelled',
  ]),
  ...databaseOption,
  ...rowOptions,
}

export type StatusOptions = OptionsOf<typeof options>
