import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions } from '../../options/selection.ts'

export const options = {
  keep: text('<policy>', 'keep the newest images, or the newest of each period: newest:3,daily:7,weekly:4,monthly:12'),
  by: text('<group>', 'apply --keep to each group: name, created-from or label:KEY (default: each cloud)'),
  max: text('<count>', 'delete nothing if more images than this would be deleted'),
  yes: flag('do not ask', { short: 'y' }),
  dryRun: flag('print what would be deleted, and delete nothing'),
  ...selectionOptions,
  ...liveOptions,
  ...rowOptions,
}

export type PruneOptions = OptionsOf<typeof options>
