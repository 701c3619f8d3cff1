import { flag, list, text, type OptionsOf } from '../../command-line/option.ts'
import { liveOptions } from '../../options/live.ts'

export const options = {
  rawField: list('<key=value>', 'of the query, or of the JSON body where the method has one (repeatable)', {
    short: 'f',
  }),
  field: list(
    '<key=value>',
    'the same with a type: true, false, null, a whole number, or @file for what a file holds (repeatable)',
    { short: 'F' },
  ),
  input: text('<file>', 'the body; - is standard input'),
  header: list('<name:value>', 'a header (repeatable)', { short: 'H' }),
  service: text(
    '<name>',
    'service to ask, of a cloud with several: image, compute or identity of OpenStack (default: image)',
    { completes: 'services' },
  ),
  include: flag('print the status and the headers of the answer too', { short: 'i' }),
  dryRun: flag('print the request, and send nothing'),
  showSecrets: flag('print URLs with the credentials in them'),
  ...liveOptions,
}

export type ApiOptions = OptionsOf<typeof options>
