import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { changedImagesOptions } from '../../options/selection.ts'
import { dryRunOption } from '../../options/writing.ts'

export const options = {
  yes: flag('skip the confirmation', { short: 'y' }),
  ...changedImagesOptions,
  ...dryRunOption,
  ...liveOptions,
  ...imageOptions,
}

export type DeleteOptions = OptionsOf<typeof options>
