import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  limit: text('<count>', 'print at most this many images'),
  ...imageOptions,
  evidence: flag('show the evidence of each field; tables mark inferred (~) and assumed (?)'),
}

export type ListOptions = OptionsOf<typeof options>
