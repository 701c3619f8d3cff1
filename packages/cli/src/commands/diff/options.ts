import { choice, flag, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  all: flag('also print images without differences'),
  matchBy: choice('<key>', 'match images by ID (ref) or by content; default: ref if the sides share images', [
    'ref',
    'content',
  ]),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
}

export type DiffOptions = OptionsOf<typeof options>
