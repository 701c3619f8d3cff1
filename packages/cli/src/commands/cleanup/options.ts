import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'

export const options = {
  run: text('<id>', 'only what this run left'),
  yes: flag('do not ask', { short: 'y' }),
  dryRun: flag('list them, and delete nothing'),
  ...liveOptions,
  ...rowOptions,
}

export type CleanupOptions = OptionsOf<typeof options>
