import { flag, list, text, type OptionsOf } from '../../command-line/option.ts'
import { inputOptions } from '../../options/input.ts'
import { liveOptions } from '../../options/live.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  ...selectionOptions,
  ...usageOptions,
  from: list('<file>', 'read saved images instead of clouds; - is standard input'),
  complete: flag('treat the files as complete: mark images that they lack as missing'),
  ...inputOptions,
  usage: flag('store usage and costs, too'),
  evidence: flag('store the evidence of each field, too'),
  raw: flag('store the records of the providers, too'),
  at: text('<time>', 'set the time of the run (default: now)'),
  ...liveOptions,
  showSecrets: flag('include the credentials in URLs'),
  quiet: flag('print only errors', { short: 'q' }),
}

export type ExportOptions = OptionsOf<typeof options>
