import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { LOCK_FILE_NAME } from '../../options/lock.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  keep: text(
    '<policy>',
    'keep the newest images, or the newest image of each period: newest:3,daily:7,weekly:4,monthly:12',
  ),
  by: text(
    '<group>',
    'group images by name, created-from or label:KEY, and apply --keep to each group (default: by cloud)',
  ),
  max: text('<count>', 'delete nothing if more than this many images would be deleted'),
  lockFile: text(
    '<file>',
    `use this lock file, and keep the images that it pins (default: ${LOCK_FILE_NAME}, if it exists)`,
  ),
  yes: flag('skip the confirmation', { short: 'y' }),
  dryRun: flag('show what would be done, and change nothing'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type PruneOptions = OptionsOf<typeof options>
