import { choice, flag, preset, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { format, ROW_FORMATS, rowOptions } from '../../options/output.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  within: text('<time>', 'list only images that expire within this time: 30d, 6mo, 1y (default: no limit)'),
  usage: flag('add the USED BY column'),
  support: preset(
    choice('<updates>', 'count an operating system as supported until these updates end', ['standard', 'lts', 'paid']),
    'standard',
  ),
  eolData: text('<file>', 'read the end dates of support from this file (format: imago schema support)'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
  ...rowOptions,
  output: preset(format([...ROW_FORMATS, 'ics']), 'table'),
}

export type ExpiringOptions = OptionsOf<typeof options>
