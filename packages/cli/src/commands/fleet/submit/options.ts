import { text, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'
import { liveOptions } from '../../../options/live.ts'
import { rowOptions } from '../../../options/output.ts'
import { planningOptions, runOptions } from '../../../options/transfer.ts'

const { accept, keepFailed, yes, dryRun } = runOptions

export const options = {
  ...planningOptions,
  transfers: text('<file>', 'read the transfers from a file: CSV, NDJSON or plans; - is standard input'),
  accept,
  keepFailed,
  yes,
  dryRun,
  ...databaseOption,
  ...liveOptions,
  ...rowOptions,
}

export type SubmitOptions = OptionsOf<typeof options>
