import { flag, list, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'

export const options = {
  rawField: list('<key=value>', 'add a text field to the query or the JSON body (repeatable)', { short: 'f' }),
  field: list(
    '<key=value>',
    'add a typed field: true, false, null, a whole number, or @file for its content (repeatable)',
    { short: 'F' },
  ),
  input: text('<file>', 'send this file as the body; - is standard input'),
  header: list('<name:value>', 'add a header (repeatable)', { short: 'H' }),
  service: text('<name>', 'send to this OpenStack service: image, compute, identity (default: image)', {
    completes: 'services',
  }),
  include: flag('also print the status and headers of the response', { short: 'i' }),
  dryRun: flag('show what would be done, and change nothing'),
  showSecrets: flag('include the credentials in URLs'),
  ...liveOptions,
}

export type ApiOptions = OptionsOf<typeof options>
