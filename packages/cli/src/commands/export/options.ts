import { flag, list, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { liveOptions } from '../../options/live.ts'
import { selectionOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  from: list('<file>', 'read saved images instead of clouds; - is standard input'),
  complete: flag('the files have all images of their clouds: mark others as missing'),
  ...inputOptions,
  usage: flag('also store what uses the images, and what storing them costs'),
  evidence: flag('also store how far each field can be relied on'),
  raw: flag('also store the records of the providers'),
  at: text('<time>', 'time of the run (default: now)'),
  ...liveOptions,
  showSecrets: flag('store URLs with the credentials in them'),
  quiet: flag('print nothing but errors', { short: 'q' }),
}

export type ExportOptions = OptionsOf<typeof options>
