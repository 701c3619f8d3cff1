import { choice, flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  all: flag('also print images without differences'),
  matchBy: choice(
    '<key>',
    'match images by ref (the same cloud and ID) or by content (across clouds); default: ref if both sides share an image',
    ['ref', 'content'],
  ),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type DiffOptions = OptionsOf<typeof options>
