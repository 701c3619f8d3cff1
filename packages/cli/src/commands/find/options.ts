import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { lockedOptions } from '../../options/lock.ts'
import { foundImageOptions } from '../../options/output.ts'
import { cloudOption, selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...usageOptions,
  ...cloudOption,
  newest: flag('pick the newest match (default: available, of kind system, app or image)'),
  first: flag('pick the first match of the listing'),
  all: flag('print all matches'),
  ...lockedOptions,
  ...liveOptions,
  ...foundImageOptions,
}

export type FindImageOptions = OptionsOf<typeof options>
