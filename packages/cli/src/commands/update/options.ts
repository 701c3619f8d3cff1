import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imagesFileOptions } from '../../options/lock.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = {
  ...imagesFileOptions,
  dryRun: flag('show what would be done, and change nothing'),
  ...liveOptions,
  ...documentedRowOptions,
}

export type UpdateOptions = OptionsOf<typeof options>
