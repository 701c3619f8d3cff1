import { choice, flag, preset, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  output: preset(
    text('<file>', 'write the report to this file; - is standard output', { short: 'o' }),
    'imago-report.html',
  ),
  from: text('<file>', 'read a file of saved images, or an exported database, instead of clouds'),
  since: text('<file>', 'show what changed since these images were saved: a file or an exported database'),
  support: preset(
    choice('<updates>', 'count an operating system as supported until these updates end', ['standard', 'lts', 'paid']),
    'standard',
  ),
  eolData: text('<file>', 'read the end dates of support from this file (format: imago schema support)'),
  evidence: flag('show the evidence of each field'),
  showSecrets: flag('include the credentials in URLs'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
}

export type ReportOptions = OptionsOf<typeof options>
