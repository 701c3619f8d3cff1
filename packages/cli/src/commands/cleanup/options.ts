import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'

export const options = {
  run: text('<id>', 'select only the resources of this run'),
  yes: flag('skip the confirmation', { short: 'y' }),
  dryRun: flag('show what would be done, and change nothing'),
  ...liveOptions,
  ...rowOptions,
}

export type CleanupOptions = OptionsOf<typeof options>
