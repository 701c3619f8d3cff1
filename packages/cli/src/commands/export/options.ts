import { flag, list, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { liveOptions } from '../../options/live.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...usageOptions,
  from: list('<file>', 'read saved images instead of clouds; - is standard input'),
  complete: flag('treat the files of --from as complete: mark other images as missing'),
  ...inputOptions,
  usage: flag('also store usage and costs'),
  evidence: flag('also store the evidence of each field'),
  raw: flag('also store the original records of the providers'),
  at: text('<time>', 'set the time that the images were read at (default: now)'),
  ...liveOptions,
  showSecrets: flag('include the credentials in URLs'),
  quiet: flag('print only errors', { short: 'q' }),
}

export type ExportOptions = OptionsOf<typeof options>
