import { flag, list, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { foundImageOptions } from '../../options/output.ts'
import { selectionOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...liveOptions,
  cloud: list('<name>', 'search this cloud (repeatable; default: all)', { completes: 'clouds' }),
  newest: flag('of several, the newest available one of kind system, app or image, unless --kind or --status is given'),
  first: flag('of several, the first of the listing'),
  all: flag('all that match'),
  ...foundImageOptions,
}

export type FindImageOptions = OptionsOf<typeof options>
