import { text, type OptionsOf } from '../../command-line/option.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = {
  provider: text('<name>', 'list the fields of this provider only', { completes: 'providers' }),
  ...documentedRowOptions,
}

export type FieldsOptions = OptionsOf<typeof options>
