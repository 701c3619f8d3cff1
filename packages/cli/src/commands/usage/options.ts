import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions } from '../../options/selection.ts'

export const options = {
  used: flag('list only images that are used'),
  unused: flag('list only images that are known to be unused'),
  ...selectionOptions,
  ...liveOptions,
  ...rowOptions,
}

export type UsageOptions = OptionsOf<typeof options>
