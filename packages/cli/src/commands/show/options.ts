import { flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { lockedOptions } from '../../options/lock.ts'
import { imageOptions } from '../../options/output.ts'
import { archOption } from '../../options/selection.ts'

export const options = {
  ...archOption,
  ...lockedOptions,
  ...liveOptions,
  ...imageOptions,
  evidence: flag('show the evidence of each field; tables mark inferred (~) and assumed (?)'),
}

export type ShowOptions = OptionsOf<typeof options>
