import { choice, flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  all: flag('print images without differences, too'),
  matchBy: choice(
    '<how>',
    'match images by ref (the same image, over time) or content (across clouds; default: ref if the sides share an image)',
    ['ref', 'content'],
  ),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type DiffOptions = OptionsOf<typeof options>
