import { text, type OptionsOf } from '../../command-line/option.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = {
  provider: text('<name>', 'only this provider', { completes: 'providers' }),
  ...documentedRowOptions,
}

export type FieldsOptions = OptionsOf<typeof options>
