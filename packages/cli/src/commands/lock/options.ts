import { flag, optional, preset, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { wishFileOptions } from '../../options/lock.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'

/** As `HAND_OVER_FORMATS` of the library, which is loaded when the command runs; a test compares them. */
export const HAND_OVER = ['tfvars', 'pkrvars', 'ansible', 'env'] as const

export const options = {
  ...wishFileOptions,
  check: optional('[how]', 'write nothing; exit with 4 if the lock file is out of date (offline: ask no cloud)', [
    'offline',
  ]),
  locked: flag('print the pins of the lock file; ask no cloud, write nothing'),
  dryRun: flag('show what would change, and write nothing'),
  ...liveOptions,
  ...rowOptions,
  output: preset(format([...ROW_FORMATS, ...HAND_OVER]), 'table'),
}

export type LockOptions = OptionsOf<typeof options>
