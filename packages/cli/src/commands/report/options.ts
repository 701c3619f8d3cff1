import { choice, flag, preset, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'
import { selectionOptions, usageOptions } from '../../options/selection.ts'

export const options = {
  output: preset(
    text('<file>', 'write the report to this file; - is standard output', { short: 'o' }),
    'imago-report.html',
  ),
  from: text('<file>', 'read saved images instead of clouds: a file, or a store such as inventory.db@2026-11-01'),
  since: text('<file>', 'show what changed since these images were saved: a file or store'),
  support: preset(
    choice('<level>', 'count support until the end of standard, lts or paid updates', ['standard', 'lts', 'paid']),
    'standard',
  ),
  eolData: text('<file>', 'use these support dates of operating systems (see imago schema support)'),
  evidence: flag('show the evidence of each field'),
  showSecrets: flag('include the credentials in URLs'),
  ...selectionOptions,
  ...usageOptions,
  ...liveOptions,
}

export type ReportOptions = OptionsOf<typeof options>
