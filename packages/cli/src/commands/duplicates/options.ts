import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  read: flag('download the images and compare their raw disks'),
  yes: flag('skip the confirmation', { short: 'y' }),
  dryRun: flag('show what would be done, and change nothing'),
  spool: text('<directory>', 'stage image data in this directory'),
  spoolLimit: text('<size>', 'limit the staged data to this size: 100GiB'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type DuplicatesOptions = OptionsOf<typeof options>
