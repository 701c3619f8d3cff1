import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'

export const options = {
  ...archOption,
  ...liveOptions,
  ...imageOptions,
  evidence: flag('mark how far each field can be relied on'),
}

export type ShowOptions = OptionsOf<typeof options>
