import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { LOCK_FILE_NAME } from '../../options/lock.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  keep: text('<policy>', 'keep the newest images, or the newest of each period: newest:3,daily:7,weekly:4'),
  by: text('<group>', 'apply --keep to each group: name, created-from or label:KEY (default: by cloud)'),
  max: text('<count>', 'delete nothing if more than this many images would be deleted'),
  lockFile: text('<file>', `use this lock file, and keep its images (default: ${LOCK_FILE_NAME}, if any)`),
  yes: flag('skip the confirmation', { short: 'y' }),
  dryRun: flag('show what would be done, and change nothing'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type PruneOptions = OptionsOf<typeof options>
