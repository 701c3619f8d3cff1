import { choice, type OptionsOf } from '../../command-line/option.ts'
import { PROVIDERS } from '../../options/input.ts'
import { documentedRowOptions } from '../../options/output.ts'

export const options = { provider: choice('<name>', 'only this provider', PROVIDERS), ...documentedRowOptions }

export type FieldsOptions = OptionsOf<typeof options>
