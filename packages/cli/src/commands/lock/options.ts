import { flag, optional, preset, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imagesFileOptions } from '../../options/lock.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'

/** Equal to `HAND_OVER_FORMATS` of the library, which is loaded only when the command runs. A test compares them. */
export const HAND_OVER = ['tfvars', 'pkrvars', 'ansible', 'env'] as const

export const options = {
  ...imagesFileOptions,
  check: optional('[offline]', 'exit with 4 if the lock file is out of date; write nothing; offline: no requests', [
    'offline',
  ]),
  locked: flag('print the pins of the lock file; send no requests, change nothing'),
  dryRun: flag('show what would be done, and change nothing'),
  ...liveOptions,
  ...rowOptions,
  output: preset(format([...ROW_FORMATS, ...HAND_OVER]), 'table'),
}

export type LockOptions = OptionsOf<typeof options>
