import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'

export const options = {
  ...archOption,
  ...liveOptions,
  ...imageOptions,
  evidence: flag('show the evidence of each field; tables mark inferred (~) and assumed (?)'),
}

export type ShowOptions = OptionsOf<typeof options>
