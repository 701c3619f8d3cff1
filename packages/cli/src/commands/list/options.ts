import { flag, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { imageOptions } from '../../options/output.ts'
import { selectionOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...liveOptions,
  limit: text('<count>', 'print the first of them only'),
  ...imageOptions,
  evidence: flag('mark how far each field can be relied on'),
}

export type ListOptions = OptionsOf<typeof options>
